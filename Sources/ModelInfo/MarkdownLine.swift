/// One line of Markdown without what stands before its words: indentation, quote and heading marks, list marks.
struct MarkdownLine {
    /// The words, without blanks around them.
    let words: Range<Int>
    /// 1 to 6 for a heading, 0 else.
    let headingLevel: Int
    /// It begins with the mark of a list.
    let isItem: Bool

    init(_ line: TextLine, in bytes: borrowing [UInt8]) {
        var (start, end) = (line.content.lowerBound, line.content.upperBound)
        var (level, isItem) = (0, false)
        func skipBlanks() { while start < end, bytes[start].isBlank { start += 1 } }
        skipBlanks()
        while start < end, bytes[start] == UInt8(ascii: ">") {
            start += 1
            skipBlanks()
        }
        // A key below a list may have several marks before it: `- 1. key`.
        for _ in 0..<3 {
            guard let mark = Self.listMark(bytes, start..<end) else { break }
            (start, isItem) = (mark, true)
            skipBlanks()
        }
        var marks = 0
        while start + marks < end, bytes[start + marks] == UInt8(ascii: "#") { marks += 1 }
        if (1...6).contains(marks) {
            level = marks
            start += marks
            skipBlanks()
        }
        while end > start, bytes[end - 1].isBlank { end -= 1 }
        if level > 0 {
            while end > start, bytes[end - 1] == UInt8(ascii: "#") { end -= 1 }
            while end > start, bytes[end - 1].isBlank { end -= 1 }
        }
        (words, headingLevel, self.isItem) = (start..<end, level, isItem)
    }

    /// Where the mark of a list item ends, in front of the blank behind it.
    private static func listMark(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
        guard let first = range.first.map({ bytes[$0] }) else { return nil }
        var end = range.lowerBound
        switch first {
        case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"): end += 1
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            while end < range.upperBound, end - range.lowerBound < 4, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[end] { end += 1 }
            guard end - range.lowerBound <= 3, end < range.upperBound, bytes[end] == UInt8(ascii: ".") || bytes[end] == UInt8(ascii: ")")
            else {
                return nil
            }
            end += 1
        case UInt8(ascii: "("):
            // (1) or (a)
            guard range.count > 3, bytes[end + 1].isAlphanumeric, bytes[end + 2] == UInt8(ascii: ")") else { return nil }
            end += 3
        case UInt8(ascii: "["):
            // The box of a task list.
            guard range.count > 3, " xX".utf8.contains(bytes[end + 1]), bytes[end + 2] == UInt8(ascii: "]") else { return nil }
            end += 3
        case 0xE2 where bytes[range].starts(with: "•".utf8): end += 3
        default: return nil
        }
        return end < range.upperBound && bytes[end].isBlank ? end : nil
    }
}
