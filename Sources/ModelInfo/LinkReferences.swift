/// The link definitions of a text, `[label]: target`, and the values that use them.
struct LinkReferences {
    private var targets: [String: String] = [:]

    private static let maximumCount = 1000

    /// - Returns: False when the line is no definition.
    @discardableResult
    mutating func take(_ words: ArraySlice<UInt8>) -> Bool {
        guard words.first == UInt8(ascii: "["), words.count <= BlockReader.maximumKeyLineCount,
            let end = words.firstIndex(of: UInt8(ascii: "]")), end + 1 < words.endIndex,
            words[end + 1] == UInt8(ascii: ":")
        else { return false }
        let label = Self.folded(words[(words.startIndex + 1)..<end])
        let target = words[(end + 2)...].drop(while: \.isBlank).prefix { !$0.isBlank }
        guard !label.isEmpty, !target.isEmpty else { return false }
        if targets.count < Self.maximumCount, targets[label] == nil { targets[label] = MarkdownValue(ReadableText.string(target)).text }
        return true
    }

    /// `[text][label]`, `[label][]` or `[label]` with the target written out: `[text](target)`; anything else as it is.
    func resolving(_ value: String) -> String {
        let bytes = Array(value.utf8)
        guard !targets.isEmpty, bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]"),
            let middle = bytes.firstIndex(of: UInt8(ascii: "]"))
        else { return value }
        let text = bytes[1..<middle]
        let rest = bytes[(middle + 1)...].drop(while: \.isBlank)
        let label = rest.count > 2 && rest.first == UInt8(ascii: "[") ? rest.dropFirst().dropLast() : text
        guard let target = targets[Self.folded(label)] else { return value }
        return "[\(String(decoding: text, as: UTF8.self))](\(target))"
    }

    private static func folded(_ label: ArraySlice<UInt8>) -> String { ReadableText.string(label).trimmed.lowercased() }
}
