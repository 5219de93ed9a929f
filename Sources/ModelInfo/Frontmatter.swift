/// The block between two `---` lines at the top of a readme: where it is and which keys it holds.
///
/// Positions are those of the bytes as given, so that an edit can be made to them.
public struct Frontmatter: Hashable, Sendable {
    /// The bytes between the delimiter lines; empty for an empty block, nil when there is no block.
    public let block: Range<Int>?
    /// Line number of the block's first line, from 1.
    public let firstLine: Int
    /// Whether the closing `---` was found. Without it the block ends where the keys do.
    public let isTerminated: Bool
    /// In order of their lines; a key that occurs twice is here twice.
    public let occurrences: [KeyOccurrence]
    public let diagnostics: [Diagnostic]

    /// Bytes; what is longer is cut and read line by line.
    public static let maximumByteCount = 64 * 1024
    /// Lines; as ``maximumByteCount``.
    public static let maximumLineCount = 1000

    /// - Parameters:
    ///   - bytes: The whole readme, UTF-8 or another superset of ASCII, with or without BOM.
    ///   - fileName: For the diagnostics.
    public init(_ bytes: [UInt8], fileName: String) {
        guard let bounds = BlockBounds(in: bytes) else {
            (block, firstLine, isTerminated, occurrences) = (nil, 1, false, [])
            diagnostics = [
                Diagnostic(
                    .missingFrontmatter, file: fileName, line: 1, column: 1, message: "no frontmatter block at the top of the file",
                    hint: "put the keys between two lines '---' at the top")
            ]
            return
        }
        (firstLine, isTerminated) = (bounds.firstLine, bounds.isTerminated)
        var diagnostics: [Diagnostic] = []
        func report(_ code: DiagnosticCode, line: Int, column: Int = 1, _ message: String, hint: String? = nil) {
            diagnostics.append(Diagnostic(code, file: fileName, line: line, column: column, message: message, hint: hint))
        }
        if bounds.isLate {
            report(.frontmatterNotFirst, line: bounds.firstLine - 1, "blank lines before the frontmatter block", hint: "remove them")
        }
        if !bounds.isTerminated {
            report(
                .frontmatterUnterminated, line: bounds.firstLine - 1, "the frontmatter block that begins here has no closing '---'",
                hint: "add a line '---' behind the last key; until then the model is not published")
        }
        var lines = TextLine.all(in: bytes, range: bounds.block)
        let isTooLarge = bounds.block.count > Self.maximumByteCount || lines.count > Self.maximumLineCount
        if isTooLarge {
            report(
                .frontmatterTooLarge, line: bounds.firstLine - 1,
                "the frontmatter block has \(bounds.block.count) bytes in \(lines.count) lines; only its beginning is read",
                hint: "keep it below \(Self.maximumByteCount) bytes and \(Self.maximumLineCount) lines")
            lines = lines.prefix(Self.maximumLineCount).filter { $0.end - bounds.block.lowerBound <= Self.maximumByteCount }
        }
        block = bounds.block

        let reader = BlockReader(bytes: bytes, lines: lines, firstLine: bounds.firstLine)
        let reading = reader.read(strictly: !isTooLarge)
        occurrences = reading.occurrences
        for problem in reading.problems {
            report(problem.code, line: problem.line, column: problem.column, problem.message, hint: problem.hint)
        }
        if occurrences.isEmpty, reading.problems.isEmpty {
            report(.frontmatterEmpty, line: bounds.firstLine - 1, "the frontmatter block is empty")
        }
        self.diagnostics = diagnostics
    }
}

/// Where the block of a readme begins and ends.
struct BlockBounds {
    let block: Range<Int>
    /// Line number of the first line in `block`, from 1.
    let firstLine: Int
    let isTerminated: Bool
    /// Blank lines stand before the opening delimiter.
    let isLate: Bool

    /// Nil when the first line that is not blank is no `---`.
    init?(in bytes: [UInt8]) {
        var start = bytes.starts(with: ByteOrderMark.utf8) ? ByteOrderMark.utf8.count : 0
        var number = 1
        while let line = TextLine(in: bytes, at: start), line.isBlank(in: bytes) { (start, number) = (line.end, number + 1) }
        guard let opening = TextLine(in: bytes, at: start), Self.isDelimiter(opening, in: bytes) else { return nil }
        (isLate, firstLine) = (number > 1, number + 1)

        var next = opening.end
        while let line = TextLine(in: bytes, at: next) {
            if Self.isDelimiter(line, in: bytes) {
                (block, isTerminated) = (opening.end..<line.content.lowerBound, true)
                return
            }
            next = line.end
        }
        var end = opening.end
        while let line = TextLine(in: bytes, at: end), line.isBlank(in: bytes) || KeyLine(line.content, in: bytes) != nil {
            end = line.end
        }
        (block, isTerminated) = (opening.end..<end, false)
    }

    private static func isDelimiter(_ line: TextLine, in bytes: [UInt8]) -> Bool {
        line.content.count >= 3 && line.trimmedContent(in: bytes).elementsEqual("---".utf8)
    }
}
