/// Whether a readme's text speaks of its license under a heading of its own.
enum LicenseSection {
    /// - Parameter offset: Where the text begins: behind the block, whose last key is no heading although `---` stands below it.
    static func exists(in bytes: [UInt8], from offset: Int) -> Bool {
        var start = offset
        while let line = TextLine(in: bytes, at: start) {
            start = line.end
            var word = line.content.lowerBound
            while word < line.content.upperBound, isMark(bytes[word]) { word += 1 }
            guard isLicenseWord(word..<line.content.upperBound, in: bytes) else { continue }
            if line.firstMark(in: bytes) != bytes[word] { return true }
            if let next = TextLine(in: bytes, at: start), isUnderline(next.trimmedContent(in: bytes)) { return true }
        }
        return false
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte.isBlank || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "_")
    }

    private static func isLicenseWord(_ words: Range<Int>, in bytes: [UInt8]) -> Bool {
        // Hardly any line begins with an L.
        guard words.count >= 7, bytes[words.lowerBound] | 0x20 == UInt8(ascii: "l") else { return false }
        let lower = bytes[words].prefix(7).map { $0 | 0x20 }
        return lower.elementsEqual("license".utf8) || lower.elementsEqual("licence".utf8) || lower.elementsEqual("licensi".utf8)
    }

    private static func isUnderline(_ line: ArraySlice<UInt8>) -> Bool {
        line.count >= 2 && (line.allSatisfy { $0 == UInt8(ascii: "=") } || line.allSatisfy { $0 == UInt8(ascii: "-") })
    }
}
