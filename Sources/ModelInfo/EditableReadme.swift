/// A readme as an edit sees it: its keys, its lines, and whether it may be touched at all.
struct EditableReadme {
    let bytes: [UInt8]
    /// Keys that stand on a line: those of a block, of the text and of fences. What was read out of a sentence is no line to edit.
    let occurrences: [KeyOccurrence]
    let lines: [TextLine]
    /// Lines of the block, by number from 1; nil without a block.
    let blockLines: Range<Int>?
    let isTerminated: Bool
    private let problems: Set<DiagnosticCode>
    /// Lines of the block that are no valid YAML.
    private let invalidLines: Set<Int>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let keys = ReadmeKeys(bytes, fileName: "")
        let frontmatter = keys.frontmatter
        // Keys of a list of binaries stand on lines of their own, too.
        occurrences = keys.occurrences.filter { $0.layout < .sentence }.flatMap { [$0] + $0.maps.flatMap(\.self) }
        lines = TextLine.all(in: bytes, range: 0..<bytes.count)
        blockLines = frontmatter.block.map { block in
            frontmatter.firstLine..<frontmatter.firstLine + TextLine.all(in: bytes, range: block).count
        }
        isTerminated = frontmatter.isTerminated
        problems = Set(frontmatter.diagnostics.map(\.code))
        invalidLines = Set(frontmatter.diagnostics.filter { $0.code == .frontmatterInvalid }.compactMap(\.line))
    }

    /// Why no edit is made at all; nil when one may be.
    var obstacle: String? {
        if ReadableText(bytes).encoding == .utf16 { return "the file is UTF-16" }
        if let line = ConflictMarkers.firstLine(in: bytes) { return "line \(line) is a conflict marker: merge by hand first" }
        if !problems.isDisjoint(with: [.frontmatterTooLarge, .frontmatterUnsafe]) { return "the frontmatter block is too large or unsafe" }
        return nil
    }

    func isInBlock(_ occurrence: KeyOccurrence) -> Bool { occurrence.layout == .block }

    /// The line of a key; nil for a number that this file does not have.
    func line(of occurrence: KeyOccurrence) -> TextLine? {
        lines.indices.contains(occurrence.line - 1) ? lines[occurrence.line - 1] : nil
    }

    /// Where the value stands; nil when it is not plainly on the key's line.
    func place(of occurrence: KeyOccurrence) -> ValuePlace? {
        guard occurrence.shape == .oneLine, let line = line(of: occurrence) else { return nil }
        return isInBlock(occurrence)
            ? ValuePlace(inBlock: line.content, of: bytes) : ValuePlace(inText: line.content, of: bytes, holding: occurrence)
    }

    /// Whether the other keys say, in the same order, what they said before, and nothing became unreadable.
    /// - Parameters:
    ///   - line: That was written, if any; where the block was valid YAML, this line must be.
    ///   - isEdited: For the occurrences that may differ.
    func keepsAll(of before: EditableReadme, writing line: Int?, except isEdited: (KeyOccurrence) -> Bool) -> Bool {
        func others(_ readme: EditableReadme) -> [[Substring.UTF8View]] {
            readme.occurrences.filter { !isEdited($0) }.map { ([$0.key, $0.maps.isEmpty ? $0.value : ""] + $0.items).map { $0[...].utf8 } }
        }
        guard obstacle == nil, isTerminated == before.isTerminated else { return false }
        // Another line may only now be found invalid: libyaml takes a line of blanks with a tab behind some values and not behind others.
        if let line, before.invalidLines.isEmpty, invalidLines.contains(line) { return false }
        return others(self).elementsEqual(others(before)) { $0.elementsEqual($1) { $0.elementsEqual($1) } }
    }

    /// How this file ends its lines: as its first line does.
    var lineEnding: ArraySlice<UInt8> {
        guard let first = lines.first, first.end > first.content.upperBound else { return [.lineFeed] }
        return bytes[first.content.upperBound..<first.end]
    }
}
