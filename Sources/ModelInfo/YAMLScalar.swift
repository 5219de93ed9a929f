/// Text as a YAML scalar on one line, quoted only when it must be.
enum YAMLScalar {
    /// Reads back as `text` in every YAML reader, and as a string in those that give scalars a type.
    static func written(_ text: String) -> String {
        isPlain(text) ? text : quoted(text)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case "\t": quoted += "\\t"
            case _
            where scalar.isInvisible || scalar.properties.generalCategory == .unassigned || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
                quoted += "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func isPlain(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, !first.isBlank, !last.isBlank, last != UInt8(ascii: ":") else { return false }
        guard !"-?:,[]{}#&*!|>'\"%@`=<~".utf8.contains(first) else { return false }
        for index in bytes.indices.dropFirst() {
            if bytes[index].isBlank, bytes[index - 1] == UInt8(ascii: ":") { return false }
            if bytes[index] == UInt8(ascii: "#"), bytes[index - 1].isBlank { return false }
        }
        let isLegible = text.unicodeScalars.allSatisfy { !$0.isInvisible && $0 != "\t" && $0.properties.generalCategory != .unassigned }
        return isLegible && !isTyped(bytes)
    }

    private static let typedWords: Set<String> = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", ".inf", "+.inf", "-.inf", ".nan",
    ]

    /// Whether YAML 1.1 or 1.2 takes it for something else than a string: a number, a boolean, null, a date.
    ///
    /// A superset: whatever has only digits and what numbers and dates are written with, one exponent's `e` among them.
    private static func isTyped(_ bytes: [UInt8]) -> Bool {
        let lower = bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        if lower.count <= 5, typedWords.contains(String(decoding: lower, as: UTF8.self)) { return true }
        var digits = lower[...]
        if let sign = digits.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { digits = digits.dropFirst() }
        for (prefix, alphabet) in [("0x", "0123456789abcdef_"), ("0o", "01234567_"), ("0b", "01_")] where digits.starts(with: prefix.utf8) {
            return digits.dropFirst(2).allSatisfy { alphabet.utf8.contains($0) }
        }
        guard let first = digits.first, "0123456789.".utf8.contains(first), digits.contains(where: { "0123456789".utf8.contains($0) })
        else { return false }
        // A date may go on with a time; only what stands before it counts.
        let isDate =
            digits.count >= 8 && digits.prefix(4).allSatisfy { "0123456789".utf8.contains($0) }
            && digits.dropFirst(4).first == UInt8(ascii: "-")
        if isDate { return digits.allSatisfy { "0123456789-:.+tz ".utf8.contains($0) } }
        return digits.allSatisfy { "0123456789._:+-e".utf8.contains($0) } && digits.count { $0 == UInt8(ascii: "e") } <= 1
    }
}
