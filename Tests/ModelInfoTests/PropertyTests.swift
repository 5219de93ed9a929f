import Testing

@testable import ModelInfo

/// Rules that hold for any bytes; chance is seeded, so a failure comes again.
struct PropertyTests {
    private static let pieces: [String] = [
        "---", "\n", "\r\n", "\r", ": ", ":", " ", "\t", "#", "name", "caffemodel", "caffemodel_url", "sha1", "gist_id", "license",
        "caffe_commit", "\"", "'", "[", "]",
        "{", "}", "- ", "|", ">", "&a", "*a", "!!str", "!", "\\", "http://h/a", "https://u:p@h", "\u{FEFF}", "ü", "\u{200B}", "\u{0}",
        "\u{2028}", "<<<<<<< x", "=======", "...",
        "0123", "a", "?", ",", "%", "@", "9116a64c0fbe4459d18f4bb6b56d647b63920377", "ghp_", "-----BEGIN ", "eyJ", ".", "/", "😀",
        "e\u{301}",
    ]

    private func text(using chance: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = Bool.random(using: &chance) ? Array("---\n".utf8) : []
        for _ in 0..<Int.random(in: 0...60, using: &chance) {
            switch Int.random(in: 0...9, using: &chance) {
            case 0: bytes.append(UInt8.random(in: 0...255, using: &chance))
            case 1, 2: bytes += Array("\nname: ".utf8)
            default: bytes += Array(Self.pieces.randomElement(using: &chance)!.utf8)
            }
        }
        if Bool.random(using: &chance) { bytes += Array("\n---\n".utf8) }
        return bytes
    }

    @Test(arguments: 0..<8)
    func `reading any bytes ends, and says only places that exist`(seed: Int) {
        var chance = SeededGenerator(state: UInt64(seed))
        for _ in 0..<500 {
            let bytes = text(using: &chance)
            let reading = SnapshotBuilder().file("readme.md", bytes).file("x.txt", bytes).reading()
            let lines = TextLine.all(in: bytes, range: 0..<bytes.count).count + 1
            for diagnostic in reading.diagnostics {
                #expect((diagnostic.line ?? 1) >= 1 && (diagnostic.column ?? 1) >= 1)
                if !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]) { #expect((diagnostic.line ?? 1) <= lines) }
            }
            for occurrence in Frontmatter(bytes, fileName: "").occurrences { #expect((1...lines).contains(occurrence.line)) }
        }
    }

    @Test(arguments: 0..<8)
    func `an edit changes one line, reads back, and touches no other key`(seed: Int) {
        var chance = SeededGenerator(state: UInt64(1000 + seed))
        var made = 0
        for _ in 0..<400 {
            let bytes = text(using: &chance)
            let value = (0..<Int.random(in: 1...5, using: &chance)).map { _ in Self.pieces.randomElement(using: &chance)! }.joined()
            let key = ["gist_id", "name", "sha1", "mean_file"].randomElement(using: &chance)!
            guard case .success(let edited) = FrontmatterEditor.setting(key, to: value, in: bytes) else { continue }
            made += 1
            let after = Frontmatter(edited, fileName: "").occurrences
            #expect(after.contains { Array($0.value.utf8) == Array(value.trimmed.utf8) })
            let (old, new) = (lines(bytes), lines(edited))
            let head = zip(old, new).prefix { $0 == $1 }.count
            let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }.count
            #expect(new.count - head - tail <= 1 && old.count - head - tail <= 1)
            #expect(FrontmatterEditor.setting(key, to: value, in: edited) == .success(edited))
            if old.count < new.count { #expect(FrontmatterEditor.removing(key, in: edited) == .success(bytes)) }
        }
        #expect(made > 20)
    }

    private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var start = 0
        return TextLine.all(in: bytes, range: 0..<bytes.count).map { line in
            defer { start = line.end }
            return bytes[start..<line.end]
        }
    }

    private static let byteCount = 256 * 1024

    private static func repeated(_ text: String, behind head: String = "", before tail: String = "") -> [UInt8] {
        Array((head + String(repeating: text, count: byteCount / text.utf8.count) + tail).utf8)
    }

    static let large: [(String, [UInt8])] = [
        ("1 MiB of text", Array("---\nname: x\n---\n".utf8) + [UInt8](repeating: 0x61, count: 1 << 20)),
        ("a block without end", repeated("a", behind: "---\nname: x\n")),
        ("keys", repeated("k: v\n", behind: "---\n", before: "---\n")),
        ("keys without end", repeated("k: v: \"x\n", behind: "---\n")),
        ("colons", repeated(":", behind: "---\n", before: "\n---\n")),
        ("delimiters", repeated("---\n")),
        ("starts of tokens", repeated("sk-")),
        ("starts of web tokens", repeated("-eyJ", behind: "eyJaaaaaaaa.eyJaaaaaaaaa")),
        ("parts of web tokens", repeated("eyJ.")),
        ("starts of URLs", repeated("a://b@")),
        ("starts of keys", repeated("-----BEGIN ")),
        ("headings", repeated("# L\n")),
        ("Latin-1", [UInt8](repeating: 0xFC, count: byteCount)),
        ("blank lines", repeated("\n")), ("keys in the text", repeated("caffemodel: a\n", behind: "## Info\n")),
        ("glued keys", repeated("###name: x\n")), ("rows", repeated("| caffemodel | x |\n")), ("blocks", repeated("---\nk: v\n")),
        ("items without value", repeated("caffemodel_url:\n- http://h\n")), ("URLs", repeated("http://")),
        ("pairs", repeated("name: x | ")),
        ("keys in sentences", repeated("sha1:[ ")),
        ("items of our list", repeated("- file: a\n", behind: "---\nbinaries:\n", before: "---\n")),
    ]

    @Test(arguments: large)
    func `reading is linear in the bytes, whatever they are`(name: String, bytes: [UInt8]) {
        let clock = ContinuousClock()
        let time = clock.measure { _ = SnapshotBuilder().file("readme.md", bytes).reading(maximumFileSize: 2 << 20) }
        // Unoptimised and on a busy machine; quadratic work would take hours.
        #expect(time < .seconds(60), "\(name): \(time)")
    }
}
