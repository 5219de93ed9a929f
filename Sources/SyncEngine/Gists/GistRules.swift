import ModelInfo

/// What no host takes. Asked before anything is sent, so that both hosts refuse the same things with the same words, and
/// GitHub's unreliable ways with blank files (`PATCH` may delete them, keep them or refuse them) are never met.
enum GistRules {
    /// Bytes of all files of one gist together. GitHub does not document its limit; this is ours.
    static let largestTotalByteCount = 32 << 20
    /// GitHub lists no more than these; the rest would be there but unseen.
    static let largestFileCount = 300

    static func check(_ draft: GistDraft) throws(GistFailure) {
        guard !draft.files.isEmpty else { throw .refused("a gist needs at least one file") }
        try checkCounts(of: draft.files)
        for (name, content) in draft.files.sorted(by: { $0.key < $1.key }) { try check(name, content) }
    }

    /// What can be told without knowing the gist: every new content and its name.
    static func check(_ change: GistChange) throws(GistFailure) {
        for (name, content) in change.files.sorted(by: { $0.key < $1.key }) {
            if let content { try check(name, content) }
        }
        try checkCounts(of: change.files.compactMapValues { $0 })
    }

    /// A revision's name as hosts write it: lower case.
    static func checked(revision: String) throws(GistFailure) -> String {
        guard let revision = SHA1Digest(hex: revision)?.description else {
            throw .refused("'\(revision.prefix(100))' is no revision of a gist: those have 40 hexadecimal digits")
        }
        return revision
    }

    /// How many revisions are asked for at once.
    static func checked(limit: Int) -> Int { min(max(limit, 1), 100) }

    static func checkCounts(of files: [String: String]) throws(GistFailure) {
        guard files.count <= largestFileCount else {
            throw .refused("\(files.count) files are more than the \(largestFileCount) that a gist shows")
        }
        let byteCount = files.values.reduce(0) { $0 + $1.utf8.count }
        guard byteCount <= largestTotalByteCount else {
            throw .refused("\(byteCount) bytes of text are more than the \(largestTotalByteCount) that a gist may hold")
        }
    }

    private static func check(_ name: String, _ content: String) throws(GistFailure) {
        do { _ = try RelativePath(nameFromOutside: name) } catch {
            throw .refused("a gist cannot hold a file named '\(name)': \(error)")
        }
        guard content.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw .refused("the file '\(name)' is empty or holds only white space, which a gist cannot hold")
        }
    }
}
