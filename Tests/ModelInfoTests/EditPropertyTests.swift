import Testing

@testable import ModelInfo

/// Rules of an edit that hold for any readme; chance is seeded, so a failure comes again.
struct EditPropertyTests {
    /// A readme as people write them, made by chance, of which it is known what each line is.
    private struct RandomReadme {
        var lines: [String] = []
        var keys: [(key: String, line: Int, comment: String)] = []
        var mark = ""
        var ending = "\n"
        var isEndedAtLast = true

        static let names = ["name", "caffemodel", "caffemodel_url", "sha1", "license", "caffe_commit", "mean_file", "Top-1", "note"]

        init(using chance: inout SeededGenerator) {
            mark = Bool.random(using: &chance) ? "\u{FEFF}" : ""
            ending = ["\n", "\r\n", "\r"].randomElement(using: &chance)!
            isEndedAtLast = Bool.random(using: &chance)
            let indentation = ["", "", "  "].randomElement(using: &chance)!
            lines = ["---" + blanks(&chance)]
            for name in Self.names.shuffled(using: &chance).prefix(Int.random(in: 1...6, using: &chance)) {
                if Int.random(in: 0..<4, using: &chance) == 0 { lines.append(indentation + "# a comment: with a colon") }
                let comment = Bool.random(using: &chance) ? " # why" + blanks(&chance) : blanks(&chance)
                let value = ["plain", "\"in quotes # no comment\"", "'it''s'", "", "http://h.org/a#b", "ü 模型", "0123"].randomElement(
                    using: &chance)!
                keys.append((name, lines.count, comment))
                lines.append("\(indentation)\(name):\(value.isEmpty ? "" : [" ", "   "].randomElement(using: &chance)!)\(value)\(comment)")
            }
            if Bool.random(using: &chance) { lines.append(blanks(&chance)) }
            lines += ["---", "Some text: not a key.", "", "  more \t"].prefix(Int.random(in: 1...4, using: &chance))
        }

        private func blanks(_ chance: inout SeededGenerator) -> String { ["", "", " ", " \t"].randomElement(using: &chance)! }

        var bytes: [UInt8] { Self.joined(mark, lines, ending, isEndedAtLast) }

        static func joined(_ mark: String, _ lines: [String], _ ending: String, _ isEndedAtLast: Bool) -> [UInt8] {
            Array((mark + lines.joined(separator: ending) + (isEndedAtLast ? ending : "")).utf8)
        }

        /// These bytes cut into lines; nil when mark, line ends or the last ending are no longer those of this readme.
        func lines(of bytes: [UInt8]) -> [String]? {
            let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
            var lines = String(text.dropFirst(mark.unicodeScalars.count)).split(ending)
            if isEndedAtLast, lines.last == "" { lines.removeLast() }
            return Self.joined(mark, lines, ending, isEndedAtLast) == bytes ? lines : nil
        }
    }

    private static let values = [
        "B", "a: b", "x # y", "\"", "it's", "7e15512", "No", "ü 模型 😀", "https://h.example.org/a.caffemodel?x=1#y", "- z", "[a]", "{b",
        "\\n", "a\tb",
        "034c6ac3865563b69e60", "~",
    ]

    private func value(_ key: String, in bytes: [UInt8]) -> String? {
        Frontmatter(bytes, fileName: "").occurrences.first { $0.key == key }?.value
    }

    @Test(arguments: 0..<6)
    func `another value of a key changes its line from the value to the comment and nothing else`(seed: Int) throws {
        var chance = SeededGenerator(state: UInt64(seed))
        for _ in 0..<200 {
            let readme = RandomReadme(using: &chance)
            let (key, line, comment) = readme.keys.randomElement(using: &chance)!
            let value = Self.values.randomElement(using: &chance)!
            let edited = try FrontmatterEditor.setting(key, to: value, in: readme.bytes).get()
            #expect(self.value(key, in: edited)?.hasSameBytes(as: value) == true)
            let lines = try #require(readme.lines(of: edited), "\(readme)")
            #expect(lines.count == readme.lines.count)
            for (index, pair) in zip(readme.lines, lines).enumerated() where index != line { #expect(pair.0.hasSameBytes(as: pair.1)) }
            #expect(lines[line].hasSuffix(comment) && lines[line].hasPrefix(readme.lines[line].prefix { $0 != ":" }), "\(lines[line])")
            #expect(FrontmatterEditor.setting(key, to: value, in: edited) == .success(edited))
        }
    }

    @Test(arguments: 0..<6)
    func `a new key adds one line, and taking it out gives the old bytes back`(seed: Int) throws {
        var chance = SeededGenerator(state: UInt64(100 + seed))
        for _ in 0..<200 {
            let readme = RandomReadme(using: &chance)
            let value = Self.values.randomElement(using: &chance)!
            let edited = try FrontmatterEditor.setting("gist_id", to: value, in: readme.bytes).get()
            #expect(self.value("gist_id", in: edited)?.hasSameBytes(as: value) == true)
            var lines = try #require(readme.lines(of: edited), "\(readme)")
            let added = try #require(lines.firstIndex { $0.contains("gist_id:") })
            lines.remove(at: added)
            #expect(RandomReadme.joined(readme.mark, lines, readme.ending, readme.isEndedAtLast) == readme.bytes)
            #expect(FrontmatterEditor.removing("gist_id", in: edited) == .success(readme.bytes))
        }
    }

    @Test(arguments: 0..<6)
    func `a key goes with its line and takes no other`(seed: Int) throws {
        var chance = SeededGenerator(state: UInt64(200 + seed))
        for _ in 0..<200 {
            let readme = RandomReadme(using: &chance)
            let (key, line, _) = readme.keys.randomElement(using: &chance)!
            let edited = try FrontmatterEditor.removing(key, in: readme.bytes).get()
            var lines = readme.lines
            lines.remove(at: line)
            #expect(edited == RandomReadme.joined(readme.mark, lines, readme.ending, readme.isEndedAtLast))
            #expect(value(key, in: edited) == nil)
        }
    }

    @Test(arguments: 0..<4)
    func `a block at the top leaves every byte below it`(seed: Int) throws {
        var chance = SeededGenerator(state: UInt64(300 + seed))
        for _ in 0..<100 {
            var readme = RandomReadme(using: &chance)
            readme.lines = ["# Title", "", "Some text, and no more.", "  end \t"].shuffled(using: &chance)
            let value = Self.values.randomElement(using: &chance)!
            guard case .failure(let refusal) = FrontmatterEditor.setting("name", to: value, in: readme.bytes) else {
                Issue.record("no block and no key, and yet an edit")
                continue
            }
            #expect(refusal.wantsBlock)
            let edited = try FrontmatterEditor.addingBlock("name", to: value, in: readme.bytes).get()
            let mark = readme.mark.utf8.count
            #expect(
                edited.prefix(mark) == readme.bytes.prefix(mark) && edited.suffix(readme.bytes.count - mark) == readme.bytes.dropFirst(mark)
            )
            #expect(self.value("name", in: edited)?.hasSameBytes(as: value) == true)
            #expect(try #require(readme.lines(of: edited)).count == readme.lines.count + 3)
        }
    }
}

extension String {
    /// Cut at a line ending, which Swift takes for one character also when it is two.
    fileprivate func split(_ ending: String) -> [String] {
        var lines = [""]
        var rest = unicodeScalars[...]
        while let scalar = rest.first {
            if rest.starts(with: ending.unicodeScalars) {
                rest = rest.dropFirst(ending.unicodeScalars.count)
                lines.append("")
            } else {
                lines[lines.count - 1].unicodeScalars.append(scalar)
                rest = rest.dropFirst()
            }
        }
        return lines
    }

    @Test func `a line between line ends of two kinds is not taken out, since an empty line would go with it`() throws {
        let readme = Array("---\rname: Net\n\nlicense: MIT\n---\n".utf8)
        guard case .failure(let refusal) = FrontmatterEditor.removing("name", in: readme) else {
            Issue.record("it was taken out")
            return
        }
        #expect(refusal.message.contains("line 2"))
        #expect(FrontmatterEditor.removing("license", in: readme) == .success(Array("---\rname: Net\n\n---\n".utf8)))
    }
}
