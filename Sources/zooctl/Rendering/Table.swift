/// Columns of text. Numbers stand on the right; the last column takes what the terminal leaves.
struct Table {
    struct Column {
        var title: String
        var isNumber = false
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

    /// Narrower than this the last column is not cut, whatever the terminal's width: a few letters help nobody.
    private static let leastWidth = 16
    private static let gap = 2

    /// Lines with their line ends; without a line of titles when all are empty.
    func text(_ style: Style) -> String {
        let titles = columns.map { Cell($0.title, .dim) }
        let lines = columns.allSatisfy(\.title.isEmpty) ? rows : [titles] + rows
        let widths = columns.indices.map { index in lines.map { columnCount($0[index].text) }.max() ?? 0 }
        let last = columns.count - 1
        let before = widths.dropLast().map { $0 > 0 ? $0 + Self.gap : 0 }.reduce(0, +)
        let room = style.width.map { max(Self.leastWidth, $0 - before) }
        return lines.map { line in
            var result = ""
            for index in columns.indices where widths[index] > 0 {
                var cell = line[index]
                if index == last, let room { cell.text = shortened(cell.text, to: room, style) }
                let padding = String(repeating: " ", count: max(0, widths[index] - columnCount(cell.text)))
                let painted = style.painted(cell.text, cell.paint)
                result += columns[index].isNumber ? padding + painted : index == last ? painted : painted + padding
                if index < last { result += String(repeating: " ", count: Self.gap) }
            }
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
