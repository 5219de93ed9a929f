/// Edits one key of a readme and nothing else: one line changes, comes or goes; every other byte stays.
///
/// Each edit is read again before it is given out: the key must then say what it should, and every other key what it said before.
public enum FrontmatterEditor {
    /// Why an edit was not made, and what a person can write instead.
    public struct EditRefusal: Error, Hashable, Sendable, CustomStringConvertible {
        public let message: String
        /// The line to add by hand; nil when a line is to be removed.
        public let lineToAdd: String?
        /// The readme has neither a block nor keys: one can be put at its top by ``addingBlock(_:to:in:)``.
        public let wantsBlock: Bool

        init(_ message: String, lineToAdd: String?, wantsBlock: Bool = false) {
            (self.message, self.lineToAdd, self.wantsBlock) = (message, lineToAdd, wantsBlock)
        }

        public var description: String { lineToAdd.map { "\(message); write by hand: \($0)" } ?? message }
    }

    /// The readme with `key` set to `value`, which reads back exactly as given (blanks around it trimmed). The same bytes when it already says so.
    ///
    /// A key that stands in the text is edited there, when its value is plainly the rest of its line.
    /// - Parameter key: As `ModelCard` names it (`gist_id`); a line that spells it otherwise (`Gist-ID`) is the one that is edited.
    public static func setting(_ key: String, to value: String, in bytes: [UInt8]) -> Result<[UInt8], EditRefusal> {
        let value = value.trimmed
        let line = line(key, value)
        return Result { () throws(EditRefusal) in
            let before = try editable(bytes, lineToAdd: line)
            try check(key, value, lineToAdd: line)
            guard let occurrence = try single(key, in: before, lineToAdd: line) else {
                if KnownKey(spelled: key)?.isOfBinary == true, let list = before.occurrences.first(where: { $0.known == .binaries }) {
                    throw EditRefusal("the binaries are declared by the list in line \(list.line): write it there", lineToAdd: line)
                }
                return try verified(inserting(key, value, into: before), before, key, value, lineToAdd: line)
            }
            return try replacing(occurrence, with: value, in: before)
        }
    }

    /// The readme with another value of the key that stands in one line: of several binaries, of the one that is meant.
    static func replacing(_ occurrence: KeyOccurrence, with value: String, in bytes: [UInt8]) -> Result<[UInt8], EditRefusal> {
        Result { () throws(EditRefusal) in
            let line = line(occurrence.key, value)
            try check(nil, value, lineToAdd: line)
            return try replacing(occurrence, with: value, in: editable(bytes, lineToAdd: line))
        }
    }

    /// The readme without the line of `key`; the same bytes when it has none.
    public static func removing(_ key: String, in bytes: [UInt8]) -> Result<[UInt8], EditRefusal> {
        Result { () throws(EditRefusal) in
            let before = try editable(bytes, lineToAdd: nil)
            guard let occurrence = try single(key, in: before, lineToAdd: nil) else { return bytes }
            guard occurrence.shape == .oneLine, let line = before.line(of: occurrence),
                before.isInBlock(occurrence) || before.place(of: occurrence) != nil
            else {
                throw EditRefusal("the value of \(key) in line \(occurrence.line) is not on one line; remove it by hand", lineToAdd: nil)
            }
            let edited = Array(bytes[..<line.content.lowerBound] + bytes[line.end...])
            // A line end of one byte before it and another behind it would become one of two bytes, and an empty line be gone.
            let joinsLineEnds = bytes[..<line.content.lowerBound].last == .carriageReturn && bytes[line.end...].first == .lineFeed
            guard !joinsLineEnds else {
                throw EditRefusal("line \(occurrence.line) stands between line ends of two kinds; remove it by hand", lineToAdd: nil)
            }
            let after = EditableReadme(edited)
            guard after.keepsAll(of: before, writing: nil, except: { matches($0.key, key) }),
                !after.occurrences.contains(where: { matches($0.key, key) })
            else {
                throw EditRefusal("the line of \(key) cannot be taken out without touching other keys; remove it by hand", lineToAdd: nil)
            }
            return edited
        }
    }

    /// The readme with a block at its top that holds this one key: for a readme that has neither a block nor a key anywhere.
    ///
    /// A byte order mark stays first, and lines end as those of the file do.
    public static func addingBlock(_ key: String, to value: String, in bytes: [UInt8]) -> Result<[UInt8], EditRefusal> {
        let value = value.trimmed
        let line = line(key, value)
        return Result { () throws(EditRefusal) in
            let before = try editable(bytes, lineToAdd: line)
            try check(key, value, lineToAdd: line)
            guard before.blockLines == nil, before.occurrences.isEmpty else { return try setting(key, to: value, in: bytes).get() }
            let mark = bytes.starts(with: ByteOrderMark.utf8) ? ByteOrderMark.utf8.count : 0
            let block = ["---", line, "---"].flatMap { Array($0.utf8) + before.lineEnding }
            let edited = Array(bytes[..<mark] + block + bytes[mark...])
            let after = EditableReadme(edited)
            guard after.isTerminated, after.occurrences.count == 1, says(after.occurrences[0], key, value) else {
                throw EditRefusal("a block at the top would not be read as one", lineToAdd: line)
            }
            return edited
        }
    }

    // MARK: One edit

    private static func line(_ key: String, _ value: String) -> String { "\(key): \(YAMLScalar.written(value))" }

    private static func editable(_ bytes: [UInt8], lineToAdd: String?) throws(EditRefusal) -> EditableReadme {
        let readme = EditableReadme(bytes)
        if let obstacle = readme.obstacle { throw EditRefusal(obstacle, lineToAdd: lineToAdd) }
        return readme
    }

    /// - Parameter key: Nil when it is written already.
    private static func check(_ key: String?, _ value: String, lineToAdd: String) throws(EditRefusal) {
        if let key, !isKey(key) { throw EditRefusal("\(Quotation.of(key)) is no key that can be written plainly", lineToAdd: nil) }
        guard !value.isEmpty else { throw EditRefusal("the value of \(key ?? "the key") is empty", lineToAdd: nil) }
        guard !value.unicodeScalars.contains(where: \.isLineBreak) else {
            throw EditRefusal("the value of \(key ?? "the key") has more than one line", lineToAdd: nil)
        }
    }

    private static func replacing(
        _ occurrence: KeyOccurrence, with value: String, in before: EditableReadme
    ) throws(EditRefusal) -> [UInt8] {
        let key = occurrence.key
        let line = line(KnownKey(spelled: key)?.rawValue ?? key, value)
        guard occurrence.shape != .oneLine || !occurrence.value.hasSameBytes(as: value) else { return before.bytes }
        guard let place = before.place(of: occurrence) else {
            let why = occurrence.shape == .oneLine ? "has marks around it or words behind it" : "is not on one line"
            throw EditRefusal("the value of \(key) in line \(occurrence.line) \(why)", lineToAdd: line)
        }
        // Outside a block there is no YAML, so nothing to quote.
        let written = before.isInBlock(occurrence) ? YAMLScalar.written(value) : value
        let edited = place.replacing(with: written, in: before.bytes)
        let after = EditableReadme(edited)
        guard
            after.keepsAll(of: before, writing: occurrence.line, except: { $0.line == occurrence.line && $0.column == occurrence.column }),
            let found = after.occurrences.first(where: { $0.line == occurrence.line && $0.column == occurrence.column }),
            found.shape == .oneLine, found.key.hasSameBytes(as: key), found.value.hasSameBytes(as: value)
        else { throw EditRefusal("the line of \(key) cannot be written without touching other keys", lineToAdd: line) }
        return edited
    }

    private static func verified(
        _ edited: [UInt8], _ before: EditableReadme, _ key: String, _ value: String, lineToAdd: String
    ) throws(EditRefusal) -> [UInt8] {
        let after = EditableReadme(edited)
        let found = after.occurrences.filter { matches($0.key, key) }
        guard found.count == 1, says(found[0], key, value),
            after.keepsAll(of: before, writing: found[0].line, except: { matches($0.key, key) })
        else {
            throw EditRefusal("the line of \(key) cannot be written without touching other keys", lineToAdd: lineToAdd)
        }
        return edited
    }

    private static func says(_ occurrence: KeyOccurrence, _ key: String, _ value: String) -> Bool {
        matches(occurrence.key, key) && occurrence.shape == .oneLine && occurrence.value.hasSameBytes(as: value)
    }

    /// The only occurrence of `key`; nil when there is none.
    private static func single(_ key: String, in readme: EditableReadme, lineToAdd: String?) throws(EditRefusal) -> KeyOccurrence? {
        let found = readme.occurrences.filter { matches($0.key, key) }
        guard found.count <= 1 else {
            let places = found.map { String($0.line) }.joined(separator: ", ")
            throw EditRefusal("\(key) occurs more than once (lines \(places)): keep one line of them", lineToAdd: lineToAdd)
        }
        return found.first
    }

    // MARK: A new line

    private static func inserting(_ key: String, _ value: String, into readme: EditableReadme) throws(EditRefusal) -> [UInt8] {
        let line = line(key, value)
        guard let block = readme.blockLines else {
            guard let last = readme.occurrences.max(by: { $0.line < $1.line }) else {
                throw EditRefusal("there is no frontmatter block between two lines '---'", lineToAdd: line, wantsBlock: true)
            }
            return try inserting("\(key): \(value)", behind: last, in: readme, lineToAdd: line)
        }
        guard readme.isTerminated else { throw EditRefusal("the frontmatter block has no closing '---'", lineToAdd: line) }
        return inserting(line, intoBlock: block, of: readme)
    }

    /// Behind the last line of the block that is not blank, with the indentation of its first key and the line ending of the line before.
    private static func inserting(_ line: String, intoBlock numbers: Range<Int>, of readme: EditableReadme) -> [UInt8] {
        let bytes = readme.bytes
        let block = readme.lines[numbers.lowerBound - 1..<numbers.upperBound - 1]
        // Without a line the delimiter above is the line before.
        let place = block.last { !$0.isBlank(in: bytes) }?.end ?? readme.lines[numbers.lowerBound - 2].end
        let indentation = block.lazy.compactMap { KeyLine($0.content, in: bytes)?.indentation }.first ?? 0..<0
        var ending = place
        while ending > 0, bytes[ending - 1] == .lineFeed || bytes[ending - 1] == .carriageReturn { ending -= 1 }
        return Array(bytes[..<place] + bytes[indentation] + Array(line.utf8) + bytes[ending..<place] + bytes[place...])
    }

    /// Below the last key of a readme whose keys stand in its text, and looking like it: a list stays a list.
    private static func inserting(
        _ text: String, behind last: KeyOccurrence, in readme: EditableReadme, lineToAdd: String
    ) throws(EditRefusal) -> [UInt8] {
        let bytes = readme.bytes
        guard let line = readme.line(of: last), readme.place(of: last) != nil,
            let start = ValuePlace.offset(ofColumn: last.column, in: line.content, of: bytes),
            bytes[line.content.lowerBound..<start].allSatisfy({ " \t-*+>".utf8.contains($0) })
        else {
            throw EditRefusal("the keys stand in the text, and where a line is to be added cannot be told", lineToAdd: lineToAdd)
        }
        let new = bytes[line.content.lowerBound..<start] + Array(text.utf8)
        let ending = bytes[line.content.upperBound..<line.end]
        // The last line of a file may have no ending: then the new one has none either.
        return Array(bytes[..<line.end] + (ending.isEmpty ? readme.lineEnding + new : new + ending) + bytes[line.end...])
    }

    // MARK: Keys

    private static func matches(_ written: String, _ key: String) -> Bool {
        if let known = KnownKey(spelled: key) { return KnownKey(spelled: written) == known }
        return written.hasSameBytes(as: key)
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
