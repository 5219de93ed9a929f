import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// Directories that cannot be read or written, or are no longer what they were.
struct InputPlacesTests {
    private let daemonUser = ProcessIdentity(uid: 4711)

    @Test func `an unreadable directory and an unreadable readme are said, with what helps, and taken up when they can be read`()
        async throws
    {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ create: automatic }"])
        for id in ["good", "secret-readme", "closed", "group/inner"] { try zoo.makeModel(id) }
        try await zoo.give(to: daemonUser)
        try await zoo.shell("chown -R 0 closed secret-readme group; chmod 600 secret-readme/readme.md; chmod 700 closed group")
        let daemon = try await RunningDaemon.start(in: zoo, identity: daemonUser)
        try await daemon.waitForSync("good")
        let line = try await daemon.waitForHealth("unreadable-directory")
        #expect(line.text.contains("Permission denied") && (line.text.contains("closed") || line.text.contains("group")), "\(line.text)")
        #expect(line.hint != nil)
        // What was there before and cannot be reached any more is unknown, not gone or ignored.
        try await zoo.shell("chown -R 4711:4711 good && mkdir above && mv good above/ && chown 0 above")
        try await daemon.waitForSync("above/good")
        try await zoo.shell("chmod 700 above")
        _ = try await daemon.zooctl("sync")
        let unreachable = try await daemon.waitForModel("above/good", "is unknown") { $0.note?.contains("Permission denied") == true }
        #expect(unreachable.gist.id != nil)
        let model = try await daemon.waitForModel("secret-readme", "is looked at") { $0.state != .busy }
        #expect(model.state == .attention)
        #expect(model.note != nil && model.hint != nil)
        let page = try await daemon.zooctl("status")
        #expect(page.standardOutput.contains("Permission denied"), "\(page.standardOutput)")

        try await zoo.shell("chmod 755 closed group above; chmod 644 secret-readme/readme.md")
        for id in ["closed", "group/inner", "secret-readme"] {
            try await daemon.waitForModel(id, "can be read") { $0.info.state != .invalid }
        }
        try zoo.makeModel("group/later")
        try await daemon.waitForModel("group/later", "is seen") { $0.info.state != .invalid }
        _ = try await daemon.zooctl("sync")
        try await eventually("the line is gone") { try await daemon.status().health.allSatisfy { $0.code != "unreadable-directory" } }
    }

    @Test func `a zoo behind a directory that may not be passed is refused, naming that directory`() async throws {
        let zoo = try TemporaryZoo()
        try await zoo.give(to: daemonUser)
        try await zoo.shell("mkdir -p ../closed/inner/zoo; chmod 700 ../closed")
        let closed = zoo.directory.appending("closed")
        let refused = try await zoo.zood("--zoo", "\(closed)/inner/zoo", identity: daemonUser)
        #expect(refused.status == 1)
        #expect(refused.standardError.contains("\(closed): Permission denied"), "\(refused.standardError)")
        #expect(refused.standardError.contains("hint: "))
        #expect(refused.standardError.contains("setfacl -m u:zood:x \(closed)\n"), "\(refused.standardError)")
        let missing = try await zoo.zood("--zoo", "\(zoo.directory)/nowhere/zoo", identity: daemonUser)
        #expect(missing.status == 1)
        #expect(missing.standardError.contains("\(zoo.directory)/nowhere: No such file or directory"), "\(missing.standardError)")
    }

    @Test func `a read-only zoo is served and nothing is written into it, by configuration or because it has to be`() async throws {
        let files = try await LoopbackFileHost.start()
        let url = files.serve(.bytes(Array("weights".utf8)), at: "w.caffemodel")
        for isConfigured in [true, false] {
            let zoo = try TemporaryZoo()
            var sections = ["gists": "{ create: automatic }"]
            if isConfigured { sections["zoos"] = "[{ path: \(zoo.zoo), mode: read-only }]" }
            try zoo.configure(sections)
            let sha1 = ContentDigests(of: Array("weights".utf8)).sha1
            try zoo.makeModel("looked-at", ReadmeText(url: url, sha1: sha1))
            let text = try zoo.text(of: "looked-at/readme.md")
            try await zoo.give(to: daemonUser)
            try await zoo.shell("chown -R 0:0 .; chmod 755 .")
            let daemon = try await RunningDaemon.start(in: zoo, identity: daemonUser)
            let model = try await daemon.waitForModel("looked-at", "has come to rest") { $0.state != .busy }
            #expect(model.info.state != .invalid)
            #expect(try zoo.text(of: "looked-at/readme.md") == text)
            #expect(try FileManager.default.contentsOfDirectory(atPath: zoo.zoo.string) == ["looked-at"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: zoo.path("looked-at").string) == ["readme.md"])
            let lines = try await daemon.status().health.filter { $0.code == "zoo-read-only" }
            #expect(lines.count == (isConfigured ? 0 : 1))
            #expect(lines.allSatisfy { $0.text.contains("Permission denied") && $0.text.contains("mode: read-only") }, "\(lines)")
        }
        await files.stop()
    }

    @Test(arguments: ["mv ../zoo ../away && mkdir ../zoo", "mv ../zoo ../away", "rm -rf ../zoo/* ../zoo && mkdir ../zoo"])
    func `a zoo that vanishes while zood runs is said to have, and nothing is published or given up for it`(_ script: String) async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ create: automatic }"])
        for index in 0..<3 { try zoo.makeModel("m\(index)", files: ["deploy.prototxt": TemporaryZoo.prototxt]) }
        let daemon = try await RunningDaemon.start(in: zoo)
        for index in 0..<3 { try await daemon.waitForSync("m\(index)") }
        let gists = try await daemon.status().models.map(\.gist.id)
        let count = try await daemon.revisions(of: "m0").count
        try await zoo.shell(script)
        _ = try await ProgramRun.run("mkdir", ["-p", zoo.zoo.string])
        _ = try await daemon.zooctl("sync")
        let line = try await daemon.waitForHealth("zoo-missing")
        #expect(line.text.contains(zoo.zoo.string))
        #expect(line.hint != nil)
        let models = try await daemon.status().models
        #expect(models.map(\.gist.id) == gists, "what is known of the models is kept")
        #expect(try await daemon.revisions(of: "m0").count == count)
        #expect(try FileManager.default.contentsOfDirectory(atPath: zoo.zoo.string).isEmpty, "nothing is written to the new one")
    }
}
