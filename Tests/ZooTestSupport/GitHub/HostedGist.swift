import Foundation

/// A gist as the loopback GitHub keeps it, for tests to look into.
public struct HostedGist: Sendable {
    /// 32 hexadecimal digits.
    public let id: String
    /// Login.
    public internal(set) var owner: String
    /// False: secret, readable by whoever knows the id.
    public let isPublic: Bool
    /// Null in JSON when nil.
    public internal(set) var description: String?
    /// Whole seconds.
    public let createdAt: Date
    /// Of the last change of description or files, whole seconds.
    public internal(set) var updatedAt: Date
    /// Oldest first, at least one.
    public internal(set) var revisions: [HostedCommit]
    /// Answered with a 403 and a `block`.
    var isTakenDown = false
    /// Grows with every change of any gist: orders what changed within one second.
    var changeNumber: Int

    /// The newest content by file name.
    public var files: [String: [UInt8]] { revisions.last?.files ?? [:] }
    /// The newest content of a file as text; nil when there is no such file.
    public func text(_ name: String) -> String? { files[name].map { String(decoding: $0, as: UTF8.self) } }
}

/// One commit of a gist.
public struct HostedCommit: Sendable {
    /// 40 hexadecimal digits.
    public let version: String
    /// Whole seconds.
    public let committedAt: Date
    /// Login of who made it.
    public let author: String
    /// The whole content by file name.
    public let files: [String: [UInt8]]
    /// Lines that came in.
    public let additions: Int
    /// Lines that went.
    public let deletions: Int

    init(after previous: HostedCommit?, files: [String: [UInt8]], author: String, at now: Date) {
        let names = Set(files.keys).union(previous?.files.keys ?? [:].keys)
        let changes = names.map { lineChanges(from: previous?.files[$0] ?? [], to: files[$0] ?? []) }
        (additions, deletions) = changes.reduce((0, 0)) { ($0.0 + $1.added, $0.1 + $1.removed) }
        (self.files, self.author, committedAt) = (files, author, now)
        version =
            GitCommitObject(
                tree: GitTreeObject(files).id, parent: previous?.version, author: GitBackend.person(author), at: now
            ).id
    }
}

/// The git blob's SHA-1.
func blobID(_ content: [UInt8]) -> String {
    objectID("blob", content)
}

/// Lines that are in one but not in the other, order aside: near enough to what `git diff --numstat` counts.
private func lineChanges(from old: [UInt8], to new: [UInt8]) -> (added: Int, removed: Int) {
    guard old != new else { return (0, 0) }
    let newline = UInt8(ascii: "\n")
    var balance: [ArraySlice<UInt8>: Int] = [:]
    for line in new.split(separator: newline, omittingEmptySubsequences: false) where !line.isEmpty { balance[line, default: 0] += 1 }
    for line in old.split(separator: newline, omittingEmptySubsequences: false) where !line.isEmpty { balance[line, default: 0] -= 1 }
    return balance.values.reduce((0, 0)) { ($0.0 + max(0, $1), $0.1 + max(0, -$1)) }
}
