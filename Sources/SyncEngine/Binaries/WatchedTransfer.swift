import Glibc
import Synchronization
import SystemIO
import Transfers

/// A transfer that ends when others use up what is to be left free meanwhile.
final class WatchedTransfer: Sendable {
    typealias Progress = @Sendable (Int64, Int64?) -> Void
    private typealias Running = Task<Result<DownloadResult, TransferFailure>, Never>

    private struct State {
        var lack: SystemError?
        var running: Running?
    }

    private let watch: DownloadRoom.Watch
    private let state = Mutex(State())

    init(_ room: DownloadRoom) { watch = DownloadRoom.Watch(room) }

    /// - Throws: What the transfer threw, or the lack of room. What came is in its file.
    func run(
        telling progress: @escaping Progress,
        _ transfer: @escaping @Sendable (@escaping Progress) async throws(TransferFailure) -> DownloadResult
    ) async throws(TransferFailure) -> DownloadResult {
        let running = Running { [self] in
            do throws(TransferFailure) {
                return .success(
                    try await transfer { done, total in
                        progress(done, total)
                        self.look(after: done)
                    })
            } catch { return .failure(error) }
        }
        state.withLock { state in
            state.running = running
            if state.lack != nil { running.cancel() }
        }
        let result = await withTaskCancellationHandler {
            await running.value
        } onCancel: {
            running.cancel()
        }
        state.withLock { $0.running = nil }
        if case .failure = result, let lack = state.withLock({ $0.lack }) { throw TransferFailure(.disk(lack)) }
        return try result.get()
    }

    /// On a worker's thread.
    private func look(after byteCount: Int64) {
        do throws(SystemError) { try watch.check(after: byteCount) } catch {
            guard error.errno == ENOSPC else { return }
            state.withLock { state in
                state.lack = state.lack ?? error
                state.running?.cancel()
            }
        }
    }
}
