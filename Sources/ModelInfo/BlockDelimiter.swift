/// A line that begins or ends a block of keys: `---`, or something that a person took for it.
struct BlockDelimiter: Hashable {
    /// `---` and nothing else but blanks at the end.
    let isExact: Bool
    /// The character it is made of; `-` also for dashes that an editor made typographic.
    let mark: UInt8

    /// Blanks stand before it.
    let isIndented: Bool

    var isFence: Bool { mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") }

    init?(_ line: TextLine, in bytes: [UInt8]) {
        let text = line.trimmedContent(in: bytes)
        let bare = text.drop(while: \.isBlank)
        guard text.count - bare.count <= 3, let first = bare.first else { return nil }
        isIndented = text.count > bare.count
        isExact = text.elementsEqual("---".utf8)
        switch first {
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "."):
            guard bare.allSatisfy({ $0 == first || $0.isBlank }),
                bare.count(where: { $0 == first }) >= (first == UInt8(ascii: "-") ? 2 : 3),
                first != UInt8(ascii: ".") || bare.count == 3
            else { return nil }
            mark = first
        case UInt8(ascii: "`"), UInt8(ascii: "~"):
            guard let fence = CodeFence(bare), !fence.isForeign else { return nil }
            mark = first
        case 0xE2:
            // En dash, em dash, horizontal bar; the ellipsis that three dots become.
            let isDash = stride(from: bare.startIndex, to: bare.endIndex, by: 3).allSatisfy {
                $0 + 2 < bare.endIndex && bare[$0] == 0xE2 && bare[$0 + 1] == 0x80 && (0x93...0x95).contains(bare[$0 + 2])
            }
            guard isDash || bare.elementsEqual("…".utf8) else { return nil }
            mark = UInt8(ascii: "-")
        default: return nil
        }
    }
}
