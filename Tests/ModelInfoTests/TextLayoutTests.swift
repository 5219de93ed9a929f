import Testing

@testable import ModelInfo

/// The layouts in which people write keys outside of a block.
struct TextLayoutTests {
    private static let id = "034c6ac3865563b69e60"
    private static let sha1 = "9116a64c0fbe4459d18f4bb6b56d647b63920377"

    /// The five fields in one layout; `line` makes a line of a key and its value.
    private static func lines(_ line: (String, String) -> String) -> String {
        [
            ("name", "Net: a net"), ("caffemodel", "a.caffemodel"), ("caffemodel_url", "http://h/a.caffemodel"), ("sha1", sha1),
            ("gist_id", id),
        ].map(line).joined(separator: "\n") + "\n"
    }

    static let layouts: [(String, String)] = [
        ("a heading without blank", "##Information\n\n" + lines { "\($0): \($1)\n" }),
        ("a short heading", "# Net\n\nWords.\n\n## Info\n\n" + lines { "\($0): \($1)" }),
        ("a heading with a colon", "### Model info:\n" + lines { "\($0): \($1)" }),
        ("an underlined heading", "Model Information\n-----------------\n\n" + lines { "\($0): \($1)" }),
        ("bold words as heading", "Words.\n\n**Information**\n\n" + lines { "\($0): \($1)" }),
        ("bare first lines", lines { "\($0): \($1)" } + "\nWords follow: here.\n"),
        ("keys glued to heading marks", lines { "###\($0): \($1)" }),
        ("bullets", "# Net\n\nWords.\n\n" + lines { "- \($0): \($1)" }),
        ("stars", "# Net\n\nWords.\n\n" + lines { "  * \($0): \($1)  " }),
        ("a numbered list", "Words.\n\n" + lines { "1. \($0): \($1)" }),
        ("indented below a numbered item", "Words\n\n1. Fetch it:\n" + lines { "   \($0): \($1)" }),
        ("a quote", "Words.\n\n" + lines { "> \($0): \($1)" }),
        ("bold keys", "Words.\n\n" + lines { "**\($0)**: \($1)" }),
        ("bold keys with their colon", "Words.\n\n" + lines { "- **\($0):** \($1)" }),
        ("keys as code", "Words.\n\n" + lines { "`\($0)`: \($1)" }),
        ("values as code", "Words.\n\n" + lines { "* `\($0)`: `\($1)`" }),
        ("whole lines as code", "Words.\n\n" + lines { "`\($0): \($1)`" }),
        ("escaped keys", "Words.\n\n" + lines { "\($0.replacingUnderscores(by: "\\_")): \($1)" }),
        ("keys with blanks", "Words.\n\n" + lines { "\($0.replacingUnderscores(by: " ")): \($1)" }),
        ("keys with dashes", "Words.\n\n" + lines { "\($0.replacingUnderscores(by: "-")): \($1)" }),
        ("keys in capitals", "Words.\n\n" + lines { "\($0.uppercased()): \($1)" }),
        ("blanks before the colon", "Words.\n\n" + lines { "\($0) : \($1)" }),
        ("full-width colons", "Words.\n\n" + lines { "\($0)：\($1)" }),
        ("hard line breaks", "Words.\n\n" + lines { "\($0): \($1)<br>" }),
        ("tabs", "Words.\n\n" + lines { "\($0):\t\($1)\t" }),
        ("a code fence", "# Net\n\nWords.\n\n```\n" + lines { "\($0): \($1)" } + "```\n\nWords.\n"),
        ("a code fence of YAML", "# Net\n\nWords.\n\n~~~ yaml\n" + lines { "\($0): \($1)" } + "~~~\n"),
        ("a table of keys and values", "Words.\n\n| Key | Value |\n|---|---|\n" + lines { "| \($0) | \($1) |" }),
        ("a table without titles", "Words.\n\n" + lines { "| `\($0)` | \($1) |" }),
        ("the very end", "# Net\n\nWords: many words.\n\n## Initial weights\n\nGet them.\n\n" + lines { "\($0): \($1)\n" }),
        ("pairs in one line", "Words.\n\n- " + lines { "\($0): \($1)" }.split(separator: "\n").joined(separator: " | ")),
        ("values below their keys", "Words.\n\nname: Net: a net\n" + lines { $0 == "name" ? "" : "\($0):\n  \($1)" }),
    ]

    @Test(arguments: layouts)
    func `keys are read as a person reads them`(name: String, text: String) {
        for ending in ["\n", "\r\n", "\r"] {
            let card = card(text: text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: ending))
            #expect(card.name == "Net: a net")
            #expect(card.binaries.map(\.file?.description) == ["a.caffemodel"])
            #expect(card.binaries.map(\.url) == ["http://h/a.caffemodel"])
            #expect(card.sha1?.description == Self.sha1)
            #expect(card.gistID?.description == Self.id)
            #expect(card.places(of: .missingFrontmatter) == ["1:1"])
            #expect(card.canDownload && card.canVerify && card.extra.isEmpty)
        }
    }

    @Test func `places are those of the words`() {
        let keys = ReadmeKeys(Array("Text.\n\n  * ü **caffemodel**\n- **sha1:** x\n###  caffemodel_url: http://h/a\n".utf8), fileName: "")
        #expect(keys.occurrences.map { "\($0.line):\($0.column):\($0.valueColumn)" } == ["4:5:13", "5:6:22"])
    }

    @Test(arguments: [
        "caffemodel_url: [here](http://h/a.caffemodel)", "caffemodel_url: <http://h/a.caffemodel>",
        "caffemodel_url: [a.caffemodel][w]\n\n[W]: http://h/a.caffemodel \"weights\"",
        "caffemodel_url: [w]\n\n[w]: <http://h/a.caffemodel>",
        "caffemodel_url: `http://h/a.caffemodel`", "caffemodel: [a.caffemodel](http://h/a.caffemodel)",
        "caffemodel_url: [http://h/a.caffemodel](http://h/a.caffemodel)",
    ])
    func `a link says where it leads`(lines: String) {
        #expect(card(text: "## Information\n\nname: x\n\(lines)\n").binaries.first?.url == "http://h/a.caffemodel")
    }

    @Test(arguments: [
        "We use VGG (caffemodel_url: http://h/a.caffemodel). Put it here.", "See caffemodel\\_url: http://h/a.caffemodel, it is large.",
        "Get http://h/a.caffemodel.", "Get [the weights](http://h/a.caffemodel) first.", "<http://h/a.caffemodel>",
        "```sh\nwget http://h/a.caffemodel\n```",
    ])
    func `a sentence about the binary is the last resort`(text: String) {
        let card = card(text: "# Net\n\n\(text)\n")
        #expect(card.binaries.map(\.url) == ["http://h/a.caffemodel"])
        #expect(!card.canDownload)
    }

    @Test func `a name without URL gets the one in the text that ends in it, and no other`() {
        let url = { (link: String) in card(text: "---\nname: x\ncaffemodel: my.caffemodel\n---\nStart from \(link).\n").binaries.first?.url
        }
        #expect(url("http://h/my.caffemodel") == "http://h/my.caffemodel")
        #expect(url("http://h/vgg.caffemodel") == nil)
    }

    @Test func `what a block says is asked no second time of the text`() {
        let card = card(
            text: "---\ncaffemodel: a.caffemodel\ncaffemodel_url: http://h/a.caffemodel\n---\n\n## Info\nname: N\nlicense: L\nsha1: x\n")
        #expect(card.name == "N" && card.license == "L" && card.binaries.count == 1)
        let twice = ModelInfoTests.card(text: "---\nname: A\ngist_id: 034c6ac3865563b69e60\n---\n\ngist_id: 134c6ac3865563b69e60\n")
        #expect(twice.gistID?.description == "034c6ac3865563b69e60")
        #expect(twice.places(of: .duplicateKey) == ["6:1"] && twice.canPublish)
    }

    @Test func `unknown keys beside known ones are kept in order`() {
        let card = card(text: "name: a\n\nmean_file_mat: http://h/m.mat\n\ncaffemodel: a.caffemodel\n\nMean file: http://h/m\n")
        #expect(card.extra == [.init(key: "mean_file_mat", value: "http://h/m.mat"), .init(key: "Mean file", value: "http://h/m")])
    }
}

extension String {
    fileprivate func replacingUnderscores(by text: String) -> String { split(separator: "_").joined(separator: text) }
}
