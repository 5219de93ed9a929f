import Synchronization
import SystemIO

/// A second descriptor of the same open file, on its way to the thread that will own it.
final class Lent: Sendable {
    private let descriptor: Mutex<OwnedDescriptor?>

    init(_ original: borrowing OwnedDescriptor) throws(TransferFailure) {
        do { descriptor = Mutex(try original.duplicate()) } catch { throw TransferFailure(.disk(error)) }
    }

    /// Once.
    func take() -> OwnedDescriptor { descriptor.withLock { $0.take() }! }
}
