import Synchronization

/// What was last saved of a running download, changed from the threads of that download.
final class SavedPartial: Sendable {
    private let partial: Mutex<PartialDownload>

    init(_ partial: PartialDownload) { self.partial = Mutex(partial) }

    var value: PartialDownload { partial.withLock { $0 } }

    /// - Returns: The changed value, to be saved.
    func update(_ change: (inout PartialDownload) -> Void) -> PartialDownload {
        partial.withLock {
            change(&$0)
            return $0
        }
    }
}
