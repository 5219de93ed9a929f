import Testing

@testable import ModelInfo

struct SameBytesTests {
    private let composed = "\u{FC}"
    private let decomposed = "u\u{308}"

    @Test func `two texts that may not be there are the same when both are not, or their bytes are`() {
        let none: String? = nil
        #expect(none.hasSameBytes(as: nil) && !none.hasSameBytes(as: "") && !Optional("").hasSameBytes(as: nil))
        #expect(Optional(composed).hasSameBytes(as: composed) && !Optional(composed).hasSameBytes(as: decomposed))
        let files: [String: String]? = ["a": composed]
        #expect(files.hasSameBytes(as: files) && !files.hasSameBytes(as: ["a": decomposed]) && !files.hasSameBytes(as: nil))
    }

    @Test func `what makes of some files others is what differs by a byte, what is new and what goes`() {
        let before = ["same": "x", "other": composed, "gone": "x"]
        let after = ["same": "x", "other": decomposed, "new": "x"]
        let changes = before.changes(to: after)
        #expect(changes.keys.sorted() == ["gone", "new", "other"])
        #expect(changes["gone"] == .some(nil) && changes["new"] == "x")
        #expect((changes["other"] ?? nil).hasSameBytes(as: decomposed))
        #expect(before.changes(to: before).isEmpty)
    }
}
