/// A line that begins or ends a block of keys: `---`, or something that a person took for it.
struct BlockDelimiter: Hashable {
    /// `---` and nothing else but blanks at the end.
    let isExact: Bool
    /// The character it is made of; `-` also for dashes that an editor made typographic.
    let mark: UInt8

    /// Blanks stand before it.
    let isIndented: Bool

    var isFence: Bool { mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") }

    /// Whether any delimiter begins with this byte: most lines are none.
    static func mayBegin(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "`"), UInt8(ascii: "~"), 0xE2:
            true
        default: false
        }
    }

    init?(_ line: TextLine, in bytes: borrowing [UInt8]) {
        var start = line.content.lowerBound
        while start < line.content.upperBound, bytes[start].isBlank { start += 1 }
        guard start < line.content.upperBound, start - line.content.lowerBound <= 3, Self.mayBegin(bytes[start]) else { return nil }
        let first = bytes[start]
        let text = start..<line.trimmedEnd(in: bytes)
        isIndented = start > line.content.lowerBound
        switch first {
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "."):
            var count = 0
            for index in text {
                if bytes[index] == first { count += 1 } else if !bytes[index].isBlank { return nil }
            }
            guard count >= (first == UInt8(ascii: "-") ? 2 : 3), first != UInt8(ascii: ".") || text.count == 3 else { return nil }
            isExact = first == UInt8(ascii: "-") && count == 3 && text.count == 3 && !isIndented
            mark = first
        case UInt8(ascii: "`"), UInt8(ascii: "~"):
            guard let fence = CodeFence(text, in: bytes), !fence.isForeign else { return nil }
            isExact = false
            mark = first
        case 0xE2:
            let bare = bytes[text]
            // En dash, em dash, horizontal bar; the ellipsis that three dots become.
            let isDash = stride(from: bare.startIndex, to: bare.endIndex, by: 3).allSatisfy {
                $0 + 2 < bare.endIndex && bare[$0] == 0xE2 && bare[$0 + 1] == 0x80 && (0x93...0x95).contains(bare[$0 + 2])
            }
            guard isDash || bare.elementsEqual("…".utf8) else { return nil }
            isExact = false
            mark = UInt8(ascii: "-")
        default: return nil
        }
    }
}
