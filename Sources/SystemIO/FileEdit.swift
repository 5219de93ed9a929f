import CLinux
import Glibc
import ModelInfo

/// One replacement of a file's content under way: the steps of ``AtomicReplacement/replace(_:in:expected:with:)``.
struct FileEdit {
    let name: RelativePath
    let staged: RelativePath
    let directory: RootedDirectory
    let expected: (bytes: [UInt8], identity: FileIdentity)

    /// Whether the file under `name` is the inode that was read, with the same bytes, owner and mode, and nobody is writing to it.
    func isUntouched(_ name: RelativePath) throws(ReplacementFailure) -> Bool {
        do {
            let file = try directory.open(name)
            let now = try file.status().identity
            let before = expected.identity
            guard now.device == before.device, now.inode == before.inode, now.size == before.size else { return false }
            guard now.owner == before.owner, now.group == before.group, now.mode == before.mode, now.links == before.links else {
                return false
            }
            // First the writers, then the bytes: once exchanged, nobody can open the old file anew and write after the comparison.
            guard hasNoWriter(file) else { return false }
            return try file.read(count: expected.bytes.count + 1, at: 0) == expected.bytes
        } catch {
            switch error.errno {
            case ENOENT, ELOOP, EINVAL, EISDIR: return false
            default: throw .system(error)
            }
        }
    }

    /// Gives a writer a quarter of a second to finish: a process that is just being started holds a copy of its parent's descriptors, on
    /// a busy machine that long.
    private func hasNoWriter(_ file: borrowing OwnedDescriptor) -> Bool {
        for attempt in 0..<50 {
            if attempt > 0 { usleep(5000) }
            // Other answers than EAGAIN mean that this file system or our rights do not let us ask.
            if file.withRaw({ zoo_expect_no_writer($0) }) != -Int(EAGAIN) { return true }
        }
        return false
    }

    /// Writes the new content under the hidden name, on the disk, looking like the old file.
    func stage(_ content: [UInt8]) throws(ReplacementFailure) -> PinnedFile {
        let original = try system { () throws(SystemError) in try directory.open(name) }
        let file = try system { () throws(SystemError) in try directory.open(staged, .readWrite, creating: .mustBeNew) }
        do throws(ReplacementFailure) {
            try system { () throws(SystemError) in try file.write(content, at: 0) }
            do { try FileMetadata.copy(from: original, to: file) } catch { throw .notKept(error.reason) }
            try system { () throws(SystemError) in try file.sync() }
            CrashPoint.reach("edit.staged")
            return try system { () throws(SystemError) in try PinnedFile(staged, in: directory) }
        } catch {
            try? directory.remove(staged)
            throw error
        }
    }

    /// Brings the staged file under the name, if what it displaces is what was read.
    func swap(to new: borrowing PinnedFile, canExchange: Bool) throws(ReplacementFailure) {
        do throws(SystemError) {
            guard canExchange else { throw SystemError(errno: EINVAL, operation: "exchange", path: "") }
            try directory.rename(staged, to: name, .exchange)
        } catch {
            switch error.errno {
            case EINVAL, ENOSYS, EOPNOTSUPP: return try replaceByRename()
            case ENOENT: throw .changedMeanwhile
            default: throw .system(error)
            }
        }
        CrashPoint.reach("edit.exchanged")
        let comparison: ReplacementFailure?
        do { comparison = try isUntouched(staged) ? nil : .changedMeanwhile } catch { comparison = error }
        CrashPoint.reach("edit.compared")
        guard let comparison else { return }
        try system { () throws(SystemError) in try directory.putBack(staged, to: name, in: directory, insteadOf: new.identity) }
        throw comparison
    }

    private func replaceByRename() throws(ReplacementFailure) {
        guard try isUntouched(name) else { throw .changedMeanwhile }
        try system { () throws(SystemError) in try directory.rename(staged, to: name) }
        CrashPoint.reach("edit.renamed")
    }

    /// Removes the old content, makes the names last, and looks whether the name is the new file.
    func finish(_ new: borrowing PinnedFile) throws(ReplacementFailure) -> FileIdentity {
        let found = try system { () throws(SystemError) in
            do throws(SystemError) { try directory.remove(staged) } catch { guard error.errno == ENOENT else { throw error } }
            CrashPoint.reach("edit.removed")
            try directory.syncParent(of: name)
            CrashPoint.reach("edit.synced")
            return try directory.status(of: name)?.identity
        }
        guard let found, found.isSameFile(as: new.identity) else { throw .changedMeanwhile }
        return found
    }

    /// The hidden name may by now hold what a person saved: only the file that we made is removed.
    func removeStaged(ifStill new: borrowing PinnedFile) {
        guard let (identity, _) = try? directory.status(of: staged), identity.inode == new.identity.inode else { return }
        try? directory.remove(staged)
    }

    private func system<R>(_ body: () throws(SystemError) -> R) throws(ReplacementFailure) -> R where R: ~Copyable {
        do { return try body() } catch { throw .system(error) }
    }
}

/// A file that is held open only so that its inode number names nothing else meanwhile: the kernel gives numbers away again at once.
struct PinnedFile: ~Copyable {
    let identity: FileIdentity
    private let descriptor: OwnedDescriptor

    init(_ name: RelativePath, in directory: RootedDirectory) throws(SystemError) {
        let opened = try directory.openBeneath(name, ZOO_O_PATH | O_NOFOLLOW | O_CLOEXEC)
        identity = try opened.status().identity
        descriptor = opened
    }
}
