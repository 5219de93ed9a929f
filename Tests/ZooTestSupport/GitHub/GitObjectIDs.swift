import Foundation

/// What git calls an object with this content: SHA-1, 40 hexadecimal digits.
func objectID(_ type: String, _ content: [UInt8]) -> String {
    ContentDigests(of: Array("\(type) \(content.count)\0".utf8) + content).sha1.description
}

/// One flat tree of files.
struct GitTreeObject {
    let id: String

    init(_ files: [String: [UInt8]]) {
        let sorted = files.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let entries = sorted.map { name, content in Array("100644 \(name)\0".utf8) + bytes(hex: blobID(content)) }
        id = objectID("tree", entries.flatMap { $0 })
    }
}

/// A commit without a message, as GitHub makes them for gists.
struct GitCommitObject {
    let id: String

    init(tree: String, parent: String?, author: String, at date: Date) {
        let stamp = "\(author) \(Int(date.timeIntervalSince1970)) +0000"
        let parents = parent.map { "parent \($0)\n" } ?? ""
        id = objectID("commit", Array("tree \(tree)\n\(parents)author \(stamp)\ncommitter \(stamp)\n\n".utf8))
    }
}

private func bytes(hex: String) -> [UInt8] {
    let digits = hex.utf8.map { UInt8(Character(UnicodeScalar($0)).hexDigitValue ?? 0) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
