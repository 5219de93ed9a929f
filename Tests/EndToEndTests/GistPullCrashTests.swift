import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

/// zood killed while it brings here what somebody else changed.
struct GistPullCrashTests {
    /// Where both sides changed a file and one came, in the order in which they are passed.
    static let points = [
        "pull.read", "files.kept", "files.written", "files.written:2", "pull.before-record", "pull.recorded", "gist.before-update",
        "gist.updated", "gist.update-recorded",
    ]
    /// At the first contact.
    static let pointsOfMeeting = ["pull.met"]

    /// A zoo with a model in sync, and no zood.
    private func published() async throws -> (zoo: TemporaryZoo, id: String, readme: String) {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ host: local, create: automatic, poll: 7d }"])
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        let id = try #require(try await daemon.waitUntilInSync().gist.id).description
        _ = try await daemon.terminate()
        return (zoo, id, try #require(try zoo.text(of: "tiny/readme.md")))
    }

    @Test(arguments: points)
    func `killed anywhere in bringing both sides together, nothing is lost, doubled or told twice`(point: String) async throws {
        let (zoo, id, before) = try await published()
        let doomed = try await RunningDaemon.start(in: zoo, crashAt: point)
        try await doomed.waitUntilInSync()
        let count = try await zoo.localGists.revisionCount(of: id)
        let theirs = before.replacing("A model for tests.", with: "Theirs.\n\nA model for tests.")
        try await zoo.localGists.push(["readme.md": theirs, "new.prototxt": "name: \"new\"\n"], to: id)
        // What is saved here is sent, or so zood means to, and finds theirs.
        try zoo.write(before + "\nOurs.\n", to: "tiny/readme.md")
        #expect(try await doomed.exitStatus() == 137, "nothing passed \(point)")

        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("tiny", "was looked at") { _ in true }
        #expect(try await daemon.zooctl("pull", "tiny").status == 0)
        try await daemon.waitUntilInSync()
        let merged = theirs + "\nOurs.\n"
        #expect(try zoo.text(of: "tiny/readme.md") == merged)
        #expect(try zoo.text(of: "tiny/new.prototxt") == "name: \"new\"\n")
        #expect(try zoo.names(in: "tiny") == ["readme.md", "deploy.prototxt", "new.prototxt"])
        #expect(try await zoo.localGists.bytes(of: "readme.md", in: id) == Array(merged.utf8))
        #expect(try await zoo.localGists.revisionCount(of: id) == count + 2)
        #expect(try zoo.localGists.ids == [id])
        let kinds = try await daemon.gistEvents().map(\.kind)
        #expect(kinds.count { $0 == "gist-changed" } == 1 && kinds.count { $0 == "gist-pulled" } == 1, "\(kinds)")
        let log = try await daemon.zooctl("log", "tiny", "--json")
        let versions = try ControlCoding.decode(LogReport.self, from: Array(log.standardOutput.utf8)).versions
        #expect(versions.count { $0.reason == "replaced" } == 1, "what lay here is kept once")
    }

    @Test(arguments: pointsOfMeeting) func `killed at the first contact, both sides are found in sync`(point: String) async throws {
        let (zoo, id, before) = try await published()
        let count = try await zoo.localGists.revisionCount(of: id)
        // The state is lost, the gists are not.
        for name in try FileManager.default.contentsOfDirectory(atPath: zoo.state.string) where name != "gists" {
            try FileManager.default.removeItem(atPath: zoo.state.appending(name).string)
        }
        let doomed = try await RunningDaemon.start(in: zoo, crashAt: point, within: .zero)
        #expect(try await doomed.exitStatus() == 137, "nothing passed \(point)")
        let daemon = try await RunningDaemon.start(in: zoo)
        #expect(try await daemon.waitUntilInSync().gist.id?.description == id)
        #expect(try zoo.text(of: "tiny/readme.md") == before)
        #expect(try await zoo.localGists.revisionCount(of: id) == count)
        #expect(try await daemon.gistEvents().map(\.kind) == ["gist-met"])
    }

    @Test func `every crash point of pulling and of writing what came is among those that are tried`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardized
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var named: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            named.formUnion(text.matches(of: /CrashPoint\.reach\("((?:pull|files)\.[a-z-]+)"\)/).map { String($0.1) })
        }
        #expect(!named.isEmpty && named.isSubset(of: Self.points + Self.pointsOfMeeting))
    }
}
