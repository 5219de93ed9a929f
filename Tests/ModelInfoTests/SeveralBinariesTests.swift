import Testing

@testable import ModelInfo

struct SeveralBinariesTests {
    private static let sums = ["9116a64c0fbe4459d18f4bb6b56d647b63920377", "4c8d77deb20ea792f84eb5e6d0a11ca0a8660a46"]
    private static func file(_ n: Int) -> String { "caffemodel: m\(n).caffemodel" }
    private static func url(_ n: Int) -> String { "caffemodel_url: http://h/m\(n).caffemodel" }
    private static func sum(_ n: Int) -> String { "sha1: \(sums[n])" }

    static let layouts: [(String, [String])] = [
        ("one after the other", [file(0), url(0), sum(0), file(1), url(1), sum(1)]),
        ("all names, then all URLs", [file(0), file(1), url(0), url(1), sum(0), sum(1)]),
        ("URLs first", [url(0), file(0), sum(0), url(1), file(1), sum(1)]),
    ]

    private func expectBoth(_ card: ModelCard) {
        #expect(card.binaries.map(\.file?.description) == ["m0.caffemodel", "m1.caffemodel"])
        #expect(card.binaries.map(\.url) == ["http://h/m0.caffemodel", "http://h/m1.caffemodel"])
        #expect(card.binaries.map(\.sha1?.description) == Self.sums)
        #expect(card.caffemodel == "m0.caffemodel" && card.canDownload && card.canVerify && card.canPublish)
    }

    @Test(arguments: layouts)
    func `stacked keys are several binaries, in a block and in the text`(name: String, lines: [String]) {
        let block = card(text: "---\nname: a\n" + lines.joined(separator: "\n") + "\n---\n")
        expectBoth(block)
        #expect(block.places(of: .multipleCaffemodels) == ["\(4 + (lines.lastIndex { $0.hasPrefix("caffemodel:") } ?? 0) - 1):1"])
        expectBoth(card(text: "## Information\nname: a\n\n" + lines.joined(separator: "\n\n")))
    }

    @Test func `a section for each binary keeps them apart, with a name and a mean file of its own`() {
        let sections = (0..<2).map {
            "###name: Variant \($0)\n\n\(Self.file($0))\n\n\(Self.url($0))\n\nmean_file: http://h/\($0)\n\n\(Self.sum($0))\n"
        }
        let card = card(text: "## Models\n\n" + sections.joined(separator: "\n") + "\n--\ngist_id: 034c6ac3865563b69e60\n")
        expectBoth(card)
        #expect(card.name == "Variant 0" && card.gistID != nil && !card.codes.contains(.duplicateKey))
        #expect(card.extra == [.init(key: "mean_file", value: "http://h/0"), .init(key: "mean_file", value: "http://h/1")])
        #expect(card.places(of: .multipleCaffemodels) == ["15:1"])
    }

    @Test func `a table has a binary in each row`() {
        let rows = (0..<2).map { "| v\($0) | `m\($0).caffemodel` | [get](http://h/m\($0).caffemodel) | \(Self.sums[$0]) |" }
        expectBoth(card(text: "Title | caffemodel(new) | URL | SHA-1\n--- | --- | --- | ---\n" + rows.joined(separator: "\n") + "\n"))
        let twoURLs = card(text: "| Model | caffemodel_url |\n|---|---|\n| a | http://h/a |\n| b | http://h/b |\n")
        #expect(twoURLs.binaries.map(\.url) == ["http://h/a", "http://h/b"])
    }

    @Test func `bullets with bars between the pairs are a binary each`() {
        let lines = (0..<2).map { "- words\n- \(Self.file($0)) |\(Self.url($0)) | \(Self.sum($0))" }
        expectBoth(card(text: "# Tool\n\n" + lines.joined(separator: "\n")))
    }

    @Test func `our own list holds files, URLs and checksums`() {
        let sha256 = String(repeating: "ab", count: 32)
        let card = card(
            "name: a", "binaries:", "  - file: m0.caffemodel", "    url: http://h/m0.caffemodel", "    sha1: \(Self.sums[0])",
            "  - file: sub/m1.caffemodel", "    urls:", "      - http://h/m1.caffemodel", "      - http://g/m1.caffemodel",
            "    sha256: \(sha256)", "    size: 5", "license: x")
        #expect(card.binaries.map(\.file?.description) == ["m0.caffemodel", "sub/m1.caffemodel"])
        #expect(card.binaries.map(\.mirrors) == [[], ["http://g/m1.caffemodel"]])
        #expect(card.binaries.map(\.sha256?.description) == [nil, sha256])
        #expect(card.extra == [.init(key: "binaries[1].size", value: "5")])
        #expect(card.places(of: .multipleCaffemodels) == ["7:5"] && card.places(of: .multipleUrls) == ["8:5"])
        #expect(card.canDownload && card.canVerify && !card.codes.contains(.missingSha1))
    }

    @Test func `our own list is read also where the block is no YAML`() {
        let card = card(
            "name: a: b", "binaries:", "- file: m0.caffemodel", "  url: http://h/m0.caffemodel", "- m1.caffemodel", "license: x")
        #expect(card.binaries.map(\.file?.description) == ["m0.caffemodel"])
        #expect(card.license == "x")
    }

    @Test func `what one of several lacks is told at its declaration`() {
        let card = card(Self.file(0), Self.url(0), Self.sum(0), Self.file(1), Self.sum(1), Self.file(1))
        #expect(card.places(of: .missingCaffemodelURL) == ["5:1"])
        #expect(card.binaries.map(\.url) == ["http://h/m0.caffemodel", nil])
        #expect(card.binaries.count == 2)
    }

    @Test func `one more name than URLs is fetched only when a person asks`() {
        let card = card(Self.file(0), Self.file(1), Self.url(1))
        #expect(card.binaries.count == 2 && !card.canDownload)
    }

    @Test func `a second line with a URL of the same file is a mirror where a checksum proves it`() {
        let second = "caffemodel_url: http://g/m0.caffemodel"
        let proven = card(Self.file(0), Self.url(0), second, Self.sum(0))
        #expect(proven.binaries.first?.mirrors == ["http://g/m0.caffemodel"] && proven.canDownload)
        #expect(proven.places(of: .multipleUrls) == ["4:17"] && proven.places(of: .duplicateKey) == ["4:1"])
        #expect(!card(Self.file(0), Self.url(0), second).canDownload)
    }
}
