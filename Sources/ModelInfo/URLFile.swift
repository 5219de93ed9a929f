/// The file `caffemodel-url` that some collections put beside a readme without keys: one line with the URL of the binary.
struct URLFile {
    static let name = "caffemodel-url"

    /// The first line that is neither blank nor a comment; nil without one.
    let url: String?
    /// Its number, from 1.
    let line: Int

    init(_ bytes: [UInt8]) {
        let readable = ReadableText(bytes).bytes
        let start = readable.starts(with: ByteOrderMark.utf8) ? ByteOrderMark.utf8.count : 0
        let lines = TextLine.all(in: readable, range: start..<min(readable.count, 64 * 1024))
        let first = lines.enumerated().first { _, line in
            !line.isBlank(in: readable) && readable[line.content].drop(while: \.isBlank).first != UInt8(ascii: "#")
        }
        let text = first.map { MarkdownValue(ReadableText.string(readable[$0.element.content])) }
        // Some write the key in front of it.
        let words = text.map { $0.target ?? $0.text }
        url = words.map { $0.hasPrefix("caffemodel_url:") ? String($0.dropFirst(15)).trimmed : $0 }
        line = (first?.offset ?? 0) + 1
    }

    /// The name that a program which saves the URL would give the file; nil when it is not that of a binary.
    var file: RelativePath? {
        let path = (url ?? "").utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard let name = path.split(separator: UInt8(ascii: "/")).last.map({ String(Substring($0)) }), DirectoryReader.isCaffemodel(name)
        else { return nil }
        return try? RelativePath(nameFromOutside: name)
    }
}
