import Testing

@testable import ModelInfo

struct ModelCardTests {
    @Test func `a complete readme gives every field and no diagnostic`() {
        let card = ModelCard(readme: goodReadme, fileName: "readme.md")
        #expect(card.diagnostics.isEmpty)
        #expect(card.name == "BAIR/BVLC AlexNet Model")
        #expect(card.caffemodel == "bvlc_alexnet.caffemodel")
        #expect(card.caffemodelURL == "http://dl.caffe.berkeleyvision.org/bvlc_alexnet.caffemodel")
        #expect(card.license == "unrestricted")
        #expect(card.sha1?.description == "9116a64c0fbe4459d18f4bb6b56d647b63920377")
        #expect(card.caffeVersion == "709dc15af4a06bebda027c1eb2b3f3e3375d5077")
        #expect(card.gistID == nil)
        #expect(card.binaries.map(\.file?.description) == ["bvlc_alexnet.caffemodel"])
        #expect(card.binaries.first?.url == card.caffemodelURL)
        #expect(card.canDownload && card.canVerify && card.canPublish && card.hasZooKey)
    }

    @Test func `each absent key has its code`() {
        let card = card("x: y")
        #expect(
            card.codes == [
                .frontmatterForeign, .missingName, .missingCaffemodel, .missingCaffemodelURL, .missingSha1, .missingLicense,
                .missingCaffeVersion,
            ])
        #expect(card.places(of: .missingName) == ["1:1"])
        #expect(!card.hasZooKey && !card.canDownload && !card.canVerify && card.canPublish)
        #expect(card.binaries.isEmpty)
    }

    @Test func `a key without value is told at its line`() {
        let card = card("name:", "sha1: TODO", "gist_id:", "license: ~")
        #expect(card.places(of: .missingName) == ["2:1"])
        #expect(card.places(of: .missingSha1) == ["3:7"])
        #expect(card.places(of: .gistIDEmpty) == ["4:1"])
        #expect(card.places(of: .missingLicense) == ["5:1"])
    }

    @Test(arguments: ["# License\nx", "### Licence:\nx", "License\n-------\nx", "LICENSE\n===\n", "**License**\n\nBSD", "## Licensing\n"])
    func `a section about the license is enough`(text: String) {
        #expect(!card(text: "---\nname: x\n---\n\(text)\n").codes.contains(.missingLicense))
    }

    @Test(arguments: ["license plates are recognised", "a license", "- licenses"])
    func `the word license in a sentence is not enough`(text: String) {
        #expect(card(text: "---\nname: x\n---\n\(text)\n").codes.contains(.missingLicense))
    }

    @Test func `unknown keys are kept in order, with what they hold`() {
        let card = card("mean_file_proto: http://h/m", "name: n", "tags: [a, b]", "Zeta: 1", "alpha: 0123")
        #expect(card.extra.map(\.key) == ["mean_file_proto", "tags", "Zeta", "alpha"])
        #expect(card.extra.map(\.value) == ["http://h/m", "[a, b]", "1", "0123"])
    }

    @Test(arguments: ["caffemodel url", "Caffemodel_URL", "caffemodel-url", "caffemodel\\_url", "CAFFEMODEL_URL", "\"caffemodel url\""])
    func `a known key under another spelling is read and told`(key: String) {
        let card = card("\(key): http://h/a.caffemodel")
        #expect(card.caffemodelURL == "http://h/a.caffemodel")
        #expect(card.places(of: .keyAlias) == ["2:1"])
    }

    @Test func `commit comes before version, and the other one is not lost`() {
        let both = card("caffe_version: v", "caffe_commit: c")
        #expect(both.caffeVersion == "c")
        #expect(both.extra == [.init(key: "caffe_version", value: "v")])
        #expect(card("caffe_version: v").caffeVersion == "v")
        #expect(card("caffe_version: v", "caffe_commit:").caffeVersion == "v")
    }

    @Test func `of a key that occurs twice the first counts, and what differs stops what depends on it`() {
        let same = card("name: a", "caffemodel: m.caffemodel", "caffemodel_url: http://h/m", "name: a")
        #expect(same.places(of: .duplicateKey) == ["5:1"])
        #expect(same.canDownload && same.canPublish)
        let url = card("caffemodel: m.caffemodel", "caffemodel_url: http://h/m", "caffemodel_url: http://evil/m")
        #expect(url.caffemodelURL == "http://h/m")
        #expect(!url.canDownload && url.canPublish)
        let gist = card("gist_id: 034c6ac3865563b69e60", "gist_id: 134c6ac3865563b69e60")
        #expect(gist.gistID?.description == "034c6ac3865563b69e60")
        #expect(!gist.canPublish)
        let alias = card("Gist ID: 134c6ac3865563b69e60", "gist_id: 034c6ac3865563b69e60")
        #expect(alias.gistID?.description == "034c6ac3865563b69e60")
    }

    @Test(arguments: ["[a, b]", "{a: b}", "\n- a\n- b"])
    func `a structure where a string belongs is told`(value: String) {
        let card = card("name: \(value)")
        #expect(card.name == nil)
        #expect(card.places(of: .notAString) == ["2:1"])
        #expect(!card.codes.contains(.missingName))
    }

    @Test func `several URLs are mirrors`() {
        let card = card("caffemodel: m.caffemodel", "caffemodel_url:", "- http://a/m", "- https://b/m")
        #expect(card.binaries.first?.url == "http://a/m")
        #expect(card.binaries.first?.mirrors == ["https://b/m"])
        #expect(card.places(of: .multipleUrls) == ["3:1"] && card.places(of: .notAString) == ["3:1"])
    }

    @Test(arguments: ["\u{200B}", "\u{A0}", "\u{202E}", "\u{1B}", "\u{0}", "\u{FEFF}"])
    func `characters that nobody sees are told`(character: String) {
        let card = card("name: a\(character)b", "caffemodel: m.caffemodel")
        #expect(card.codes.contains(.controlCharacters))
        #expect(card.name?.unicodeScalars.first == "a")
        let hint = card.diagnostics.first { $0.code == .controlCharacters }
        #expect(hint?.message.unicodeScalars.contains { $0.isInvisible } == false)
    }

    @Test func `invisible characters at the end of a sha1 do not spoil it`() {
        let card = card("sha1: 9116a64c0fbe4459d18f4bb6b56d647b63920377\u{200B}")
        #expect(card.sha1?.description == "9116a64c0fbe4459d18f4bb6b56d647b63920377")
        #expect(card.codes.contains(.controlCharacters))
    }

    @Test func `conflict markers are told and stop everything`() {
        let card = card("name: a", "<<<<<<< HEAD", "license: x", "=======", "license: y", ">>>>>>> theirs")
        #expect(card.places(of: .conflictMarkers) == ["3:1"])
        #expect(card.name == "a")
        #expect(!card.canPublish && !card.canDownload && !card.canVerify)
        #expect(!ModelInfoTests.card("name: a").codes.contains(.conflictMarkers))
        #expect(!ModelInfoTests.card(text: "---\nname: x\n---\nLicense\n=======\nfree\n").codes.contains(.conflictMarkers))
    }

    @Test func `bytes that are not UTF-8 are read as Latin-1 and told with their place`() {
        let card = ModelCard(readme: Array("---\nname: M".utf8) + [0xFC] + Array("nchen\nsha1: x: y\n---\n".utf8), fileName: "readme.md")
        #expect(card.name == "München")
        #expect(card.places(of: .encodingNotUtf8) == ["2:8"])
    }

    @Test(arguments: [true, false])
    func `UTF-16 is read and told`(isLittleEndian: Bool) {
        let units = Array("\u{FEFF}---\nname: Ä\n---\n".utf16)
        let bytes = units.flatMap { isLittleEndian ? [UInt8($0 & 255), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 255)] }
        let card = ModelCard(readme: bytes, fileName: "readme.md")
        #expect(card.name == "Ä")
        #expect(card.codes.contains(.encodingNotUtf8))
    }

    @Test(arguments: ["", " \n\t\r\n", "\u{FEFF}", "\u{FEFF}\n"])
    func `an empty readme is told once`(text: String) {
        let card = card(text: text)
        #expect(card.codes == [.emptyReadme])
        #expect(!card.canPublish)
    }

    @Test func `a block that is not closed is not published`() {
        let card = card(text: "---\nname: a\nlicense: b\n")
        #expect(card.name == "a")
        #expect(!card.canPublish)
    }

    @Test func `diagnostics are in the order of lines`() {
        let lines = card("sha1: zz", "caffemodel: ../x", "gist_id: ?!").diagnostics.map { $0.line ?? 0 }
        #expect(lines == lines.sorted())
    }
}
