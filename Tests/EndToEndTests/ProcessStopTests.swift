import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

struct ProcessStopTests {
    @Test func `SIGTERM ends a daemon at rest within two seconds, with 0 and without a socket left behind`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.makeModel("resting")
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("resting", "is looked at") { $0.state != .busy }
        let (status, duration) = try await daemon.terminate()
        #expect(status == 0)
        #expect(duration < .seconds(2))
        #expect(!zoo.exists(zoo.socket))
    }

    @Test func `SIGTERM ends within two seconds while a fetch, a publication and an event stream are under way`() async throws {
        let (files, github) = (try await LoopbackFileHost.start(), try await LoopbackGitHub.start())
        github.addAccount(login: "ada", token: "token-of-ada", scopes: ["gist"])
        github.inject(.stallBeforeHandling, on: .post, times: .max)
        files.inject(.stall(atBodyByte: 1 << 20), times: .max)
        let zoo = try TemporaryZoo()
        let token = zoo.directory.appending("token")
        try Data("token-of-ada\n".utf8).write(to: URL(filePath: token.string))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: token.string)
        try zoo.configure([
            "gists": "{ host: github, api_url: \"\(github.apiURL)\", token_file: \(token), create: automatic }"
        ])
        let url = files.serve(.generated(seed: 1, byteCount: 8 << 20), at: "large.caffemodel")
        let sha1 = ContentDigests(of: try FileContent.generated(seed: 1, byteCount: 8 << 20).bytes(in: 0..<(8 << 20))).sha1
        try zoo.makeModel("fetching", ReadmeText(caffemodel: "large.caffemodel", url: url, sha1: sha1))
        try zoo.makeModel("publishing")
        let daemon = try await RunningDaemon.start(in: zoo)
        let follower = try await LeashedProcess.start(
            BuildProducts.path(of: "zooctl"), ["events", "-f"], environment: ["ZOOD_SOCKET": zoo.socket.string])
        try await eventually("bytes of the binary come in") {
            try await daemon.model("fetching")?.binaries.first?.progress?.doneBytes ?? 0 > 0
        }
        try await eventually("the host was asked to make a gist") { !github.requests.requests("POST").isEmpty }

        let (status, duration) = try await daemon.terminate()
        #expect(status == 0)
        #expect(duration < .seconds(2))
        #expect(!zoo.exists(zoo.socket))
        _ = try await follower.exitStatus(within: .seconds(20))
        let left = try FileManager.default.contentsOfDirectory(atPath: zoo.path(".zood/downloads").string)
        #expect(left.count == 1, "what was fetched is kept for later")
        await files.stop()
        await github.stop()
    }
}
