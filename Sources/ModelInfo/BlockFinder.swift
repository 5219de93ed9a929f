/// Where a block of keys begins and ends.
struct BlockBounds {
    /// The bytes between the delimiter lines.
    let block: Range<Int>
    /// Number of the first line in `block`, from 1: the one behind the opening delimiter.
    let firstLine: Int
    /// Whether there is a closing delimiter. Without it the block ends where the keys do.
    let isTerminated: Bool
    /// Where everything of the block ends: behind its closing delimiter.
    let end: Int
    /// The opening delimiter is exactly `---`.
    let isOpenedExactly: Bool
    /// Number of the line of the closing delimiter when that is not exactly `---`.
    var inexactClosingLine: Int?
    /// Blank lines, text or another block stand before it.
    let isLate: Bool

    /// Numbers of the delimiter lines that are not exactly `---`.
    var inexactLines: [Int] { [isOpenedExactly ? nil : firstLine - 1, inexactClosingLine].compactMap { $0 } }
}

/// Finds the block of keys in a readme's lines.
struct BlockFinder {
    let bytes: [UInt8]
    /// All lines of the file; the first one without its byte order mark.
    let lines: [TextLine]
    /// The block that holds the model's keys or, without one, the block at the top.
    private(set) var block: BlockBounds?
    /// A block before it, which belongs to another tool.
    private(set) var foreign: BlockBounds?

    /// Lines of a block that are looked at to find its end.
    private static let maximumLineCount = 100_000

    /// - Parameter lines: All of them, the first one without its byte order mark.
    init(in bytes: [UInt8], lines: [TextLine]) {
        (self.bytes, self.lines) = (bytes, lines)
        guard let top = lines.firstIndex(where: { !$0.isBlank(in: bytes) }) else { return }
        let first = topBlock(at: top)
        if let first, hasKnownKey(first.bounds) {
            block = first.bounds
            return
        }
        if first == nil, let other = otherFormat(at: top) {
            foreign = other
            block = lateBlock(from: top)
            return
        }
        block = lateBlock(from: first?.next ?? top) ?? first?.bounds
        if let first, let block, block.firstLine != first.bounds.firstLine { foreign = first.bounds }
    }

    /// Where the delimiter line that opens a block begins.
    func openingOffset(of bounds: BlockBounds) -> Int { lines[bounds.firstLine - 2].content.lowerBound }

    // MARK: At the top

    private func topBlock(at top: Int) -> (bounds: BlockBounds, next: Int)? {
        guard let opening = BlockDelimiter(lines[top], in: bytes) else { return nil }
        if opening.isFence {
            // A fence around a whole block: the block is what counts.
            if let inner = nextLine(after: top), let delimiter = BlockDelimiter(lines[inner], in: bytes), delimiter.isExact,
                let found = block(openedAt: inner, delimiter, isLate: true), found.bounds.isTerminated, hasKnownKey(found.bounds)
            {
                return found
            }
            guard let found = block(openedAt: top, opening, isLate: top > 0), found.bounds.isTerminated, isBlockOfKeys(found.bounds)
            else { return nil }
            return found
        }
        guard let found = block(openedAt: top, opening, isLate: top > 0) else { return nil }
        if opening.isExact, found.bounds.isTerminated { return found }
        guard opening.isExact ? hasKey(found.bounds) : hasKnownKey(found.bounds) else { return nil }
        return found
    }

    /// A block of `key = value` between two lines `+++`.
    private func otherFormat(at top: Int) -> BlockBounds? {
        guard let opening = BlockDelimiter(lines[top], in: bytes), opening.mark == UInt8(ascii: "+"),
            let found = block(openedAt: top, opening, isLate: false), found.bounds.isTerminated,
            bytes[found.bounds.block].contains(UInt8(ascii: "="))
        else { return nil }
        return found.bounds
    }

    private func nextLine(after index: Int) -> Int? {
        lines.indices.dropFirst(index + 1).first { !lines[$0].isBlank(in: bytes) }
    }

    // MARK: Further down

    /// The first block whose keys are certainly those of a model, unless such a key stands in the text before it: then it is part of that text.
    private func lateBlock(from start: Int) -> BlockBounds? {
        var fence: CodeFence?
        var index = start
        while index < lines.count {
            let line = lines[index]
            guard let first = line.firstMark(in: bytes), Self.mayMatter(first) else {
                index += 1
                continue
            }
            if let marks = CodeFence(line.content, in: bytes) {
                if let open = fence { fence = open.isClosed(by: marks) ? nil : open } else { fence = marks }
            } else if fence == nil {
                if let opening = BlockDelimiter(line, in: bytes), !opening.isFence, !ConflictMarkers.isMarker(line.content, in: bytes) {
                    if let found = block(openedAt: index, opening, isLate: true, isPure: true)?.bounds,
                        holdsModel(found, isExact: opening.isExact)
                    {
                        return found
                    }
                } else if isStrong(line) {
                    return nil
                }
            }
            index += 1
        }
        return nil
    }

    /// Whether a fence, a delimiter or a key of one model only may begin with this byte.
    private static func mayMatter(_ first: UInt8) -> Bool {
        switch first {
        case UInt8(ascii: "c"), UInt8(ascii: "C"), UInt8(ascii: "g"), UInt8(ascii: "G"), UInt8(ascii: "\""), UInt8(ascii: "'"),
            UInt8(ascii: "\\"), 0x80..., 0..<0x20:
            true
        default: BlockDelimiter.mayBegin(first)
        }
    }

    /// Without its end, a late block is one only when its first key stands right behind the delimiter.
    private func holdsModel(_ bounds: BlockBounds, isExact: Bool) -> Bool {
        let content = content(of: bounds, limit: Frontmatter.maximumLineCount + 1)
        guard content.count <= Frontmatter.maximumLineCount, let first = content.first else { return false }
        guard bounds.isTerminated || isExact && !lines[first].isBlank(in: bytes) else { return false }
        for index in content where isStrong(lines[index]) { return true }
        return false
    }

    // MARK: One block

    /// - Parameter isPure: The block ends, without a delimiter, at the first line that has no place in one; and any delimiter ends it.
    ///   So no line is read for more than two blocks.
    private func block(openedAt opening: Int, _ delimiter: BlockDelimiter, isLate: Bool, isPure: Bool = false) -> (
        bounds: BlockBounds, next: Int
    )? {
        let start = lines[opening].end
        var (isBehindBlank, hasSeenKey) = (false, false)
        for index in lines.indices.dropFirst(opening + 1).prefix(Self.maximumLineCount) {
            let line = lines[index]
            if line.isBlank(in: bytes) {
                isBehindBlank = true
                continue
            }
            if let closing = closing(line, of: delimiter, isAny: isPure) {
                return (
                    BlockBounds(
                        block: start..<line.content.lowerBound, firstLine: opening + 2, isTerminated: true, end: line.end,
                        isOpenedExactly: delimiter.isExact, inexactClosingLine: closing.isExact ? nil : index + 1, isLate: isLate),
                    index + 1
                )
            }
            if KeyLine(line.content, in: bytes) != nil {
                (isBehindBlank, hasSeenKey) = (false, true)
            } else if !isSubordinate(line) {
                // A paragraph of text behind keys: the block should have ended before it.
                if isPure || isBehindBlank && hasSeenKey && !delimiter.isFence { break }
                isBehindBlank = false
            }
        }
        var next = opening + 1
        var isOpenKey = false
        while next < lines.count {
            let line = lines[next]
            if let key = KeyLine(line.content, in: bytes), isPlausible(key) {
                isOpenKey = key.value.isEmpty
            } else if isOpenKey, let first = bytes[line.content].first, first.isBlank || first == UInt8(ascii: "-"),
                !line.isBlank(in: bytes)
            {
                // The value of a key that has none on its line.
            } else if !line.isBlank(in: bytes), !ConflictMarkers.isMarker(line.content, in: bytes) {
                break
            }
            next += 1
        }
        let end = next > opening + 1 ? lines[next - 1].end : start
        return (
            BlockBounds(
                block: start..<end, firstLine: opening + 2, isTerminated: false, end: end, isOpenedExactly: delimiter.isExact,
                isLate: isLate), next
        )
    }

    private func closing(_ line: TextLine, of opening: BlockDelimiter, isAny: Bool) -> BlockDelimiter? {
        guard let delimiter = BlockDelimiter(line, in: bytes) else { return nil }
        if opening.isFence { return delimiter.mark == opening.mark ? delimiter : nil }
        if delimiter.isExact || isAny && !ConflictMarkers.isMarker(line.content, in: bytes) { return delimiter }
        guard !delimiter.isIndented || opening.isIndented, !ConflictMarkers.isMarker(line.content, in: bytes) else { return nil }
        return delimiter
    }

    /// A comment, a list item, or a line that goes on what an earlier one began.
    private func isSubordinate(_ line: TextLine) -> Bool {
        guard !line.content.isEmpty else { return true }
        let first = bytes[line.content.lowerBound]
        return first.isBlank || first == UInt8(ascii: "#") || first == UInt8(ascii: "-")
            || ConflictMarkers.isMarker(line.content, in: bytes)
    }

    /// A sentence with a colon in it is no key when nothing says where the block ends.
    private func isPlausible(_ line: KeyLine) -> Bool {
        KnownKey(spelledBy: line.key, of: bytes) != nil || !bytes[line.key].contains { $0.isBlank }
    }

    // MARK: Keys

    private func isStrong(_ line: TextLine) -> Bool {
        guard line.content.count < BlockReader.maximumKeyLineCount, let key = KeyLine(line.content, in: bytes), !key.value.isEmpty else {
            return false
        }
        switch KnownKey(spelledBy: key.key, of: bytes) {
        case .caffemodel, .caffemodelURL, .gistID: return true
        default: return false
        }
    }

    /// Indices of the first `limit` lines between the delimiters.
    private func content(of bounds: BlockBounds, limit: Int) -> Range<Int> {
        let first = bounds.firstLine - 1
        var end = first
        while end < lines.count, end - first < limit, lines[end].content.lowerBound < bounds.block.upperBound { end += 1 }
        return first..<end
    }

    private func keys(of bounds: BlockBounds) -> [KeyLine] {
        content(of: bounds, limit: Frontmatter.maximumLineCount).compactMap { KeyLine(lines[$0].content, in: bytes) }
    }

    private func hasKey(_ bounds: BlockBounds) -> Bool { !keys(of: bounds).isEmpty }

    private func hasKnownKey(_ bounds: BlockBounds) -> Bool {
        keys(of: bounds).contains { KnownKey(spelledBy: $0.key, of: bytes) != nil }
    }

    private func isBlockOfKeys(_ bounds: BlockBounds) -> Bool {
        let known = Set(keys(of: bounds).compactMap { KnownKey(spelledBy: $0.key, of: bytes) })
        return known.contains(.caffemodelURL) || known.count >= 2 && known.contains(.caffemodel)
    }
}
