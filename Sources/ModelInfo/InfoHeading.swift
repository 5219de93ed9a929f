/// Whether a heading announces a model's keys: `##Information`, `# Model Information`, `### Model info:`.
enum InfoHeading {
    static func announcesKeys(_ words: ArraySlice<UInt8>) -> Bool {
        guard words.count <= 64 else { return false }
        return words.split { !$0.isAlphanumeric }.contains { word in
            let lower = String(decoding: word, as: UTF8.self).lowercased()
            return ["info", "infos", "information", "informations", "metadata", "frontmatter", "caffemodel"].contains(lower)
        }
    }
}
