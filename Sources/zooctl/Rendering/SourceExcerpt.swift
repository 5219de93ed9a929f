/// A source line as a terminal can show it, and where on it the caret stands.
///
/// Tabs become blanks, control characters are written out, and of a long line only what surrounds the column is left.
struct SourceExcerpt: Hashable {
    /// Printable; takes no more than the room given.
    let text: String
    /// How many terminal columns stand before the character that is meant.
    let caretOffset: Int

    /// Blanks for a tab: where the tab stops are is not known behind a margin.
    private static let tab = "    "

    /// Nil for a line on which nothing is to be seen: blank, or a bare delimiter of a block.
    /// - Parameters:
    ///   - column: From 1, in Unicode scalars; one behind the end means the end.
    ///   - room: Terminal columns.
    init?(_ line: String, column: Int, room: Int, _ style: Style) {
        guard !line.utf8.allSatisfy({ " \t-".utf8.contains($0) }) else { return nil }
        let scalars = line.unicodeScalars
        let target = min(max(column, 1) - 1, scalars.count)
        // More than a terminal's width on either side is never shown: a line of a megabyte costs no more than that.
        let first = max(0, target - room)
        let start = scalars.index(scalars.startIndex, offsetBy: first)
        let pieces = scalars[start...].prefix(2 * room).map { Self.piece($0, style) }
        let (caret, left, right) = Self.window(pieces, target - first, room, columnCount(style.ellipsis))
        let isCutLeft = first > 0 || left > 0
        let isCutRight = right < pieces.count || scalars.index(start, offsetBy: pieces.count) < scalars.endIndex
        let before = isCutLeft ? style.ellipsis : ""
        text = before + pieces[left..<right].map(\.text).joined() + (isCutRight ? style.ellipsis : "")
        caretOffset = columnCount(before) + pieces[left..<caret].map(\.width).reduce(0, +)
    }

    private typealias Piece = (text: String, width: Int)

    /// The piece under the caret, and the range of pieces around it that fits into the room, with a sign at each end that is cut.
    private static func window(_ pieces: [Piece], _ target: Int, _ room: Int, _ sign: Int) -> (caret: Int, left: Int, right: Int) {
        let caret = min(target, pieces.count)
        if pieces.map(\.width).reduce(0, +) <= room - 2 * sign { return (caret, 0, pieces.count) }
        // A caret near the beginning keeps the beginning; else a third of the room stays before it.
        var left = caret
        var before = 0
        let most = pieces[..<caret].map(\.width).reduce(0, +) <= room / 2 ? room : room / 3
        while left > 0, before + pieces[left - 1].width <= most {
            left -= 1
            before += pieces[left].width
        }
        var right = left
        var width = 2 * sign
        while right < pieces.count, width + pieces[right].width <= room {
            width += pieces[right].width
            right += 1
        }
        return (caret, left, max(right, caret))
    }

    private static func piece(_ scalar: Unicode.Scalar, _ style: Style) -> Piece {
        if scalar == "\t" { return (tab, tab.count) }
        let shown = printable(String(scalar))
        switch scalar.properties.generalCategory {
        // They stand upon the character before them.
        case .nonspacingMark, .enclosingMark: return (shown, 0)
        default: return (shown, columnCount(shown))
        }
    }
}
