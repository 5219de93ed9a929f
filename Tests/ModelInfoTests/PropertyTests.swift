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

    /// An input of as many bytes as asked for, or a little more.
    struct Hostile: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let piece: [UInt8]
        var head = ""
        var tail = ""

        init(_ name: String, _ piece: String, behind head: String = "", before tail: String = "") {
            self.init(name, Array(piece.utf8), behind: head, before: tail)
        }

        init(_ name: String, _ piece: [UInt8], behind head: String = "", before tail: String = "") {
            (testDescription, self.piece, self.head, self.tail) = (name, piece, head, tail)
        }

        func bytes(count: Int) -> [UInt8] {
            Array(head.utf8) + repeatElement(piece, count: count / piece.count).joined() + Array(tail.utf8)
        }
    }

    static let hostile: [Hostile] = [
        Hostile("text behind a block", "a", behind: "---\nname: x\n---\n"),
        Hostile("a block without end", "a", behind: "---\nname: x\n"),
        Hostile("keys", "k: v\n", behind: "---\n", before: "---\n"),
        Hostile("keys without end", "k: v: \"x\n", behind: "---\n"),
        Hostile("colons", ":", behind: "---\n", before: "\n---\n"),
        Hostile("delimiters", "---\n"),
        Hostile("starts of tokens", "sk-"),
        Hostile("starts of web tokens", "-eyJ", behind: "eyJaaaaaaaa.eyJaaaaaaaaa"),
        Hostile("parts of web tokens", "eyJ."),
        Hostile("starts of URLs", "a://b@"),
        Hostile("starts of private keys", "-----BEGIN "),
        Hostile("headings", "# L\n"),
        Hostile("Latin-1", [0xFC]),
        Hostile("blank lines", "\n"), Hostile("keys in the text", "caffemodel: a\n", behind: "## Info\n"),
        Hostile("glued keys", "###name: x\n"), Hostile("rows", "| caffemodel | x |\n"), Hostile("blocks", "---\nk: v\n"),
        Hostile("items without value", "caffemodel_url:\n- http://h\n"), Hostile("URLs", "http://"),
        Hostile("pairs", "name: x | "),
        Hostile("keys in sentences", "sha1:[ "),
        Hostile("items of our list", "- file: a\n", behind: "---\nbinaries:\n", before: "---\n"),
        Hostile("stray keys", "  name: |\n", behind: "---\na: b: c\n", before: "---\n"),
        Hostile("tables", "| caffemodel_url | a |\n\n"),
    ]

    @Test(arguments: hostile)
    func `reading is linear in the bytes, whatever they are`(input: Hostile) {
        let (small, large) = (input.bytes(count: 8 * 1024), input.bytes(count: 64 * 1024))
        func time(of bytes: [UInt8]) -> Duration {
            ContinuousClock().measure { _ = SnapshotBuilder().file("readme.md", bytes).reading(maximumFileSize: 2 << 20) }
        }
        // Eight times the bytes: a square would take 64 times as long. A busy machine may spoil one measurement, hardly three.
        let isLinear = (0..<3).contains { _ in
            let unit = time(of: small)
            return time(of: large) < unit * 18 + .milliseconds(200)
        }
        #expect(isLinear)
    }
}
