/// Columns of text. Numbers stand on the right; the last column takes what the terminal leaves.
struct Table {
    struct Column {
        var title: String
        var isNumber = false
        /// Left out, the last one first, where the terminal is too narrow for all.
        var isOptional = false
    }

    struct Cell {
        var text: String
        var paint: Style.Paint?

        /// - Parameter text: May come from outside: it is made printable here, once for all tables.
        init(_ text: String, _ paint: Style.Paint? = nil) {
            (self.text, self.paint) = (printable(text), paint)
        }
    }

    let columns: [Column]
    var rows: [[Cell]] = []

    /// The last column is to have this many columns, if leaving out others can give them,
    private static let leastWidth = 16
    /// and is never cut below this: a few letters help nobody.
    private static let narrowest = 8
    private static let gap = 2

    /// Lines with their line ends; without a line of titles when all are empty.
    func text(_ style: Style) -> String {
        let lines = columns.allSatisfy(\.title.isEmpty) ? rows : [columns.map { Cell($0.title, .dim) }] + rows
        let widths = columns.indices.map { index in lines.map { columnCount($0[index].text) }.max() ?? 0 }
        var shown = columns.indices.filter { widths[$0] > 0 || $0 == columns.count - 1 }
        var room: Int?
        if let width = style.width {
            func left() -> Int { width - shown.dropLast().map { widths[$0] + Self.gap }.reduce(0, +) }
            while left() < Self.leastWidth, let dropped = shown.dropLast().last(where: { columns[$0].isOptional }) {
                shown.removeAll { $0 == dropped }
            }
            room = max(Self.narrowest, left())
        }
        return lines.map { line in
            let cells = shown.map { index in
                let isLast = index == columns.count - 1
                let text = isLast ? room.map { shortened(line[index].text, to: $0, style) } ?? line[index].text : line[index].text
                let padding = String(repeating: " ", count: max(0, widths[index] - columnCount(text)))
                let painted = style.painted(text, line[index].paint)
                return columns[index].isNumber ? padding + painted : isLast ? painted : painted + padding
            }
            var result = cells.joined(separator: String(repeating: " ", count: Self.gap))
            while result.last == " " { result.removeLast() }
            return result + "\n"
        }.joined()
    }
}

/// `text`, cut so that it takes at most `room` columns.
func shortened(_ text: String, to room: Int, _ style: Style) -> String {
    guard columnCount(text) > room else { return text }
    var result = ""
    var left = room - columnCount(style.ellipsis)
    for character in text {
        left -= columnCount(String(character))
        guard left >= 0 else { break }
        result.append(character)
    }
    return result + style.ellipsis
}
