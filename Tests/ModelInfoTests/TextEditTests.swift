import Testing

@testable import ModelInfo

/// Keys that stand in the text of a readme, outside any block.
struct TextEditTests {
    private let id = "034c6ac3865563b69e60"
    private let sha1 = "9116a64c0fbe4459d18f4bb6b56d647b63920377"

    private func set(_ key: String, _ value: String, _ text: String) -> String? {
        (try? FrontmatterEditor.setting(key, to: value, in: Array(text.utf8)).get()).map { String(decoding: $0, as: UTF8.self) }
    }

    private let list =
        "# Model\n\n## Information\n\n* name: A net\n* caffemodel: a.caffemodel\n* caffemodel_url: http://h.org/a.caffemodel  \n\nText.\n"

    @Test func `a key in the text is edited where it stands`() {
        #expect(
            set("name", "B: net", "# T\n\n## Information\nname: A\ncaffemodel: a.caffemodel\n\nText.\n")
                == "# T\n\n## Information\nname: B: net\ncaffemodel: a.caffemodel\n\nText.\n")
        #expect(
            set("caffemodel_url", "https://h.org/b.caffemodel", list)
                == list.replacing("http://h.org/a.caffemodel", with: "https://h.org/b.caffemodel"))
        #expect(
            set("caffemodel_url", "https://h.org/b.caffemodel", list.replacing("\n", with: "\r\n"))
                == list.replacing("http://h.org/a.caffemodel", with: "https://h.org/b.caffemodel").replacing("\n", with: "\r\n"))
        let escaped = "## Info\r\n- caffemodel\\_url: http://h.org/a.caffemodel\r\n- caffemodel: a.caffemodel"
        #expect(set("caffemodel_url", "http://h.org/b.caffemodel", escaped) == escaped.replacing("h.org/a", with: "h.org/b"))
    }

    @Test func `a new key comes below the last and looks like it`() {
        #expect(set("gist_id", id, list) == list.replacing("a.caffemodel  \n", with: "a.caffemodel  \n* gist_id: \(id)\n"))
        #expect(
            set("gist_id", id, "## Information\r\nname: A\r\ncaffemodel: a.caffemodel")
                == "## Information\r\nname: A\r\ncaffemodel: a.caffemodel\r\ngist_id: \(id)")
    }

    @Test func `what does not plainly stand on its line is refused with the line to add`() {
        for text in [
            "## Information\n\n- [caffemodel_url](http://h.org/a.caffemodel)\n- caffemodel: a.caffemodel\n",
            "The weights are at http://h.org/a.caffemodel, a file of 200 MB.\n",
            "---\nname: A\nbinaries:\n  - file: a.caffemodel\n---\n",
        ] {
            let result = FrontmatterEditor.setting("caffemodel_url", to: "http://h.org/b.caffemodel", in: Array(text.utf8))
            guard case .failure(let refusal) = result else {
                #expect(throws: FrontmatterEditor.EditRefusal.self) { String(decoding: try result.get(), as: UTF8.self) }
                continue
            }
            #expect(refusal.lineToAdd == "caffemodel_url: http://h.org/b.caffemodel")
        }
    }

    @Test func `a URL in a sentence is no key: what is set comes into the block`() {
        let text = "---\nname: A\n---\nThe weights are at https://www.dropbox.com/s/abc/a.caffemodel?dl=0, 200 MB.\n"
        #expect(
            set("caffemodel_url", "http://h.org/b.caffemodel", text)
                == text.replacing("A\n", with: "A\ncaffemodel_url: http://h.org/b.caffemodel\n"))
        #expect(FixedReadme(Array(text.utf8)).fixes.isEmpty && FixedReadme(Array(text.utf8)).refused.isEmpty)
        let bare = "The weights are at http://h.org/a.caffemodel, a file of 200 MB.\n"
        let added = try? FrontmatterEditor.addingBlock("name", to: "A", in: Array(bare.utf8)).get()
        #expect(added == Array("---\nname: A\n---\n\(bare)".utf8))
    }

    @Test func `what is certain is fixed in the text too`() {
        let text =
            "## Information\n\n- sha1: \(sha1.uppercased())\n- gist_id: https://gist.github.com/u/\(id)\n- caffemodel: a.caffemodel\n"
        let fixed = FixedReadme(Array(text.utf8))
        #expect(
            String(decoding: fixed.bytes, as: UTF8.self)
                == "## Information\n\n- sha1: \(sha1)\n- gist_id: \(id)\n- caffemodel: a.caffemodel\n")
        #expect(fixed.fixes.map(\.line) == [3, 4] && fixed.refused.isEmpty)
    }

    @Test func `of several binaries each line is fixed for itself`() {
        let text =
            "---\nname: A\nbinaries:\n  - file: a.caffemodel\n    sha1: \(sha1.uppercased())\n  - file: b.caffemodel\n    sha1: \(sha1)\n---\n"
        #expect(String(decoding: FixedReadme(Array(text.utf8)).bytes, as: UTF8.self) == text.replacing(sha1.uppercased(), with: sha1))
    }

    @Test(arguments: 0..<6)
    func `in a list, under a heading or bare, exactly one line changes`(seed: Int) throws {
        var chance = SeededGenerator(state: UInt64(400 + seed))
        var made = 0
        for _ in 0..<100 {
            let ending = ["\n", "\r\n"].randomElement(using: &chance)!
            let marker = ["", "- ", "* ", "  * "].randomElement(using: &chance)!
            let keys = ["name", "caffemodel", "caffemodel_url", "license"].shuffled(using: &chance)
            let values = ["name": "A net", "caffemodel": "a.caffemodel", "caffemodel_url": "http://h.org/a.caffemodel", "license": "free"]
            var lines =
                ["\u{FEFF}# Title", "", "## Information", ""]
                + keys.map { "\(marker)\($0): \(values[$0]!)" + ["", " ", "  "].randomElement(using: &chance)! }
            lines += ["", "Text.", ""].prefix(Int.random(in: 0...3, using: &chance))
            let text = lines.joined(separator: ending)
            let key = keys.randomElement(using: &chance)!
            let value = ["other", "http://h.org/b", "b.caffemodel", "ü: 模型"].randomElement(using: &chance)!
            guard let edited = set(key, value, text) else { continue }
            made += 1
            let line = try #require(lines.firstIndex { $0.hasPrefix("\(marker)\(key):") })
            var expected = lines
            expected[line] = expected[line].replacing(values[key]!, with: value)
            #expect(edited.hasSameBytes(as: expected.joined(separator: ending)), "\(edited)")
            #expect(set(key, value, edited)?.hasSameBytes(as: edited) == true)
        }
        #expect(made > 50, "\(made)")
    }
}
