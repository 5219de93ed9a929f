/// An HTML tag, in a page of HTML or amid Markdown.
struct CatalogPageTag {
    /// In lower case; of a closing one with its slash.
    let name: String
    /// What stands behind the name.
    private let attributes: Range<Int>
    /// Behind the `>`.
    let end: Int

    /// Nil when what stands at `index` is none: `<https://…>`, `a < b`.
    init?(in text: borrowing CatalogPageText, at index: Int) {
        // Mostly it is a quotation mark, an arrow or a comparison.
        guard index + 1 < text.bytes.count, text.bytes[index + 1].isAlphanumeric || text.bytes[index + 1] == UInt8(ascii: "/") else {
            return nil
        }
        let bytes = text.bytes
        var stop = index + 1
        if stop < bytes.count, bytes[stop] == UInt8(ascii: "/") { stop += 1 }
        guard stop < bytes.count, bytes[stop].isAlphanumeric, !bytes[stop].isDecimalDigit else { return nil }
        while stop < bytes.count, bytes[stop].isAlphanumeric || bytes[stop] == UInt8(ascii: "-") { stop += 1 }
        let name = (index + 1)..<stop
        guard stop < bytes.count, bytes[stop].isBlank || bytes[stop].isLineEnd || "/>".utf8.contains(bytes[stop]) else { return nil }
        var isLineEmpty = false
        while stop < bytes.count, bytes[stop] != UInt8(ascii: ">") {
            // No tag goes beyond its paragraph, and none holds another.
            if bytes[stop] == UInt8(ascii: "<") || bytes[stop] == .lineFeed && isLineEmpty { return nil }
            isLineEmpty = bytes[stop] == .lineFeed || isLineEmpty && (bytes[stop].isBlank || bytes[stop] == .carriageReturn)
            stop += 1
        }
        guard stop < bytes.count else { return nil }
        // Names of interest are short.
        self.name = name.count > 8 ? "" : String(decoding: bytes[name].map(\.lowercasedASCII), as: UTF8.self)
        (attributes, end) = (name.upperBound..<stop, stop + 1)
    }

    /// The value of `href`; nil when there is none.
    func href(in bytes: [UInt8]) -> Range<Int>? {
        var rest = attributes
        func drop(while condition: (UInt8) -> Bool) { rest = (rest.first { !condition(bytes[$0]) } ?? rest.upperBound)..<rest.upperBound }
        while !rest.isEmpty {
            drop { $0.isBlank || $0.isLineEnd || $0 == UInt8(ascii: "/") }
            let name = rest.lowerBound
            drop { !($0.isBlank || $0.isLineEnd || $0 == UInt8(ascii: "=")) }
            let isHref = rest.lowerBound - name == 4 && bytes.hasASCII("href", at: name)
            drop { $0.isBlank || $0.isLineEnd }
            guard let sign = rest.first, bytes[sign] == UInt8(ascii: "=") else { continue }
            rest = (sign + 1)..<rest.upperBound
            drop { $0.isBlank || $0.isLineEnd }
            guard let first = rest.first else { return nil }
            let value: Range<Int>
            if "\"'".utf8.contains(bytes[first]) {
                rest = (first + 1)..<rest.upperBound
                drop { $0 != bytes[first] }
                value = (first + 1)..<rest.lowerBound
                rest = min(rest.lowerBound + 1, rest.upperBound)..<rest.upperBound
            } else {
                drop { !($0.isBlank || $0.isLineEnd) }
                value = first..<rest.lowerBound
            }
            if isHref { return value.isEmpty ? nil : value }
        }
        return nil
    }
}
