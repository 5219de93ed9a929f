import Foundation
import Testing
import ZooTestSupport

/// `zooctl new` as people run it.
struct NewProgramTests {
    private let given = ["--url", "https://models.example.org/lenet.caffemodel", "--license", "unrestricted"]

    @Test func `what it makes has no error and no warning`() async throws {
        let root = try OfflineDirectories(["w/my weights.caffemodel": "weights"])
        defer { root.remove() }
        let made = try await root.zooctl(
            "new", "le net", "--name", "Le \"Net\": 1.0 模型", "--url", given[1], "--license", "No", "--caffemodel", "w/my weights.caffemodel"
        )
        #expect(made.status == 0, "\(made.standardError)")
        let lint = try await root.zooctl("lint", "le net")
        #expect(lint.status == 0 && lint.standardOutput.hasSuffix("\n1 model: 1 valid; 1 note\n"), "\(lint.standardOutput)")
        let text = try #require(root.text("le net/readme.md"))
        #expect(text.hasPrefix("---\nname: \"Le \\\"Net\\\": 1.0 模型\"\ncaffemodel: my weights.caffemodel\ncaffemodel_url: \(given[1])\n"))
        let sum = try await ProgramRun.succeed("sha1sum", [root.root.appending(path: "w/my weights.caffemodel").path]).standardOutput
        #expect(text.contains("\nsha1: \(sum.prefix(40))\nlicense: \"No\"\n---\n"))
        #expect(root.text("le net/deploy.prototxt")?.contains(#"name: "Le \"Net\": 1.0 \346\250\241\345\236\213""#) == true)
        #expect(
            try await root.zooctl(
                "new", "noted", given[0], given[1], given[2], given[3], "--caffe-version", "1.0", "--sha1", String(sum.prefix(40))
            ).status == 0)
        #expect(try await root.zooctl("lint", "noted").standardOutput == "noted: valid\n\n1 model: 1 valid\n")
    }

    @Test func `nothing is ever overwritten, and what is there is used`() async throws {
        let root = try OfflineDirectories([
            "a/README.md": "mine\n", "b/net.prototxt": "layer {}\n", "b/b.caffemodel": "weights", "c": "a file",
        ])
        defer { root.remove() }
        let refused = try await root.zooctl("new", "a", given[0], given[1], given[2], given[3])
        #expect(
            refused.status == 8 && refused.standardError.hasPrefix("zooctl: a/README.md exists; nothing is ever written over it\nhint: "))
        #expect(try FileManager.default.contentsOfDirectory(atPath: root.root.appending(path: "a").path) == ["README.md"])
        #expect(try await root.zooctl("new", "b", given[0], given[1], given[2], given[3]).status == 0)
        #expect(root.text("b/net.prototxt") == "layer {}\n" && root.text("b/deploy.prototxt") == nil)
        let sum = try await ProgramRun.succeed("sha1sum", [root.root.appending(path: "b/b.caffemodel").path]).standardOutput
        #expect(root.text("b/readme.md")?.contains("caffemodel: b.caffemodel\n") == true)
        #expect(root.text("b/readme.md")?.contains("sha1: \(sum.prefix(40))\n") == true)
        #expect(try await root.zooctl("new", "c", given[0], given[1], given[2], given[3]).status == 1)
        #expect(root.text("c") == "a file")
    }

    @Test func `a name or license that reads like none is refused with the reason`() async throws {
        let root = try OfflineDirectories()
        defer { root.remove() }
        let name = try await root.zooctl("new", "xx", given[0], given[1], given[2], given[3])
        #expect(name.status == 12 && name.standardError.contains("'xx' is what people write"), "\(name.standardError)")
        let license = try await root.zooctl("new", "lenet", given[0], given[1], "--license", "TBD")
        #expect(license.status == 12 && license.standardError.contains("'TBD' is what people write"))
    }

    @Test(arguments: [
        ["--url", "https://h/a b.caffemodel", "--license", "x"], ["--url", "nonsense", "--license", "x"],
        ["--url", "https://h/a.caffemodel", "--license", " "],
        ["--url", "https://h/a.caffemodel", "--license", "x", "--caffemodel", "absent"],
        ["--url", "https://h/a.caffemodel"], ["--url", "https://h/a.caffemodel", "--license", "x", "--sha1", "12"],
    ])
    func `what is missing or wrong leaves nothing behind`(arguments: [String]) async throws {
        let root = try OfflineDirectories()
        defer { root.remove() }
        let result = try await ProgramRun.run(
            try BuildProducts.path(of: "zooctl"), ["new", "m"] + arguments, environment: ["PATH": "/usr/bin:/bin"],
            directory: root.root.path)
        #expect([1, 2, 12].contains(result.status) && !result.standardError.isEmpty, "\(result)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: root.root.path).isEmpty)
    }

    @Test func `on a terminal it asks for what is not given, until the answer will do`() async throws {
        let root = try OfflineDirectories(["lenet/lenet.caffemodel": "weights"])
        defer { root.remove() }
        let terminal = try PseudoTerminal(running: BuildProducts.path(of: "zooctl"), ["new", "lenet"], in: root.root)
        try await terminal.answer("Name of the model [lenet]: ", "\n")
        try await terminal.answer("URL of the weights: ", "nonsense\n")
        try await terminal.answer("'nonsense' is no URL", "")
        try await terminal.answer("URL of the weights: ", "https://h.example.org/x.caffemodel\n")
        try await terminal.answer("License [unrestricted]: ", "MIT\n")
        #expect(try await terminal.exitStatus() == 0)
        let readme = try #require(root.text("lenet/readme.md"))
        #expect(
            readme.hasPrefix("---\nname: lenet\ncaffemodel: lenet.caffemodel\ncaffemodel_url: https://h.example.org/x.caffemodel\nsha1: "))
        #expect(readme.contains("\nlicense: MIT\n---\n"))
    }

    @Test(arguments: ["\u{3}", "\u{4}"])
    func `Ctrl-C and Ctrl-D at a question leave nothing behind`(key: String) async throws {
        let root = try OfflineDirectories()
        defer { root.remove() }
        let terminal = try PseudoTerminal(running: BuildProducts.path(of: "zooctl"), ["new", "lenet"], in: root.root)
        try await terminal.answer("Name of the model [lenet]: ", "LeNet\n")
        try await terminal.answer("URL of the weights: ", key)
        try await terminal.answer("nothing was made", "")
        #expect(try await terminal.exitStatus() == 130)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root.root.path).isEmpty)
    }
}
