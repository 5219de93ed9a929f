import Synchronization

/// What a file host serves right now, and what it will serve later.
final class FileShelf: Sendable {
    private struct State {
        var files: [String: ServedFile] = [:]
        var successors: [(path: String, file: ServedFile, requestsLeft: Int)] = []
        var bytesPerSecond: Int?
    }

    private let state = Mutex(State())

    /// Nil: unlimited.
    var bytesPerSecond: Int? { state.withLock { $0.bytesPerSecond } }

    func limit(bytesPerSecond: Int?) {
        state.withLock { $0.bytesPerSecond = bytesPerSecond }
    }

    func put(_ file: ServedFile?, at path: String) {
        state.withLock { $0.files[path] = file }
    }

    func putLater(_ file: ServedFile, at path: String, afterRequests count: Int) {
        state.withLock { $0.successors.append((path, file, count)) }
    }

    /// The file for one more request of `path`, successors taken into account.
    func take(_ path: String) -> ServedFile? {
        state.withLock { state in
            guard let index = state.successors.firstIndex(where: { $0.path == path }) else { return state.files[path] }
            if state.successors[index].requestsLeft == 0 {
                state.files[path] = state.successors.remove(at: index).file
            } else {
                state.successors[index].requestsLeft -= 1
            }
            return state.files[path]
        }
    }
}
