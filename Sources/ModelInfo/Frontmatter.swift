/// The block of keys between two `---` lines: where in a readme it is and which keys it holds. It should be at the top; it is found further down too.
///
/// Positions are those of the bytes as given, so that an edit can be made to them.
public struct Frontmatter: Hashable, Sendable {
    /// The bytes between the delimiter lines; empty for an empty block, nil when there is no block.
    public let block: Range<Int>?
    /// Line number of the block's first line, from 1.
    public let firstLine: Int
    /// Whether the closing `---` was found. Without it the block ends where the keys do.
    public let isTerminated: Bool
    /// Bytes that are no text: the block with its delimiters, and a block of another tool before it.
    let taken: [Range<Int>]
    /// Line of the delimiter that opens a block without any key of model info; nil when there is none.
    let foreignLine: Int?
    /// In order of their lines; a key that occurs twice is here twice. Keys of another tool's block come first.
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
        self.init(bytes, lines: TextLine.all(inReadme: bytes), fileName: fileName)
    }

    /// - Parameter lines: All of them, the first one without its byte order mark.
    init(_ bytes: [UInt8], lines: [TextLine], fileName: String) {
        let finder = BlockFinder(in: bytes, lines: lines)
        guard let bounds = finder.block else {
            (block, firstLine, isTerminated, occurrences) = (nil, 1, false, [])
            taken = finder.foreign.map { [finder.openingOffset(of: $0)..<$0.end] } ?? []
            foreignLine = finder.foreign.map { $0.firstLine - 1 }
            diagnostics = [
                Diagnostic(
                    .missingFrontmatter, file: fileName, line: 1, column: 1, message: "no frontmatter block at the top of the file",
                    hint: "put the keys between two lines '---' at the top")
            ]
            return
        }
        (firstLine, isTerminated) = (bounds.firstLine, bounds.isTerminated)
        var diagnostics: [Diagnostic] = []
        func report(_ code: DiagnosticCode, line: Int, column: Int = 1, field: String? = nil, _ message: String, hint: String? = nil) {
            diagnostics.append(
                Diagnostic(code, file: fileName, line: line, column: column, field: field, message: message, hint: hint))
        }
        if bounds.isLate {
            report(
                .frontmatterNotFirst, line: bounds.firstLine - 1, "the frontmatter block is not at the top of the file",
                hint: "move it there, with its two lines '---'")
        }
        for line in bounds.inexactLines {
            report(.frontmatterDelimiter, line: line, "a frontmatter block is delimited by exactly '---'", hint: "write '---' in this line")
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

        let reading = BlockReader(bytes: bytes, lines: lines, firstLine: bounds.firstLine).read(strictly: !isTooLarge)
        for problem in reading.problems {
            report(problem.code, line: problem.line, column: problem.column, field: problem.field, problem.message, hint: problem.hint)
        }
        let isForeign = !reading.occurrences.isEmpty && !reading.occurrences.contains { $0.known != nil }
        if let other = finder.foreign {
            let lines = TextLine.all(in: bytes, range: other.block).prefix(Self.maximumLineCount)
            let keys = BlockReader(bytes: bytes, lines: Array(lines), firstLine: other.firstLine).read(
                strictly: other.block.count <= Self.maximumByteCount)
            occurrences = keys.occurrences + reading.occurrences
            foreignLine = other.firstLine - 1
        } else {
            (occurrences, foreignLine) = (reading.occurrences, isForeign ? bounds.firstLine - 1 : nil)
        }
        taken = ([finder.foreign, bounds].compactMap { $0 }).map { finder.openingOffset(of: $0)..<$0.end }
        if occurrences.isEmpty, reading.problems.isEmpty {
            report(.frontmatterEmpty, line: bounds.firstLine - 1, "the frontmatter block is empty")
        }
        self.diagnostics = diagnostics
    }
}
