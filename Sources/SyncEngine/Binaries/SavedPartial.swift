import Synchronization

/// What was last saved of a running download, changed from a worker's thread.
final class SavedPartial: Sendable {
    private let partial: Mutex<PartialDownload>

    init(_ partial: PartialDownload) { self.partial = Mutex(partial) }

    /// - Returns: The changed value, to be saved.
    func update(_ change: (inout PartialDownload) -> Void) -> PartialDownload {
        partial.withLock {
            change(&$0)
            return $0
        }
    }

    /// - Returns: What to save, nil when no more was synced than before.
    func synced(_ byteCount: Int64) -> PartialDownload? {
        partial.withLock {
            guard byteCount > $0.syncedByteCount else { return nil }
            $0.syncedByteCount = byteCount
            return $0
        }
    }
}
