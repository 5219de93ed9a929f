import Foundation
import Testing
import ZooTestSupport

/// `zooctl lint` as people run it: on real directories.
struct LintProgramTests {
    private let good = """
        ---
        name: LeNet
        caffemodel: lenet.caffemodel
        caffemodel_url: https://models.example.org/lenet.caffemodel
        sha1: 9116a64c0fbe4459d18f4bb6b56d647b63920377
        license: unrestricted
        caffe_version: 1.0
        ---

        """

    private func zooctl(_ arguments: [String], in directory: URL, _ more: [String: String] = [:]) async throws -> ProgramResult {
        let environment = ["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"].merging(more) { $1 }
        return try await ProgramRun.run(
            try BuildProducts.path(of: "zooctl"), arguments, environment: environment, directory: directory.path)
    }

    /// A directory with these files, by their paths.
    private func tree(_ files: [String: String]) throws -> URL {
        let root = FileManager.default.temporaryDirectory.appending(path: "lint-\(UUID().uuidString)").resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: false)
        for (path, text) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return root
    }

    private func paths(_ result: ProgramResult) throws -> [String] {
        let document = try JSONSerialization.jsonObject(with: Data(result.standardOutputBytes)) as? [String: Any]
        #expect(document?["schema"] as? String == "zood.lint/1" && document?.count == 2)
        return (document?["models"] as? [[String: Any]] ?? []).compactMap { $0["path"] as? String }
    }

    @Test func `a tree's models are found as zood finds them, four levels deep`() async throws {
        let prototxt = "layer {}\n"
        let root = try tree([
            "readme.md": "# Our models\n", ".zooignore": "old\n/b/x*\n", "b/.zooignore": "!xkept\n",
            "a/readme.md": good, "a/deploy.prototxt": prototxt, "a/snapshots/s.caffemodel": "w", "a/inner/README.md": good,
            "b/xleft/readme.md": good, "b/xkept/readme.md": good, "old/readme.md": good, ".git/readme.md": good,
            "1/2/3/4/readme.md": good, "1/2/3/4/5/readme.md": good, "notes/readme.md": "About the cluster.\n",
            "forgotten/deploy.prototxt": prototxt, "forgotten/weights/w.caffemodel": "w", "link-target/none": "",
        ])
        defer { try? FileManager.default.removeItem(at: root) }
        try FileManager.default.createSymbolicLink(at: root.appending(path: "link"), withDestinationURL: root.appending(path: "a"))
        let result = try await zooctl(["lint", ".", "--json"], in: root)
        #expect(try paths(result) == ["./1/2/3/4", "./a", "./a/inner", "./b/xkept", "./forgotten"])
        // Named twice, it does not share its own gist with itself.
        #expect(try paths(try await zooctl(["lint", "a", "a/", "./a/inner", "--json"], in: root)) == ["a", "a/inner"])
        #expect(try paths(try await zooctl(["lint", "notes", "--json"], in: root)) == ["notes"])
        #expect(try paths(try await zooctl(["lint", "forgotten", "--json"], in: root)) == ["forgotten"])
    }

    @Test func `models of one tree are judged together`() async throws {
        let root = try tree([
            "a/readme.md": good, "b/readme.md": good.replacingOccurrences(of: "lenet", with: "other"), "a/a.prototxt": "layer {}\n",
            "b/b.prototxt": "layer {}\n",
        ])
        defer { try? FileManager.default.removeItem(at: root) }
        #expect(try await zooctl(["lint", "a"], in: root).status == 0)
        let both = try await zooctl(["lint", "."], in: root)
        #expect(both.status == 12)
        #expect(both.standardOutput.contains("./a/readme.md:1:1: error sha1-shared"))
        #expect(both.standardOutput.hasSuffix("\n2 models: 2 invalid; 2 errors\n"))
    }

    @Test func `a person sees the line with a caret, the hint and a count; what is well is only counted`() async throws {
        let root = try tree([
            "a/readme.md": good.replacingOccurrences(of: "9116", with: "\u{1B}[2J91"), "a/a.prototxt": "layer {}\n",
            "b/readme.md": good, "b/b.prototxt": "layer {}\n",
        ])
        defer { try? FileManager.default.removeItem(at: root) }
        let result = try await zooctl(["lint", "."], in: root)
        #expect(!result.standardOutput.contains("\u{1B}") && !result.standardOutput.contains("./b"))
        #expect(result.standardOutput.contains("    5 | sha1: \\u{1b}[2J91a64c0f"))
        #expect(result.standardOutput.contains("\n          |       ^\n"))
        #expect(result.standardOutput.hasSuffix("\n2 models: 1 valid, 1 invalid; 1 error, 2 warnings\n"), "\(result.standardOutput)")
        let painted = try await zooctl(["lint", "b", "--color", "always"], in: root)
        #expect(painted.standardOutput == "\u{1B}[1mb\u{1B}[0m: \u{1B}[32mvalid\u{1B}[0m\n\n1 model: \u{1B}[32m1 valid\u{1B}[0m\n")
        #expect(painted.status == 0)
    }

    @Test func `what cannot be read is told on stderr, and the rest is judged`() async throws {
        let root = try tree(["a/readme.md": good, "a/a.prototxt": "layer {}\n", "b/.zooignore/x": ""])
        defer { try? FileManager.default.removeItem(at: root) }
        let result = try await zooctl(["lint", "a", "nowhere"], in: root)
        #expect(result.status == 4 && result.standardError.contains("cannot read the directory nowhere"))
    }
}
