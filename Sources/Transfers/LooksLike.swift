import FoundationEssentials

/// Tells a person what came instead of a model: sign-in pages and error messages are served with 200 as well.
public enum LooksLike {
    /// How many bytes ``page(firstBytes:contentType:)`` looks at: the titles of real pages come behind some scripts.
    public static let byteCount = 4096
    /// So many bytes without one that is no text make it a text.
    private static let textByteCount = 512

    /// - Parameters:
    ///   - firstBytes: The beginning of the file, at most ``byteCount``; more is not looked at.
    ///   - contentType: As the server said; decides only where the bytes are text.
    /// - Returns: "an HTML page titled 'Sign in'", "a zip archive" …, or nil when nothing speaks against a binary.
    public static func page(firstBytes: [UInt8], contentType: String?) -> String? {
        let bytes = firstBytes.prefix(byteCount)
        if bytes.isEmpty { return "an empty file" }
        if let archive = archive(firstBytes: firstBytes) { return archive }
        let beginning = bytes.prefix(textByteCount)
        guard beginning.allSatisfy(isText) else { return nil }

        let text = trimmingBlanks(String(decoding: bytes, as: UTF8.self).drop { $0 == "\u{FEFF}" })
        let lower = trimmingBlanks(String(decoding: beginning, as: UTF8.self).drop { $0 == "\u{FEFF}" }).lowercased()
        if text.hasPrefix("version https://git-lfs") { return "a Git LFS pointer, not the file it stands for" }
        if lower.contains("<html") || lower.hasPrefix("<!doctype html") || contentType?.lowercased().hasPrefix("text/html") == true {
            return title(in: text).map { "an HTML page titled '\($0)'" } ?? "an HTML page"
        }
        if text.hasPrefix("<") { return "an XML document" }
        if text.hasPrefix("{") || text.hasPrefix("[") {
            return message(in: Array(text.utf8)).map { "a JSON document that says '\($0)'" } ?? "a JSON document"
        }
        // A protobuf of a few printable bytes is possible, of a whole beginning is not.
        return beginning.count == textByteCount || contentType?.lowercased().hasPrefix("text/") == true ? "a text file" : nil
    }

    /// Nil for what is no archive, and no file that was packed alone.
    public static func archive(firstBytes: [UInt8]) -> String? {
        if let known = signatures.first(where: { firstBytes.starts(with: $0.bytes) }) { return known.words }
        // Its first 257 bytes are a name and numbers.
        return firstBytes.count >= 262 && firstBytes[257..<262].elementsEqual("ustar".utf8) ? "a tar archive" : nil
    }

    private static let signatures: [(bytes: [UInt8], words: String)] = {
        var known: [(bytes: [UInt8], words: String)] = [
            ([0x1F, 0x8B], "a gzip archive"),
            ([0x50, 0x4B, 0x03, 0x04], "a zip archive"),
            ([0x50, 0x4B, 0x05, 0x06], "an empty zip archive"),
            ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive"),
            ([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07], "a rar archive"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz archive"),
            ([0x28, 0xB5, 0x2F, 0xFD], "a zstd archive"),
        ]
        // The size of its blocks, as a digit, then the digits of pi.
        for digit: UInt8 in 0x31...0x39 {
            let bytes: [UInt8] = [0x42, 0x5A, 0x68, digit, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]
            known.append((bytes, "a bzip2 archive"))
        }
        return known
    }()

    private static func title(in text: String) -> String? {
        // Compared byte by byte: changing the case of other letters may change the length.
        let bytes = Array(text.utf8)
        guard let tag = index(of: "<title", in: bytes, from: 0), let start = bytes[tag...].firstIndex(of: UInt8(ascii: ">")) else {
            return nil
        }
        let end = index(of: "</title", in: bytes, from: start) ?? bytes.count
        return excerpt(unescaped(String(decoding: bytes[(start + 1)..<end], as: UTF8.self)))
    }

    /// The characters that a title cannot have as they are.
    private static func unescaped(_ text: String) -> String {
        let names = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&nbsp;", " "), ("&amp;", "&")]
        return names.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    /// What an error document says, under one of the keys that those of common hosts have.
    private static func message(in bytes: [UInt8]) -> String? {
        struct Inner: Decodable { var message: String? }
        struct Document: Decodable {
            var message, detail, errorDescription, errorSummary, error: String?
            var inner: String?

            enum CodingKeys: String, CodingKey {
                case message, detail, error
                case errorDescription = "error_description"
                case errorSummary = "error_summary"
            }

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                func text(_ key: CodingKeys) -> String? { try? container.decode(String.self, forKey: key) }
                (message, detail, error) = (text(.message), text(.detail), text(.error))
                (errorDescription, errorSummary) = (text(.errorDescription), text(.errorSummary))
                inner = (try? container.decode(Inner.self, forKey: .error))?.message
            }
        }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else { return nil }
        let found =
            document.message ?? document.inner ?? document.errorDescription ?? document.errorSummary ?? document.detail ?? document.error
        return found.flatMap { excerpt($0) }
    }

    private static func excerpt(_ text: String) -> String? {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(80)
        return words.isEmpty ? nil : String(words)
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
