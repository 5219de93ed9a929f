import Testing

@testable import ModelInfo

/// Prototxts beside a readme: what is told of them, and what hostile ones cost.
struct PrototxtDiagnosticTests {
    private func reading(_ text: String, name: String = "net.prototxt") -> ModelReading { reading(Array(text.utf8), name: name) }

    private func reading(_ bytes: [UInt8], name: String = "net.prototxt") -> ModelReading {
        SnapshotBuilder.good.file(name, bytes).reading(maximumFileSize: 64 << 20)
    }

    @Test func `a prototxt that does not parse is a warning with its place and a hint`() throws {
        let reading = reading("name: \"n\"\nlayer {\n  name = \"x\"\n}\n", name: "train_val.prototxt")
        let diagnostic = try #require(reading.diagnostic(.prototxtInvalid))
        #expect(diagnostic.file == "train_val.prototxt" && diagnostic.line == 3 && diagnostic.column == 8)
        #expect(diagnostic.severity == .warning && diagnostic.hint == "write ':' between a field and its value")
        #expect(reading.state == .warnings && reading.canPublish && reading.publishable["train_val.prototxt"] != nil)
        #expect(reading.prototxts.map(\.file) == ["deploy.prototxt"])
    }

    @Test func `each prototxt is judged, once`() {
        let reading = SnapshotBuilder.good.file("a.prototxt", "x: ?\ny: ?\n").file("B.PROTOTXT", "}").file("notes.txt", "}").reading()
        #expect(reading.diagnostics.map { "\($0.file ?? "") \($0.line ?? 0):\($0.column ?? 0)" } == ["B.PROTOTXT 1:1", "a.prototxt 1:4"])
    }

    @Test(arguments: [
        ("<!DOCTYPE html>\n<html>", "web page"), ("a: “x”", "ASCII"), ("// c\n", "'#'"), ("a: 1 }", "bracket"),
        ("a: \"C:\\dir\"", "'/' in paths"),
        ("a: 'x\n'", "close it"), ("a { b: 1\n", "'}' is missing"), ("a: [ 1", "']' is missing"), ("a: 3x3", "quotes"),
        ("a 1", "name: value"), ("a:", "cut off"),
    ])
    func `a hint says what is mostly meant`(text: String, part: String) {
        #expect(reading(text).diagnostic(.prototxtInvalid)?.hint?.contains(part) == true)
    }

    @Test func `conflict markers are told of as such, and not twice`() {
        let text = "layer {\n<<<<<<< HEAD\n  name: 'a'\n=======\n  name: 'b'\n>>>>>>> theirs\n}\n"
        #expect(reading(text).codes == [.conflictMarkers])
        #expect(reading("a\n" + text).codes == [.conflictMarkers, .prototxtInvalid])
    }

    @Test func `a comment in another encoding keeps a net from the gist, not from Caffe`() {
        let reading = reading(Array("# gr".utf8) + [0xFC, 0xDF] + Array("e\nname: 'n' layer { type: 'ReLU' }".utf8))
        #expect(reading.codes == [.binarySkipped] && reading.prototxts.last?.name == "n")
        let wide: [UInt8] = [0xFF, 0xFE] + Array("n:1\n".utf8.map { [$0, 0] }.joined())
        #expect(SnapshotBuilder.good.file("net.prototxt", wide).reading().diagnostic(.prototxtInvalid)?.hint == "save the file as UTF-8")
    }

    @Test func `an empty prototxt is told of as empty`() { #expect(!reading("\n").codes.contains(.prototxtInvalid)) }

    @Test func `all prefixes, and all prefixes with any byte behind, end in an answer`() {
        let text = Array("name: \"n\" # c\nlayer { dim: [1, -2.5e-3f] s: 'a\\x41' \"b\" p < [x.y]: inf > }".utf8)
        var (good, bad) = (0, 0)
        for end in 0...text.count {
            for byte in UInt8.min...UInt8.max {
                switch PrototxtReader.read(text[..<end] + [byte], file: "x") {
                case .success: good += 1
                case .failure(let failure):
                    bad += 1
                    let diagnostic = failure.diagnostic(in: text[..<end] + [byte], file: "x")
                    #expect(diagnostic.line ?? 0 >= 1 && diagnostic.column ?? 0 >= 1)
                }
            }
        }
        #expect(good > 0 && bad > good)
    }

    /// These would take minutes if any part were read once for each byte, and would end the process if nesting were recursion.
    @Test(arguments: [
        "{", "a{", "a:[", "a<", "\"", "'", "[", "a", "-", "a:-", "0", ".", "#", "\\", "a:\"\\", "}", "\u{0}", "é", "\n", "a:\"x\" ", "a:1 ",
        "a:[]",
        "a{}", "param:'p' ", "<<<<<<< \n", "/",
    ])
    func `megabytes of anything end in an answer`(unit: String) {
        for start in ["", "layer { name: ", "layer { name: 'x"] {
            let bytes = Array((start + String(repeating: unit, count: 1_000_000 / unit.utf8.count)).utf8)
            switch PrototxtReader.read(bytes, file: "net.prototxt") {
            case .success: #expect(start.isEmpty)
            case .failure(let failure): #expect(failure.diagnostic(in: bytes, file: "net.prototxt").line ?? 0 >= 1)
            }
        }
    }

    @Test(arguments: ["{", "a{", "a:[{", "layer <\n"])
    func `ten megabytes of opening brackets end in a diagnostic`(unit: String) {
        let bytes = Array(String(repeating: unit, count: 10_000_000 / unit.utf8.count).utf8)
        #expect(throws: PrototxtFailure.self) { try PrototxtReader.read(bytes, file: "net.prototxt").get() }
    }

    @Test func `one line of a megabyte is read to its end`() {
        let line = String(repeating: "layer { type: \"ReLU\" } ", count: 45_000)
        #expect(reading(line).prototxts.last?.layers == 45_000)
        #expect(reading(line + "?").diagnostic(.prototxtInvalid)?.column == line.utf8.count + 1)
    }
}
