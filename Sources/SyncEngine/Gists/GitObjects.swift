/// What `git cat-file --batch` answers: objects with their contents, in the order they were asked for.
struct GitObjects {
    struct Object: Equatable {
        /// 40 hex digits.
        let id: String
        /// `commit`, `tree`, `blob` or `tag`.
        let type: String
        let content: ArraySlice<UInt8>
    }

    /// Nil for a name that git does not know.
    let objects: [Object?]

    /// - Returns: Nil when the bytes are not such an answer to the end.
    init?(batch bytes: [UInt8]) {
        var objects: [Object?] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            let words = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ")
            rest = rest[(end + 1)...]
            if words.count >= 2, words.last == "missing" || words.last == "ambiguous" {
                objects.append(nil)
                continue
            }
            guard words.count == 3, let size = Int(words[2]), size >= 0, rest.count > size else { return nil }
            objects.append(Object(id: String(words[0]), type: String(words[1]), content: rest.prefix(size)))
            rest = rest.dropFirst(size + 1)
        }
        self.objects = objects
    }
}

/// One entry of a git tree.
struct GitTreeEntry: Equatable {
    /// Octal digits: `100644` and `100755` are files, `120000` links, `40000` directories, `160000` submodules.
    let mode: String
    let name: ArraySlice<UInt8>
    /// 40 hex digits.
    let id: String

    var isFile: Bool { mode == "100644" || mode == "100755" || mode == "100664" }

    /// The entries of a tree object: `MODE SP NAME NUL` and 20 bytes of id, one after the other. Nil when it is not that.
    static func entries(of tree: ArraySlice<UInt8>) -> [GitTreeEntry]? {
        var entries: [GitTreeEntry] = []
        var rest = tree
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")), let null = rest[space...].firstIndex(of: 0) else { return nil }
            let id = rest[(null + 1)...].prefix(20)
            guard id.count == 20 else { return nil }
            let digits = id.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
            entries.append(
                GitTreeEntry(mode: String(decoding: rest[..<space], as: UTF8.self), name: rest[(space + 1)..<null], id: digits))
            rest = rest[(null + 21)...]
        }
        return entries
    }
}

/// The part of a git commit that is used here.
struct GitCommit: Equatable {
    /// 40 hex digits.
    let tree: String
    /// The revision before, 40 hex digits; of a merge the one it was made on. Nil for the first one.
    let parent: String?
    /// Of the committer, since 1970, UTC.
    let seconds: Int64
    let message: String

    /// Nil when the bytes are no commit.
    init?(_ content: ArraySlice<UInt8>) {
        let text = String(decoding: content, as: UTF8.self).unicodeScalars
        var tree: String?
        var parent: String?
        var seconds: Int64?
        var rest = text[...]
        while let end = rest.firstIndex(of: "\n") {
            let line = String(rest[..<end])
            rest = rest[text.index(after: end)...]
            if line.isEmpty { break }
            if line.hasPrefix("tree ") { tree = String(line.dropFirst(5)) }
            if line.hasPrefix("parent "), parent == nil { parent = String(line.dropFirst(7)) }
            if line.hasPrefix("committer ") {
                let words = line.split(separator: " ")
                seconds = words.count >= 2 ? Int64(words[words.count - 2]) : nil
            }
        }
        guard let tree, let seconds else { return nil }
        (self.tree, self.parent, self.seconds, message) = (tree, parent, seconds, String(rest))
    }
}
