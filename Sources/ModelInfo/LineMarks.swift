/// What kinds of bytes a line holds, found in one walk: most lines are none of the things that a reader looks for.
struct LineMarks {
    /// The first byte that is no blank; nil in a blank line.
    private(set) var first: UInt8?
    /// A colon, or the first byte of the full-width one.
    private(set) var hasColon = false
    private(set) var hasBar = false
    private(set) var hasBrace = false

    /// - Parameter line: A line without its ending.
    init(_ line: Range<Int>, in bytes: borrowing [UInt8]) {
        for index in line {
            let byte = bytes[index]
            if first == nil, !byte.isBlank { first = byte }
            switch byte {
            case UInt8(ascii: ":"), 0xEF: hasColon = true
            case UInt8(ascii: "|"): hasBar = true
            case UInt8(ascii: "{"), UInt8(ascii: "}"): hasBrace = true
            default: break
            }
        }
    }

    var mayBeFence: Bool { first == UInt8(ascii: "`") || first == UInt8(ascii: "~") }

    var mayBeDelimiter: Bool { first.map(BlockDelimiter.mayBegin) ?? false }

    var mayBeConflict: Bool {
        switch first {
        case UInt8(ascii: "<"), UInt8(ascii: "|"), UInt8(ascii: "="), UInt8(ascii: ">"): true
        default: false
        }
    }
}
