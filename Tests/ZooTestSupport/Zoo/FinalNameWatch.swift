import Foundation
import ModelInfo
import Synchronization
import SystemPackage

/// Looks at names all the time, from a thread of its own: what is found under one has to be whole and right, whenever that is.
///
/// Each file is read once through one descriptor, and again when its inode, size or times have changed.
public final class FinalNameWatch: Sendable {
    private struct Seen: Hashable {
        let inode: UInt64
        let size: Int64
        let modified: [Int]
        let changed: [Int]
    }

    private struct State {
        var rights: [String: Set<SHA1Digest>]
        var seen: [String: Seen] = [:]
        var looks = 0
        var found: Set<String> = []
        var wrong: [String] = []
        var isStopped = false
    }

    private let state: Mutex<State>
    private let done = DispatchSemaphore(value: 0)

    /// Begins to look.
    /// - Parameter rights: By absolute path, the digests that a file of that name may have.
    public init(_ rights: [FilePath: Set<SHA1Digest>]) {
        state = Mutex(State(rights: Dictionary(uniqueKeysWithValues: rights.map { ($0.key.string, $0.value) })))
        Thread.detachNewThread { [weak self] in
            while let self, !self.state.withLock({ $0.isStopped }) {
                self.look()
                usleep(500)  // no wait: the pause between two looks
            }
            self?.done.signal()
        }
    }

    /// Lets a name have another digest as well, from now on.
    public func allow(_ digest: SHA1Digest, at path: FilePath) {
        _ = state.withLock { $0.rights[path.string, default: []].insert(digest) }
    }

    /// Under how many of the names a file was ever found.
    public var found: Int { state.withLock { $0.found.count } }

    /// Looks a last time, reading everything once more, and stops.
    /// - Returns: What was ever wrong under a name, in words.
    public func finish() -> [String] {
        state.withLock { $0.isStopped = true }
        done.wait()
        state.withLock { $0.seen = [:] }
        look()
        return state.withLock { $0.wrong + ($0.looks > 1 ? [] : ["nobody looked"]) }
    }

    private func look() {
        let rights = state.withLock { state in
            state.looks += 1
            return state.rights
        }
        for (path, digests) in rights { look(at: path, for: digests) }
    }

    private func look(at path: String, for rights: Set<SHA1Digest>) {
        // A pipe is not waited for, and a link is not followed.
        let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        let now = Seen(
            inode: UInt64(status.st_ino), size: Int64(status.st_size), modified: [status.st_mtim.tv_sec, status.st_mtim.tv_nsec],
            changed: [status.st_ctim.tv_sec, status.st_ctim.tv_nsec])
        guard state.withLock({ $0.seen[path] }) != now else { return }
        let digest = try? FileContent.digests(of: FileDescriptor(rawValue: descriptor)).sha1
        state.withLock { state in
            state.seen[path] = now
            state.found.insert(path)
            guard digest.map(rights.contains) != true else { return }
            state.wrong.append("\(path): \(now.size) bytes with sha1 \(digest?.description ?? "?")")
        }
    }
}
