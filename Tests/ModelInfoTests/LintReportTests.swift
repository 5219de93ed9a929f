import Foundation
import Testing

@testable import ModelInfo

struct LintReportTests {
    private func reading(_ lines: String...) -> ModelReading {
        SnapshotBuilder().file("readme.md", Array((["---"] + lines + ["---", ""]).joined(separator: "\n").utf8)).file("a.prototxt")
            .reading()
    }

    private func json(_ report: LintReport) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(report)) as? [String: Any])
    }

    @Test func `the document has the promised keys and explicit nulls`() throws {
        let report = LintReport([("/zoo/a", SnapshotBuilder.good.file("mean.png", [0]).reading()), ("/zoo/b", SnapshotBuilder().reading())])
        let document = try json(report)
        #expect(document["schema"] as? String == "zood.lint/1")
        let models = try #require(document["models"] as? [[String: Any]])
        let first = try #require(models.first)
        #expect(Set(first.keys) == ["path", "readme", "state", "fields", "binaries", "extra", "can", "publish", "skipped", "diagnostics"])
        let fields = try #require(first["fields"] as? [String: Any])
        #expect(Set(fields.keys) == ["name", "caffemodel", "caffemodel_url", "sha1", "gist_id", "caffe_version", "license"])
        #expect(fields["gist_id"] is NSNull)
        #expect(fields["sha1"] as? String == "9116a64c0fbe4459d18f4bb6b56d647b63920377")
        let binary = try #require((first["binaries"] as? [[String: Any]])?.first)
        #expect(Set(binary.keys) == ["file", "url", "mirrors", "sha1", "sha256"])
        #expect(binary["sha256"] is NSNull)
        #expect(first["can"] as? [String: Bool] == ["download": true, "verify": true, "publish": true])
        #expect(first["publish"] as? [String] == ["deploy.prototxt", "readme.md"])
        #expect(first["skipped"] as? [[String: String]] == [["file": "mean.png", "code": "binary-skipped"]])
        #expect(models[1]["readme"] is NSNull)
        #expect(models[1]["state"] as? String == "invalid")
        #expect(report.hasErrors)
    }

    @Test func `extra keys are given as text`() throws {
        let document = try json(LintReport([("d", reading("name: a", "mean_file_proto: http://h", "n: 0123"))]))
        let model = try #require((document["models"] as? [[String: Any]])?.first)
        #expect(model["extra"] as? [String: String] == ["mean_file_proto": "http://h", "n": "0123"])
    }

    @Test func `an unknown key that several binaries have shows all its values, in order`() throws {
        let text =
            "# A\n\n## One\ncaffemodel: a.caffemodel\nmean_file: http://h/0\n\n## Two\ncaffemodel: b.caffemodel\nmean_file: http://h/1\n"
        let reading = SnapshotBuilder().file("readme.md", Array(text.utf8)).file("a.prototxt").reading()
        let model = try #require((try json(LintReport([("d", reading)]))["models"] as? [[String: Any]])?.first)
        #expect(model["extra"] as? [String: String] == ["mean_file": "http://h/0\nhttp://h/1"])
    }

    @Test func `two directories with one gist are both told and both stay`() {
        let one = reading("name: a", "gist_id: 034c6ac3865563b69e60")
        let other = reading("name: b", "gist_id: https://gist.github.com/x/034C6AC3865563B69E60")
        let report = LintReport([("a", one), ("b", other), ("c", reading("name: c"))])
        #expect(report.models.map { $0.diagnostics.contains { $0.code == .gistIDShared } } == [true, true, false])
        #expect(report.models.map(\.can.publish) == [false, false, true])
        #expect(report.models[0].diagnostics.last?.message.hasSuffix("claimed by b") == true)
    }

    @Test func `one sha1 for two binaries is told, for copies of one binary it is not`() {
        let sha1 = "sha1: 9116a64c0fbe4459d18f4bb6b56d647b63920377"
        let original = reading("caffemodel: nin.caffemodel", "caffemodel_url: http://h/nin", sha1)
        let stale = reading("caffemodel: cifar.caffemodel", "caffemodel_url: http://h/cifar", sha1)
        let mirrored = reading("caffemodel: nin.caffemodel", "caffemodel_url: http://mirror/nin", sha1)
        let renamed = reading("caffemodel: nin2.caffemodel", "caffemodel_url: http://h/nin", sha1)
        let shared = { (readings: [ModelReading]) in
            SharedClaims.diagnostics(in: readings.map { ("d", $0) }).map { !$0.filter { $0.code == .sha1Shared }.isEmpty }
        }
        #expect(shared([original, stale]) == [true, true])
        #expect(shared([original, mirrored, renamed]).filter { $0 }.isEmpty || shared([original, mirrored]) == [false, false])
        #expect(shared([original, mirrored]) == [false, false])
        #expect(shared([original, renamed]) == [false, false])
    }

    @Test func `what two directories claim is told where it is written, of each binary`() {
        let (first, second) = ("9116a64c0fbe4459d18f4bb6b56d647b63920377", "b61b5cef7d771b53b0c488e78d35ccadc073e9cf")
        let several = reading(
            "binaries:", "  - file: a.caffemodel", "    sha1: \(first)", "  - file: b.caffemodel", "    sha1: \(second)",
            "gist_id: 034c6ac3865563b69e60")
        let one = reading("gist_id: https://gist.github.com/x/034c6ac3865563b69e60", "sha1: \(second)", "caffemodel: c.caffemodel")
        let other = SnapshotBuilder().file("readme.md", Array("# A\n\n## Info\n- caffemodel: d.caffemodel\n- sha1: `\(first)`\n".utf8))
            .file("a.prototxt").reading()
        let places = SharedClaims.diagnostics(in: [("a", several), ("b", one), ("c", other)]).map { diagnostics in
            diagnostics.map { "\($0.code.rawValue) \($0.line ?? 0):\($0.column ?? 0)" }
        }
        #expect(
            places == [
                ["gist-id-shared 7:10", "sha1-shared 4:11", "sha1-shared 6:11"], ["gist-id-shared 2:10", "sha1-shared 3:7"],
                ["sha1-shared 5:9"],
            ])
    }

    @Test func `thousands of directories are compared in a moment`() {
        let entries = (0..<3000).map { index in
            (
                "d\(index)",
                reading(
                    "caffemodel: m\(index % 3).caffemodel", "gist_id: 034c6ac3865563b69e60",
                    "sha1: 9116a64c0fbe4459d18f4bb6b56d647b63920377")
            )
        }
        let clock = ContinuousClock()
        let time = clock.measure { #expect(SharedClaims.diagnostics(in: entries).allSatisfy { $0.count == 2 }) }
        #expect(time < .seconds(60))
    }
}
