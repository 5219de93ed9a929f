/// Secrets that only the word before them gives away: passwords of a `.netrc`, secret keys of AWS.
enum LoginSecrets {
    /// By place. Work is linear in the bytes.
    static func matches(in bytes: [UInt8]) -> [SecretMatch] {
        var found: [SecretMatch] = []
        var (start, netrcLines) = (0, 0)
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: .lineFeed) ?? bytes.count
            // Most lines hold neither, and are looked at no closer.
            if netrcLines > 0 || mayMatter(bytes[start..<end]) {
                let words = Self.words(of: bytes[start..<end])
                if let match = netrcPassword(words, bytes, &netrcLines) ?? awsKey(words, bytes) { found.append(match) }
            }
            start = end + 1
        }
        return found
    }

    /// Words looked at in a line, the longest line, in bytes, and so many lines below `machine HOST` belong to it.
    private static let (wordLimit, lineLimit, netrcLineLimit) = (16, 1024, 4)

    private static func mayMatter(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.count < lineLimit else { return false }
        switch line.first(where: { !$0.isBlank }).map({ $0 | 0x20 }) {
        case UInt8(ascii: "m"), UInt8(ascii: "d"): return true
        default: return line.contains(UInt8(ascii: "=")) || line.contains(UInt8(ascii: ":"))
        }
    }

    private static func words(of line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        line.split(maxSplits: wordLimit, omittingEmptySubsequences: true) { $0 <= 0x20 || "=:\"',;".utf8.contains($0) }
    }

    /// `machine HOST login USER password SECRET`, in one line or in several.
    private static func netrcPassword(_ words: [ArraySlice<UInt8>], _ bytes: [UInt8], _ linesLeft: inout Int) -> SecretMatch? {
        let begins = words.first?.elementsEqual("machine".utf8) ?? false || words.first?.elementsEqual("default".utf8) ?? false
        let isEntry = begins && (words.count == 2 || words.contains { $0.elementsEqual("login".utf8) })
        if isEntry { linesLeft = netrcLineLimit } else if linesLeft == 0 { return nil }
        linesLeft -= 1
        // Below `machine HOST` a line is a word and its value, so that no sentence is taken for one.
        guard isEntry || words.count.isMultiple(of: 2), let at = words.firstIndex(where: { $0.elementsEqual("password".utf8) }),
            !isEntry || at >= 2, words.indices.contains(at + 1), words[at + 1].count >= 4
        else { return nil }
        return SecretMatch(range: words[at + 1].startIndex..<words[at + 1].endIndex, kind: "a password of a .netrc")
    }

    /// `aws_secret_access_key = …`, in any of the ways that programs write it: 40 characters of base64.
    private static func awsKey(_ words: [ArraySlice<UInt8>], _ bytes: [UInt8]) -> SecretMatch? {
        guard let at = words.firstIndex(where: isAWSKeyName), let value = words[(at + 1)...].first, value.count >= 38 else { return nil }
        let isKey = value.prefix(40).allSatisfy { $0.isAlphanumeric || "+/".utf8.contains($0) } && value.count <= 40
        return isKey ? SecretMatch(range: value.startIndex..<value.endIndex, kind: "an AWS secret key") : nil
    }

    private static func isAWSKeyName(_ word: ArraySlice<UInt8>) -> Bool {
        // By its last letter first: a long list of checksums is no list of names.
        guard (15...40).contains(word.count), let last = word.last(where: { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }),
            "tTyY".utf8.contains(last)
        else { return false }
        let name = String(decoding: word, as: UTF8.self).lowercased().filter { $0 != "_" && $0 != "-" }
        return name.hasSuffix("secretaccesskey") || name == "awssecretkey" || name == "awssecret"
    }
}
