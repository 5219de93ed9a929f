/// Tells a person what came instead of a model: sign-in pages and error messages are served with 200 as well.
public enum LooksLike {
    /// How many bytes ``page(firstBytes:contentType:)`` looks at.
    public static let byteCount = 512

    /// - Parameters:
    ///   - firstBytes: The beginning of the file, at most ``byteCount``; more is not looked at.
    ///   - contentType: As the server said; decides only where the bytes are text.
    /// - Returns: "an HTML page titled 'Sign in'", "a zip archive" …, or nil when nothing speaks against a binary.
    public static func page(firstBytes: [UInt8], contentType: String?) -> String? {
        let bytes = firstBytes.prefix(byteCount)
        if bytes.isEmpty { return "an empty file" }
        if bytes.starts(with: [0x1F, 0x8B]) { return "a gzip archive" }
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return "a zip archive" }
        guard bytes.allSatisfy(isText) else { return nil }

        let text = trimmingBlanks(String(decoding: bytes, as: UTF8.self).drop { $0 == "\u{FEFF}" })
        let lower = text.lowercased()
        if text.hasPrefix("version https://git-lfs") { return "a Git LFS pointer, not the file it stands for" }
        if lower.contains("<html") || lower.hasPrefix("<!doctype html") || contentType?.lowercased().hasPrefix("text/html") == true {
            return title(in: text).map { "an HTML page titled '\($0)'" } ?? "an HTML page"
        }
        if text.hasPrefix("<") { return "an XML document" }
        if text.hasPrefix("{") || text.hasPrefix("[") { return "a JSON document" }
        // A protobuf of a few printable bytes is possible, of a whole beginning is not.
        return bytes.count == byteCount || contentType?.lowercased().hasPrefix("text/") == true ? "a text file" : nil
    }

    private static func title(in text: String) -> String? {
        // Compared byte by byte: changing the case of other letters may change the length.
        let bytes = Array(text.utf8)
        guard let tag = index(of: "<title", in: bytes, from: 0), let start = bytes[tag...].firstIndex(of: UInt8(ascii: ">")) else {
            return nil
        }
        let end = index(of: "</title", in: bytes, from: start) ?? bytes.count
        let words = String(decoding: bytes[(start + 1)..<end], as: UTF8.self).split(whereSeparator: \.isWhitespace)
        let title = words.joined(separator: " ").prefix(80)
        return title.isEmpty ? nil : String(title)
    }

    private static func index(of word: String, in bytes: [UInt8], from start: Int) -> Int? {
        let count = word.utf8.count
        guard bytes.count - start >= count else { return nil }
        return (start...(bytes.count - count)).first {
            isEqualIgnoringCase(String(decoding: bytes[$0..<($0 + count)], as: UTF8.self), word)
        }
    }

    private static func isText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || (0x09...0x0D).contains(byte) }
}
