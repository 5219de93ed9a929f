import Foundation
import Synchronization
import SystemPackage

/// What a file host serves right now, and what it will serve later.
final class FileShelf: Sendable {
    private struct State {
        var files: [String: ServedFile] = [:]
        var successors: [(path: String, file: ServedFile, requestsLeft: Int)] = []
        var bytesPerSecond: Int?
        var directory: FilePath?
    }

    private let state = Mutex(State())

    /// Nil: unlimited.
    var bytesPerSecond: Int? { state.withLock { $0.bytesPerSecond } }

    func limit(bytesPerSecond: Int?) {
        state.withLock { $0.bytesPerSecond = bytesPerSecond }
    }

    func put(directory: FilePath) {
        state.withLock { $0.directory = directory }
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
            guard let index = state.successors.firstIndex(where: { $0.path == path }) else {
                return state.files[path] ?? state.directory.flatMap { file(path, in: $0) }
            }
            if state.successors[index].requestsLeft == 0 {
                state.files[path] = state.successors.remove(at: index).file
            } else {
                state.successors[index].requestsLeft -= 1
            }
            return state.files[path]
        }
    }

    /// A regular file below the directory, with its own modification time.
    private func file(_ path: String, in directory: FilePath) -> ServedFile? {
        guard let place = directory.lexicallyResolving(FilePath(path)),
            let attributes = try? FileManager.default.attributesOfItem(atPath: place.string),
            attributes[.type] as? FileAttributeType == .typeRegular
        else { return nil }
        return ServedFile(.file(place), lastModified: attributes[.modificationDate] as? Date)
    }
}
