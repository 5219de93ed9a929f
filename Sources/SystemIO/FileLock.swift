import CLinux
import Glibc
import ModelInfo

/// Keeps a second zood off the same state or zoo: an flock(2) that the kernel lets go when the process ends, however it ends.
///
/// Only a guard against a mistake on one machine; on network file systems it need not reach other machines.
public final class FileLock: Sendable {
    /// Why the lock was not got.
    public enum Failure: Error, Equatable, Sendable {
        /// Another process has it; its pid if it wrote one.
        case taken(byProcess: Int?)
        /// The lock file could not be opened or locked.
        case system(SystemError)
    }

    private let file: OwnedDescriptor

    /// Takes the lock. The file stays when the lock is let go.
    ///
    /// A holder that was killed has it until the kernel has taken the process apart: that is waited for, blocking, at most `patience`.
    /// - Parameter name: Of the lock file, made if missing with mode 0600; the holder's pid stands in it.
    public init(_ name: RelativePath, in directory: RootedDirectory, patience: Duration = .seconds(1)) throws(Failure) {
        do {
            file = try directory.open(name, .readWrite, creating: .ifMissing)
        } catch {
            throw .system(error)
        }
        let end = ContinuousClock.now + patience
        var result = file.withRaw { zoo_lock_exclusively($0) }
        while result == -Int(EWOULDBLOCK), ContinuousClock.now < end {
            usleep(20_000)
            result = file.withRaw { zoo_lock_exclusively($0) }
        }
        if result == -Int(EWOULDBLOCK) { throw .taken(byProcess: directory.firstNumber(in: name)) }
        do {
            try SystemError.check(result, "lock", directory.full(name).string)
            try file.truncate(to: 0)
            try file.write(Array("\(getpid())\n".utf8), at: 0)
        } catch {
            throw .system(error)
        }
    }
}

extension RootedDirectory {
    /// The number on the first line of a small file, as in lock files and below /proc/sys; nil when there is none.
    func firstNumber(in name: RelativePath) -> Int? {
        guard let file = try? open(name), let bytes = try? file.read(count: 32, at: 0) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.flatMap { Int($0) }
    }

    /// For a name that stands in our own source.
    func firstNumber(in name: String) -> Int? { (try? RelativePath(name)).flatMap { firstNumber(in: $0) } }
}
