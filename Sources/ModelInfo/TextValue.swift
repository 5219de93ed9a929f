/// What a value in a readme's text says when it is taken out of the text.
enum TextValue {
    /// - Parameters:
    ///   - known: What the value is for. A file name, digest or id has no comment behind it; a URL keeps its marks, which are told of.
    ///   - isLiteral: In a code fence, where a backslash is one.
    static func cleaned(_ range: Range<Int>, in bytes: [UInt8], known: KnownKey?, isLiteral: Bool) -> String {
        var value = ReadableText.string(bytes[range])
        if let last = value.utf8.last, last == UInt8(ascii: ">") || last == UInt8(ascii: "\\") || last == UInt8(ascii: "|") {
            for ending in ["<br>", "<br/>", "<br />", "\\", "|"] where value.lowercased().hasSuffix(ending) {
                value = String(value.dropLast(ending.count)).trimmedOfBlanks
            }
        }
        if !isLiteral { value = unescaped(withoutClosingTags(value)) }
        if known == .caffemodel || known == .caffemodelURL || known == .sha1 || known == .gistID { value = withoutComment(value) }
        guard known != .caffemodelURL else { return value }
        let marked = MarkdownValue(value)
        return marked.target == nil ? marked.text : value
    }

    /// Without the tags of HTML at its end that were opened before it.
    private static func withoutClosingTags(_ value: String) -> String {
        var value = value
        while value.hasSuffix(">"), let start = value.lastIndex(of: "<") {
            let tag = value[start...].dropFirst().dropLast()
            guard tag.first == "/", tag.count <= 12, tag.dropFirst().allSatisfy({ $0.isASCII && $0.isLetter }),
                !value[..<start].lowercased().contains("<" + tag.dropFirst().lowercased())
            else { break }
            value = String(value[..<start]).trimmedOfBlanks
        }
        return value
    }

    /// From 1, in Unicode scalars.
    static func column(of offset: Int, from start: Int, in bytes: [UInt8]) -> Int {
        if !bytes[start..<offset].contains(where: { $0 >= 0x80 }) { return 1 + offset - start }
        return 1 + ReadableText.string(bytes[start..<offset]).unicodeScalars.count
    }

    /// Without the backslashes that Markdown wants before punctuation.
    private static func unescaped(_ value: String) -> String {
        guard value.utf8.contains(UInt8(ascii: "\\")) else { return value }
        let bytes = Array(value.utf8)
        let kept = bytes.indices.filter { index in
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else { return true }
            return !"_*-#.()[]!|~`+".utf8.contains(bytes[index + 1])
        }
        return String(decoding: kept.map { bytes[$0] }, as: UTF8.self)
    }

    private static func withoutComment(_ value: String) -> String {
        let bytes = Array(value.utf8)
        guard let place = bytes.indices.dropFirst().first(where: { bytes[$0] == UInt8(ascii: "#") && bytes[$0 - 1].isBlank }) else {
            return value
        }
        return String(decoding: bytes[..<place], as: UTF8.self).trimmedOfBlanks
    }
}
