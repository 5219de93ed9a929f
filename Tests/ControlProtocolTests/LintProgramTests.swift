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

    private func paths(_ result: ProgramResult) throws -> [String] {
        let document = try JSONSerialization.jsonObject(with: Data(result.standardOutputBytes)) as? [String: Any]
        #expect(document?["schema"] as? String == "zood.lint/1" && document?.count == 2)
        return (document?["models"] as? [[String: Any]] ?? []).compactMap { $0["path"] as? String }
    }

    @Test func `a tree's models are found as zood finds them, four levels deep`() async throws {
        let prototxt = "layer {}\n"
        let root = try OfflineDirectories([
            "readme.md": "# Our models\n", ".zooignore": "old\n/b/x*\n", "b/.zooignore": "!xkept\n",
            "a/readme.md": good, "a/deploy.prototxt": prototxt, "a/snapshots/s.caffemodel": "w", "a/inner/README.md": good,
            "b/xleft/readme.md": good, "b/xkept/readme.md": good, "old/readme.md": good, ".git/readme.md": good,
            "1/2/3/4/readme.md": good, "1/2/3/4/5/readme.md": good, "notes/readme.md": "About the cluster.\n",
            "forgotten/deploy.prototxt": prototxt, "forgotten/weights/w.caffemodel": "w", "link-target/none": "",
        ])
        defer { root.remove() }
        try FileManager.default.createSymbolicLink(
            at: root.root.appending(path: "link"), withDestinationURL: root.root.appending(path: "a"))
        let result = try await root.zooctl("lint", ".", "--json")
        #expect(try paths(result) == ["./1/2/3/4", "./a", "./a/inner", "./b/xkept", "./forgotten"])
        // Named twice, it does not share its own gist with itself.
        #expect(try paths(try await root.zooctl("lint", "a", "a/", "./a/inner", "--json")) == ["a", "a/inner"])
        #expect(try paths(try await root.zooctl("lint", "notes", "--json")) == ["notes"])
        #expect(try paths(try await root.zooctl("lint", "forgotten", "--json")) == ["forgotten"])
    }

    @Test func `models of one tree are judged together`() async throws {
        let root = try OfflineDirectories([
            "a/readme.md": good, "b/readme.md": good.replacingOccurrences(of: "lenet", with: "other"), "a/a.prototxt": "layer {}\n",
            "b/b.prototxt": "layer {}\n",
        ])
        defer { root.remove() }
        #expect(try await root.zooctl("lint", "a").status == 0)
        let both = try await root.zooctl("lint", ".")
        #expect(both.status == 12)
        #expect(both.standardOutput.contains("./a/readme.md:5:7: error sha1-shared"))
        #expect(both.standardOutput.contains("sha1: 9116a64c0fbe4459d18f4bb6b56d647b63920377\n"), "the line that is meant")
        #expect(both.standardOutput.hasSuffix("\n2 models: 2 invalid; 2 errors\n"))
    }

    @Test func `a person sees the line with a caret, the hint and a count; what is well is only counted`() async throws {
        let root = try OfflineDirectories([
            "a/readme.md": good.replacingOccurrences(of: "9116", with: "\u{1B}[2J91"), "a/a.prototxt": "layer {}\n",
            "b/readme.md": good, "b/b.prototxt": "layer {}\n",
        ])
        defer { root.remove() }
        let result = try await root.zooctl("lint", ".")
        #expect(!result.standardOutput.contains("\u{1B}") && !result.standardOutput.contains("./b"))
        #expect(result.standardOutput.contains("    5 | sha1: \\u{1b}[2J91a64c0f"))
        #expect(result.standardOutput.contains("\n          |       ^\n"))
        #expect(result.standardOutput.hasSuffix("\n2 models: 1 valid, 1 invalid; 1 error, 2 warnings\n"), "\(result.standardOutput)")
        let painted = try await root.zooctl("lint", "b", "--color", "always")
        #expect(painted.standardOutput == "\u{1B}[1mb\u{1B}[0m: \u{1B}[32mvalid\u{1B}[0m\n\n1 model: \u{1B}[32m1 valid\u{1B}[0m\n")
        #expect(painted.status == 0)
    }

    @Test func `what cannot be read is told on stderr, and the rest is judged`() async throws {
        let root = try OfflineDirectories(["a/readme.md": good, "a/a.prototxt": "layer {}\n", "b/.zooignore/x": ""])
        defer { root.remove() }
        let result = try await root.zooctl("lint", "a", "nowhere")
        #expect(result.status == 4 && result.standardError.contains("cannot read the directory nowhere"))
        #expect(result.standardOutput == "a: valid\n\n1 model: 1 valid\n")
        let file = try await root.zooctl("lint", "a/readme.md")
        #expect(file.status == 4 && file.standardError.hasSuffix("\nhint: name its directory: a\n"), "\(file.standardError)")
        #expect(try await root.zooctl("lint", "").status == 2)
        try await ProgramRun.succeed("bash", ["-c", "mkdir \(root.root.path)/b/$'caf\\xe9'"])
        let named = try await root.zooctl("lint", ".")
        #expect(named.status == 3 && named.standardError.contains("./b: a name in it is not UTF-8"), "\(named.standardError)")
    }

    @Test func `help for what is no command is an error`() async throws {
        let root = try OfflineDirectories()
        defer { root.remove() }
        let help = try await root.zooctl("help", "lnt")
        #expect(help.status == 2 && help.standardError == "zooctl: there is no command 'lnt'\nhint: did you mean 'zooctl lint'?\n")
        #expect(try await root.zooctl("help", "lint").status == 0)
    }

    @Test func `what is certain is fixed in one line each; a dry run only tells`() async throws {
        let upper = good.replacingOccurrences(
            of: "9116a64c0fbe4459d18f4bb6b56d647b63920377", with: "9116A64C0FBE4459D18F4BB6B56D647B63920377  # v1")
        let text = upper.replacingOccurrences(
            of: "caffe_version", with: "gist_id: https://gist.github.com/u/034c6ac3865563b69e60\ncaffe_version")
        let root = try OfflineDirectories([
            "a/readme.md": text, "a/a.prototxt": "layer {}\n", "b/readme.md": good, "b/b.prototxt": "layer {}\n",
        ])
        defer { root.remove() }
        let told = try await root.zooctl("lint", "--fix", "--dry-run", ".")
        #expect(
            told.standardOutput.contains(
                "./a/readme.md:7: gist_id: https://gist.github.com/u/034c6ac3865563b69e60 → 034c6ac3865563b69e60 (not written)\n"))
        #expect(root.text("a/readme.md") == text)
        let fixed = try await root.zooctl("lint", "--fix", "a", "--json")
        #expect(fixed.status == 0)
        #expect(
            fixed.standardError == """
                a/readme.md:5: sha1: 9116A64C0FBE4459D18F4BB6B56D647B63920377 → 9116a64c0fbe4459d18f4bb6b56d647b63920377
                a/readme.md:7: gist_id: https://gist.github.com/u/034c6ac3865563b69e60 → 034c6ac3865563b69e60

                """)
        #expect(try paths(fixed) == ["a"])
        #expect(!fixed.standardOutput.contains("gist-id-is-url"), "the report is of what is there afterwards")
        #expect(
            root.text("a/readme.md")
                == text.replacingOccurrences(
                    of: "9116A64C0FBE4459D18F4BB6B56D647B63920377", with: "9116a64c0fbe4459d18f4bb6b56d647b63920377"
                ).replacingOccurrences(of: "https://gist.github.com/u/", with: ""))
        #expect(root.text("b/readme.md") == good)
        #expect(try await root.zooctl("lint", "--dry-run", "a").status == 2)
    }

    @Test func `what cannot be fixed safely is told with the line to write`() async throws {
        let text = "---\nsha1: 9116A64C0FBE4459D18F4BB6B56D647B63920377\n---\n"
        let root = try OfflineDirectories(["a/readme.md": text + "<<<<<<< mine\n", "b/readme.md": text])
        defer { root.remove() }
        let marked = try await root.zooctl("lint", "--fix", "a")
        #expect(marked.status == 12)
        #expect(marked.standardError.hasSuffix("hint: write by hand: sha1: 9116a64c0fbe4459d18f4bb6b56d647b63920377\n"))
        // Somebody who may write into the file and its directory, but would make the file theirs.
        let program = root.root.appending(path: "zooctl").path
        try FileManager.default.copyItem(atPath: try BuildProducts.path(of: "zooctl"), toPath: program)
        for (path, mode) in [("", 0o755), ("b", 0o777), ("b/readme.md", 0o666)] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: root.root.appending(path: path).path)
        }
        let foreign = try await root.zooctl("lint", "--fix", "b", identity: ProcessIdentity(uid: 4711), program: program)
        #expect(foreign.status == 3)
        #expect(
            foreign.standardError == """
                zooctl: b/readme.md was not changed: it belongs to root, and an edit of yours would make it yours
                hint: write by hand: line 2: sha1: 9116a64c0fbe4459d18f4bb6b56d647b63920377

                """)
        #expect(root.text("a/readme.md") == text + "<<<<<<< mine\n" && root.text("b/readme.md") == text)
    }
}
