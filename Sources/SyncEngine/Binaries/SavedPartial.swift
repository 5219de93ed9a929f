import Synchronization

/// What was last saved of a running download, changed from the threads of that download.
final class SavedPartial: Sendable {
    private let partial: Mutex<PartialDownload>
    private let started = Mutex(false)

    init(_ partial: PartialDownload) { self.partial = Mutex(partial) }

    /// Whether any of its content began to come.
    var hasStarted: Bool { started.withLock { $0 } }

    func noteStart() { started.withLock { $0 = true } }

    var value: PartialDownload { partial.withLock { $0 } }

    /// - Returns: The changed value, to be saved.
    func update(_ change: (inout PartialDownload) -> Void) -> PartialDownload {
        partial.withLock {
            change(&$0)
            return $0
        }
    }
}
