/// The lines of a text that look like secrets.
struct SecretLines {
    struct Line {
        /// From 1.
        let number: Int
        /// For people: "a GitHub token".
        let kind: String
        /// What somebody who allows this line has seen, in the text's bytes: the line without its end or, of a private key, all of the key.
        let content: Range<Int>
    }

    /// In their order.
    let lines: [Line]

    /// Work is linear in the bytes.
    init(in bytes: [UInt8]) {
        let matches = SecretMatch.all(in: bytes).filter { !$0.isHarmless }
        guard !matches.isEmpty else {
            lines = []
            return
        }
        var found: [Line] = []
        var keyStart: Int?
        var (number, start, next) = (1, 0, 0)
        while start < bytes.count, next < matches.count || keyStart != nil {
            let feed = bytes[start...].firstIndex(of: .lineFeed) ?? bytes.count
            let end = feed > start && bytes[feed - 1] == .carriageReturn ? feed - 1 : feed
            let begun = next < matches.count && matches[next].range.lowerBound < feed ? matches[next] : nil
            if let opened = keyStart, begun?.isKeyBeginning == true {
                // The next key begins: the one before ends, wherever its end mark is.
                found[opened] = found[opened].covering(to: start)
                keyStart = nil
            } else if let opened = keyStart, feed == bytes.count || Self.endsKey(bytes[start..<end]) {
                found[opened] = found[opened].covering(to: end)
                keyStart = nil
            }
            if let begun {
                found.append(Line(number: number, kind: begun.kind, content: start..<end))
                if begun.isKeyBeginning { keyStart = found.count - 1 }
                while next < matches.count, matches[next].range.lowerBound < feed { next += 1 }
            }
            (number, start) = (number + 1, feed + 1)
        }
        if let opened = keyStart { found[opened] = found[opened].covering(to: bytes.count) }
        lines = found
    }

    private static func endsKey(_ line: ArraySlice<UInt8>) -> Bool {
        line.drop { $0.isBlank }.starts(with: "---".utf8) && String(decoding: line.prefix(80), as: UTF8.self).contains("END ")
    }
}

extension SecretLines.Line {
    fileprivate func covering(to end: Int) -> Self {
        SecretLines.Line(number: number, kind: kind, content: content.lowerBound..<max(content.upperBound, end))
    }
}
