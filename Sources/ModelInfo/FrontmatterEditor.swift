/// Edits one key of a readme's block and nothing else: one line changes, comes or goes; every other byte stays.
public enum FrontmatterEditor {
    /// Why an edit was not made, and what a person can write instead.
    public struct EditRefusal: Error, Hashable, Sendable, CustomStringConvertible {
        public let message: String
        /// The line to add by hand; nil when a line is to be removed.
        public let lineToAdd: String?

        public var description: String { lineToAdd.map { "\(message); write by hand: \($0)" } ?? message }
    }

    /// The readme with `key` set to `value`, which reads back exactly as given (blanks around it trimmed). The same bytes when it already says so.
    /// - Parameter key: As `ModelCard` names it (`gist_id`); a line that spells it otherwise (`Gist-ID`) is the one that is edited.
    public static func setting(_ key: String, to value: String, in bytes: [UInt8]) -> Result<[UInt8], EditRefusal> {
        let value = value.trimmed
        let line = "\(key): \(YAMLScalar.written(value))"
        return edit(key, in: bytes, lineToAdd: line) { before, lines throws(EditRefusal) in
            guard isKey(key) else {
                throw EditRefusal(message: "\(Quotation.of(key)) is no key that can be written plainly", lineToAdd: nil)
            }
            guard !value.isEmpty else { throw EditRefusal(message: "the value of \(key) is empty", lineToAdd: nil) }
            guard !value.unicodeScalars.contains(where: \.isLineBreak) else {
                throw EditRefusal(message: "the value of \(key) has more than one line", lineToAdd: nil)
            }
            guard let occurrence = try single(key, in: before, lineToAdd: line) else {
                return inserting(line, into: bytes, block: before.block ?? 0..<0, lines: lines)
            }
            guard occurrence.value != value else { return bytes }
            let old = lines[occurrence.line - before.firstLine]
            guard let cut = KeyLine(old.content, in: bytes), !cut.isOpenEnded, occurrence.shape == .oneLine else {
                throw EditRefusal(message: "the value of \(key) in line \(occurrence.line) is not on one line", lineToAdd: line)
            }
            // Without an old value the new one goes right behind the colon, before any comment.
            let place = cut.value.isEmpty ? cut.colon + 1..<cut.colon + 1 : cut.value
            let written = (place.lowerBound == cut.colon + 1 ? " " : "") + YAMLScalar.written(value)
            return bytes[..<place.lowerBound] + Array(written.utf8) + bytes[place.upperBound...]
        } check: { after in
            after.count { matches($0.key, key) } == 1 && after.first { matches($0.key, key) }?.value == value
        }
    }

    /// The readme without the line of `key`; the same bytes when it has none.
    public static func removing(_ key: String, in bytes: [UInt8]) -> Result<[UInt8], EditRefusal> {
        edit(key, in: bytes, lineToAdd: nil) { before, lines throws(EditRefusal) in
            guard let occurrence = try single(key, in: before, lineToAdd: nil) else { return bytes }
            guard occurrence.shape == .oneLine else {
                throw EditRefusal(
                    message: "the value of \(key) in line \(occurrence.line) is not on one line; remove it by hand", lineToAdd: nil)
            }
            let line = lines[occurrence.line - before.firstLine]
            return Array(bytes[..<line.content.lowerBound] + bytes[line.end...])
        } check: { after in
            !after.contains { matches($0.key, key) }
        }
    }

    // MARK: One edit

    /// Makes an edit where it can be made, then reads the result: the key must say what it should, every other key what it said before.
    private static func edit(
        _ key: String, in bytes: [UInt8], lineToAdd: String?, _ change: (Frontmatter, [TextLine]) throws(EditRefusal) -> [UInt8],
        check: ([KeyOccurrence]) -> Bool
    ) -> Result<[UInt8], EditRefusal> {
        func refusal(_ message: String) -> Result<[UInt8], EditRefusal> { .failure(EditRefusal(message: message, lineToAdd: lineToAdd)) }
        guard ReadableText(bytes).encoding != .utf16 else { return refusal("the file is UTF-16") }
        if let line = ConflictMarkers.firstLine(in: bytes) { return refusal("line \(line) is a conflict marker: merge by hand first") }
        let before = Frontmatter(bytes, fileName: "")
        guard let block = before.block else { return refusal("there is no frontmatter block between two lines '---'") }
        guard before.isTerminated else { return refusal("the frontmatter block has no closing '---'") }
        let refused: [DiagnosticCode] = [.frontmatterTooLarge, .frontmatterUnsafe]
        guard !before.diagnostics.contains(where: { refused.contains($0.code) }) else {
            return refusal("the frontmatter block is too large or unsafe")
        }
        do {
            let edited = try change(before, TextLine.all(in: bytes, range: block))
            guard edited != bytes else { return .success(bytes) }
            let after = Frontmatter(edited, fileName: "")
            let others = { (occurrences: [KeyOccurrence]) in occurrences.filter { !matches($0.key, key) }.map { [$0.key, $0.value] } }
            let problems = Set(after.diagnostics.map(\.code)).intersection([.frontmatterUnsafe, .frontmatterTooLarge, .frontmatterInvalid])
            guard after.isTerminated, problems.isSubset(of: before.diagnostics.map(\.code)), check(after.occurrences),
                others(before.occurrences) == others(after.occurrences)
            else {
                return refusal("the line of \(key) cannot be written without touching other keys")
            }
            return .success(edited)
        } catch {
            return .failure(error)
        }
    }

    /// The only occurrence of `key`; nil when there is none.
    private static func single(_ key: String, in frontmatter: Frontmatter, lineToAdd: String?) throws(EditRefusal) -> KeyOccurrence? {
        let found = frontmatter.occurrences.filter { matches($0.key, key) }
        guard found.count <= 1 else {
            let places = found.map { String($0.line) }.joined(separator: ", ")
            throw EditRefusal(message: "\(key) occurs more than once (lines \(places)): keep one line of them", lineToAdd: lineToAdd)
        }
        return found.first
    }

    /// Behind the last line of the block that is not blank, with that line's indentation of keys and line ending.
    private static func inserting(_ line: String, into bytes: [UInt8], block: Range<Int>, lines: [TextLine]) -> [UInt8] {
        let place = lines.last { !$0.isBlank(in: bytes) }?.end ?? block.lowerBound
        let indentation = lines.lazy.compactMap { KeyLine($0.content, in: bytes)?.indentation }.first ?? 0..<0
        // It ends like the line before it, which is the delimiter when the block is empty.
        var ending = place
        while ending > 0, bytes[ending - 1] == .lineFeed || bytes[ending - 1] == .carriageReturn { ending -= 1 }
        return Array(bytes[..<place] + bytes[indentation] + Array(line.utf8) + bytes[ending..<place] + bytes[place...])
    }

    private static func matches(_ written: String, _ key: String) -> Bool {
        if let known = KnownKey(spelled: key) { return KnownKey(spelled: written) == known }
        return written == key
    }

    /// Letters, digits, `_` and `-`, beginning with a letter.
    private static func isKey(_ key: String) -> Bool {
        guard (1...64).contains(key.utf8.count), let first = key.utf8.first, first.isAlphanumeric, !first.isASCIIDigit else { return false }
        return key.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    }
}

extension UInt8 {
    fileprivate var isASCIIDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}

extension Unicode.Scalar {
    /// What any program might take for the end of a line.
    fileprivate var isLineBreak: Bool { (0x0A...0x0D).contains(value) || [0x85, 0x2028, 0x2029].contains(value) }
}
