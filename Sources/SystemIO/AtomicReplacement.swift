import Glibc
import ModelInfo

/// Why a file's content was not replaced. In every case but `.system` after the exchange the file is as it was.
public enum ReplacementFailure: Error, Equatable, Sendable {
    /// The file is no longer what it was when it was read: look at it again. Whatever was saved meanwhile is under its name.
    case changedMeanwhile
    /// Owner, group, mode, ACL, an attribute or a second hard link would be lost: why, in words.
    case notKept(String)
    /// A file to be created exists.
    case exists
    /// The system refused.
    case system(SystemError)
}

/// Replaces a file's content in one step, or not at all, without losing what somebody saves in the same moment.
///
/// The new content is staged beside the file under a hidden name, exchanged with it by `renameat2(RENAME_EXCHANGE)`, and what came
/// out is compared with what was read. On a difference the two are exchanged back. Where the file system cannot exchange, the file
/// is compared once more and then replaced by a rename.
public enum AtomicReplacement {
    /// Hidden names that begin so are staged content. One that is left after a crash holds either the new content or what the
    /// person saved last, so keep its bytes as a version before removing it; see ``leftovers(in:)``.
    public static let stagedPrefix = ".zood-edit-"

    /// Replaces what was read by ``RootedDirectory/readFile(_:limit:)`` a moment ago.
    /// - Parameters:
    ///   - name: A regular file with one link.
    ///   - expected: What the new content was made from.
    /// - Returns: The file that is now under `name`, with the owner, group, mode, ACL and attributes of the old one.
    public static func replace(
        _ name: RelativePath, in directory: RootedDirectory, expected: (bytes: [UInt8], identity: FileIdentity), with content: [UInt8]
    ) throws(ReplacementFailure) -> FileIdentity {
        try replace(name, in: directory, expected: expected, with: content, canExchange: true)
    }

    static func replace(
        _ name: RelativePath, in directory: RootedDirectory, expected: (bytes: [UInt8], identity: FileIdentity), with content: [UInt8],
        canExchange: Bool
    ) throws(ReplacementFailure) -> FileIdentity {
        let edit = FileEdit(name: name, staged: stagedName(beside: name), directory: directory, expected: expected)
        guard try edit.isUntouched(name) else { throw .changedMeanwhile }
        guard expected.identity.links == 1 else { throw .notKept("\(name) has \(expected.identity.links) hard links") }
        let new = try edit.stage(content)
        do {
            try edit.swap(to: new, canExchange: canExchange)
            return try edit.finish(new)
        } catch {
            edit.removeStaged(ifStill: new)
            throw error
        }
    }

    /// Creates a file with all of its content at once; never touches one that exists.
    /// - Parameter permissions: Exactly these, whatever the umask. The group and a default ACL come from the directory.
    public static func create(
        _ name: RelativePath, in directory: RootedDirectory, content: [UInt8], permissions: UInt32
    ) throws(ReplacementFailure) -> FileIdentity {
        let staged = stagedName(beside: name)
        do {
            let file = try directory.open(staged, .write, creating: .mustBeNew, permissions: permissions)
            try file.write(content, at: 0)
            try file.sync()
            let identity = try file.status().identity
            CrashPoint.reach("create.staged")
            do {
                try directory.rename(staged, to: name, .refuse)
            } catch  where error.errno == EINVAL {
                // No RENAME_NOREPLACE here; a link refuses an existing name too.
                try directory.link(staged, to: name)
                try directory.remove(staged)
            }
            CrashPoint.reach("create.renamed")
            try directory.sync()
            CrashPoint.reach("create.synced")
            return try directory.status(of: name)?.identity ?? identity
        } catch {
            try? directory.remove(staged)
            throw error.errno == EEXIST ? .exists : .system(error)
        }
    }

    /// Staged content that a crash left in a directory.
    public static func leftovers(in directory: RootedDirectory) throws(SystemError) -> [RelativePath] {
        try directory.entries().entries.filter { $0.kind == .file && $0.name.description.hasPrefix(stagedPrefix) }.map(\.name)
    }

    private static func stagedName(beside name: RelativePath) -> RelativePath {
        // Hex after a fixed prefix is always a safe name.
        guard let hidden = try? RelativePath(stagedPrefix + SystemRandom.hex(byteCount: 8)) else { preconditionFailure() }
        return name.parent?.appending(hidden) ?? hidden
    }
}
