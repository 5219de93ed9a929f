/// Whether a heading announces a model's keys: `##Information`, `# Model Information`, `### Model info:`.
enum InfoHeading {
    static func announcesKeys(_ words: Range<Int>, in bytes: [UInt8]) -> Bool {
        guard words.count <= 64 else { return false }
        var start = words.lowerBound
        while start < words.upperBound {
            var end = start
            while end < words.upperBound, bytes[end].isAlphanumeric { end += 1 }
            if announcing.contains(where: { $0.count == end - start && isSame($0, start, bytes) }) { return true }
            start = end + 1
        }
        return false
    }

    private static let announcing = ["info", "infos", "information", "informations", "metadata", "frontmatter", "caffemodel"].map {
        Array($0.utf8)
    }

    private static func isSame(_ lower: [UInt8], _ start: Int, _ bytes: [UInt8]) -> Bool {
        for index in lower.indices where lower[index] != bytes[start + index] | 0x20 { return false }
        return true
    }
}
