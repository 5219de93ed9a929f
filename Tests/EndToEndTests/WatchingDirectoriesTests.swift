import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

struct WatchingDirectoriesTests {
    private func ids(_ daemon: RunningDaemon) async throws -> [String] { try await daemon.status().models.map(\.id) }

    private func waitForModels(_ expected: [String], _ daemon: RunningDaemon, _ why: String) async throws {
        try await eventually("\(why): \(expected)", within: .seconds(30)) { try await ids(daemon) == expected.sorted() }
    }

    @Test func `directories that are made, moved in, renamed, moved out and removed are followed, nested ones too`() async throws {
        let zoo = try TemporaryZoo()
        let daemon = try await RunningDaemon.start(in: zoo)
        try zoo.makeModel("one")
        try await waitForModels(["one"], daemon, "made")
        try zoo.makeModel("a/b/c/deep")
        try await waitForModels(["a/b/c/deep", "one"], daemon, "made nested")
        try await zoo.shell("mkdir -p ../outside/x && cp -r one ../outside/x/two && mv ../outside/x moved")
        try await waitForModels(["a/b/c/deep", "moved/two", "one"], daemon, "moved in")
        try await zoo.shell("mv a renamed")
        try await waitForModels(["moved/two", "one", "renamed/b/c/deep"], daemon, "renamed")
        try zoo.makeModel("renamed/b/sibling")
        try await waitForModels(["moved/two", "one", "renamed/b/c/deep", "renamed/b/sibling"], daemon, "made in what was renamed")
        try await zoo.shell("mv moved ../outside/back")
        try await waitForModels(["one", "renamed/b/c/deep", "renamed/b/sibling"], daemon, "moved out")
        // What happens out there is no more news.
        try await zoo.shell("cp -r ../outside/back/two ../outside/back/three && mv renamed/b/sibling one/inner")
        try await waitForModels(["one", "one/inner", "renamed/b/c/deep"], daemon, "moved within")
        try await zoo.shell("rm -r renamed")
        try await waitForModels(["one", "one/inner"], daemon, "removed")
        try await eventually("the root, one and one/inner are watched, and nothing else") { try daemon.watchCount == 3 }
    }

    @Test func `300 directories that are made at once are all seen, and no watch is lost`() async throws {
        let zoo = try TemporaryZoo()
        let daemon = try await RunningDaemon.start(in: zoo)
        let template = zoo.directory.appending("readme.md")
        try Data(ReadmeText().text.utf8).write(to: URL(filePath: template.string))
        // Walks in between must not undo what events have added.
        async let walks: Void = {
            for _ in 0..<5 { _ = try await daemon.zooctl("sync", "--no-wait") }
        }()
        try await zoo.shell(
            "for i in $(seq 1 300); do d=g$((i % 7))/h$((i % 3))/m$i; mkdir -p $d; cp \(template) $d/; echo 'name: \"n\"' > $d/net.prototxt; done"
        )
        try await walks
        try await eventually("all 300 are seen", within: .seconds(60)) { try await daemon.status().summary.models == 300 }
        try await eventually("no watch is lost, and none is left over") { try daemon.watchCount == 1 + 7 + 21 + 300 }
    }

    @Test func `directories that are made while zood starts are seen`() async throws {
        let zoo = try TemporaryZoo()
        for index in 0..<200 { try zoo.makeModel("old\(index)") }
        async let starting = RunningDaemon.start(in: zoo)
        for index in 0..<100 { try zoo.makeModel("new\(index)/inner") }
        let daemon = try await starting
        try await eventually("all 300 are seen", within: .seconds(60)) { try await daemon.status().summary.models == 300 }
        try await eventually("all 401 are watched") { try daemon.watchCount == 1 + 200 + 100 + 100 }
    }

    @Test func `a model is seen down to the fourth level and not below`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.makeModel("1/2/3/four")
        try zoo.makeModel("1/2/3/4/five")
        try zoo.write(ReadmeText().text, to: "readme.md")
        let daemon = try await RunningDaemon.start(in: zoo)
        try await waitForModels(["1/2/3/four"], daemon, "at the start")
        try zoo.makeModel("a/b/c/d/five")
        try zoo.makeModel("a/b/c/four")
        // A change of rights is told of a directory that is otherwise not looked at.
        try await zoo.shell("chmod 700 1/2/3/4/five a/b/c/d/five")
        try zoo.makeModel("last")
        try await waitForModels(["1/2/3/four", "a/b/c/four", "last"], daemon, "made later")
    }

    @Test func `hidden directories and those behind a link are no part of the zoo`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.makeModel("shown")
        try zoo.makeModel(".hidden")
        try zoo.makeModel("shown/.cache/inner")
        try await zoo.shell("mkdir ../outside && cp -r shown ../outside/behind && ln -s ../outside linked && ln -s shown alias")
        let daemon = try await RunningDaemon.start(in: zoo)
        try await waitForModels(["shown"], daemon, "at the start")
        try zoo.makeModel(".later")
        try await zoo.shell("chmod 700 .hidden .later shown/.cache; ln -s ../outside linked-later; touch .later/readme.md")
        try zoo.makeModel("last")
        try await waitForModels(["last", "shown"], daemon, "made later")
    }

    @Test func `what .zooignore names is skipped, at any level, as soon as it says so`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.write("old*\n", to: ".zooignore")
        try zoo.makeModel("old-one")
        try zoo.makeModel("new-one")
        try zoo.makeModel("group/draft")
        let daemon = try await RunningDaemon.start(in: zoo)
        try await waitForModels(["group/draft", "new-one"], daemon, "at the start")
        try zoo.makeModel("old-two")
        try zoo.makeModel("group/old-three")
        try zoo.write("draft/\n", to: "group/.zooignore")
        try await waitForModels(["new-one"], daemon, "a file one level down")
        try await zoo.shell("touch old-one/readme.md old-two/readme.md group/draft/readme.md; chmod 755 old-two")
        try zoo.makeModel("last")
        try await waitForModels(["last", "new-one"], daemon, "what is ignored stays so")
        try await zoo.shell("rm .zooignore group/.zooignore")
        try await waitForModels(
            ["group/draft", "group/old-three", "last", "new-one", "old-one", "old-two"], daemon, "no longer ignored")
    }

    @Test func `a readme counts under each of its names`() async throws {
        let zoo = try TemporaryZoo()
        let daemon = try await RunningDaemon.start(in: zoo)
        let names = ["readme.md", "README.md", "Readme.md", "_readme.md", "readme.markdown", "readme", "ReadMe.MD"]
        for (index, name) in names.enumerated() { try zoo.write(ReadmeText().text, to: "m\(index)/\(name)") }
        try zoo.write(ReadmeText().text, to: "none/about.md")
        try await waitForModels((0..<names.count).map { "m\($0)" }, daemon, "all names")
    }
}
