/// Whether a readme's text speaks of its license under a heading of its own.
enum LicenseSection {
    /// - Parameter offset: Where the text begins: behind the block, whose last key is no heading although `---` stands below it.
    static func exists(in bytes: [UInt8], from offset: Int) -> Bool {
        var start = offset
        while let line = TextLine(in: bytes, at: start) {
            start = line.end
            let marks = bytes[line.content].drop { $0.isBlank || "#*_".utf8.contains($0) }
            guard isLicenseWord(marks.prefix(8)) else { continue }
            if marks.count < line.content.count, bytes[line.content].drop(while: \.isBlank).first != marks.first { return true }
            if let next = TextLine(in: bytes, at: start), isUnderline(next.trimmedContent(in: bytes)) { return true }
        }
        return false
    }

    private static func isLicenseWord(_ word: ArraySlice<UInt8>) -> Bool {
        let lower = word.map { $0 | 0x20 }
        return lower.starts(with: "license".utf8) || lower.starts(with: "licence".utf8) || lower.starts(with: "licensi".utf8)
    }

    private static func isUnderline(_ line: ArraySlice<UInt8>) -> Bool {
        line.count >= 2 && (line.allSatisfy { $0 == UInt8(ascii: "=") } || line.allSatisfy { $0 == UInt8(ascii: "-") })
    }
}
