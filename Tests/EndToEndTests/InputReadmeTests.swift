import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

/// What people and programs leave in model directories: each is said of its own model, and the others go on.
struct InputReadmeTests {
    @Test func `a readme that is no readable text is said so of its model, and the others are published`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ create: automatic }"])
        for id in ["fifo", "directory", "dangling", "huge", "yaml", "nul", "latin"] {
            try zoo.write(TemporaryZoo.prototxt, to: "\(id)/deploy.prototxt")
        }
        try await zoo.shell(
            "mkfifo fifo/readme.md; mkdir directory/readme.md; ln -s nowhere dangling/readme.md; truncate -s 1G huge/readme.md")
        try zoo.write("---\nname: never closed\n", to: "yaml/readme.md")
        try zoo.write(Array(ReadmeText(name: "Nul").text.utf8) + [0, 1, 2], to: "nul/readme.md")
        try zoo.write(Array("---\nname: caf".utf8) + [0xe9] + Array("\n---\n".utf8), to: "latin/readme.md")
        try zoo.makeModel("good")
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForSync("good")
        for id in ["fifo", "directory", "dangling", "huge", "yaml", "nul", "latin"] {
            let model = try await daemon.waitForModel(id, "needs a person") { $0.state == .attention }
            #expect(model.gist.id == nil, "\(id)")
            #expect(!model.info.diagnostics.isEmpty && model.info.diagnostics.allSatisfy { $0.hint != nil }, "\(id)")
            #expect(model.note != nil && model.hint != nil, "\(id): \(model.note ?? "no note"), \(model.hint ?? "no hint")")
        }
        // What can still be read in part is read, and the bad line is told.
        try zoo.write("---\nname: \"never closed\nlicense: BSD\n---\n", to: "odd/readme.md")
        try await daemon.waitForModel("odd", "is looked at") { $0.state != .busy }
        let shown = try await daemon.zooctl("show", "odd")
        #expect(
            shown.standardOutput.contains("readme.md:2:7") && shown.standardOutput.contains("not valid YAML"), "\(shown.standardOutput)")

        // Put right, each is published.
        try await zoo.shell(
            "for d in fifo directory dangling huge yaml nul latin; do rm -rf $d/readme.md; cp good/readme.md $d/; sed -i /gist_id/d $d/readme.md; done"
        )
        for id in ["fifo", "directory", "dangling", "huge", "yaml", "nul", "latin"] { try await daemon.waitForSync(id) }
    }

    @Test func `what a readme or a name holds cannot drive the terminal`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.write(
            "---\nname: \"evil\\x1b[2J\\x07name\"\nlicense: \"\\e]0;owned\\a\"\ncaffemodel: \"\\e[31mx\"\n---\n\u{1B}[31mtext\u{1B}[0m\n",
            to: "evil/readme.md")
        try await zoo.shell(
            "mkdir $'esc\\e[31m' && cp evil/readme.md $'esc\\e[31m/'; mkdir $'bad\\xff' && cp evil/readme.md $'bad\\xff/'; echo x > $'evil/\\xfe\\e.prototxt'"
        )
        try zoo.makeModel("good")
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("good", "is looked at") { $0.state != .busy }
        try await daemon.waitForModel("evil", "is looked at") { $0.state != .busy }
        for arguments in [["status"], ["show", "evil"], ["plan"], ["events", "--since", "0"], ["lint", zoo.path("evil").string]] {
            let result = try await ProgramRun.run(
                BuildProducts.path(of: "zooctl"), arguments, environment: ["ZOOD_SOCKET": zoo.socket.string], limit: .seconds(20))
            let bytes = result.standardOutputBytes + result.standardErrorBytes
            #expect(!bytes.contains { $0 == 0x1b || $0 == 0x07 || $0 == 0 || $0 == 0x7f }, "\(arguments)")
            #expect(String(validating: bytes, as: UTF8.self) != nil, "\(arguments)")
        }
        let shown = try await daemon.zooctl("status", "evil")
        #expect(shown.standardOutput.contains("evil"))
        #expect(daemon.log.utf8.allSatisfy { $0 != 0x1b })
    }
}
