import ControlProtocol
import Foundation
import Testing
import ZooTestSupport

struct ProcessInstanceTests {
    @Test func `a second zood on the same state, zoo or socket is refused and the first is unharmed`() async throws {
        let (zoo, other) = (try TemporaryZoo(), try TemporaryZoo())
        try zoo.makeModel("first")
        let daemon = try await RunningDaemon.start(in: zoo)

        let sameState = try await other.zood("--state", zoo.state.string)
        #expect(sameState.status == 1)
        #expect(
            sameState.standardError.contains("another zood (pid \(daemon.pid)) uses the state \(zoo.state)"), "\(sameState.standardError)")
        #expect(sameState.standardError.contains("hint: "))

        let sameZoo = try await other.zood("--zoo", zoo.zoo.string)
        #expect(sameZoo.status == 1)
        #expect(sameZoo.standardError.contains("is served by another zood (pid \(daemon.pid))"), "\(sameZoo.standardError)")
        #expect(sameZoo.standardError.contains("hint: "))

        let sameSocket = try await other.zood("--socket", zoo.socket.string)
        #expect(sameSocket.status == 1)
        #expect(sameSocket.standardError.contains("another zood answers on \(zoo.socket)"), "\(sameSocket.standardError)")

        #expect(try await daemon.status().daemon.pid == daemon.pid)
        try zoo.makeModel("later")
        try await daemon.waitForModel("later", "is seen") { $0.state != .busy }
    }

    @Test func `after a kill the stale socket is replaced and zood goes on`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ create: automatic }"])
        try zoo.makeModel("kept")
        let first = try await RunningDaemon.start(in: zoo)
        let before = try await first.waitForSync("kept")
        try await first.kill9()
        #expect(zoo.exists(zoo.socket))
        try zoo.makeModel("made-meanwhile")
        let second = try await RunningDaemon.start(in: zoo)
        try await second.waitForSync("made-meanwhile")
        let after = try await second.waitForSync("kept")
        #expect(after.gist.id == before.gist.id && after.gist.revision == before.gist.revision)
    }

    @Test func `what is no socket is not replaced by one`() async throws {
        let zoo = try TemporaryZoo()
        try Data("precious".utf8).write(to: URL(filePath: zoo.socket.string))
        let refused = try await zoo.zood()
        #expect(refused.status == 1)
        #expect(refused.standardError.contains("\(zoo.socket) exists and is no socket"), "\(refused.standardError)")
        #expect(try String(contentsOfFile: zoo.socket.string, encoding: .utf8) == "precious")
    }

    @Test func `a damaged state is set aside, said so, and made anew from disk and gists`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ create: automatic }"])
        try zoo.makeModel("survivor")
        let first = try await RunningDaemon.start(in: zoo)
        let before = try await first.waitForSync("survivor")
        _ = try await first.terminate()
        let database = zoo.state.appending("zood.sqlite")
        // A whole log beside it would mend it, and nothing would have to be set aside.
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database.string + suffix) }
        try Data(repeating: 0x5a, count: 40_000).write(to: URL(filePath: database.string))

        let second = try await RunningDaemon.start(in: zoo)
        let line = try await second.waitForHealth("state-set-aside")
        #expect(line.hint != nil)
        let aside = try FileManager.default.contentsOfDirectory(atPath: zoo.state.string).filter { $0.contains(".damaged-") }
        #expect(aside.contains { line.text.contains($0) }, "\(line.text)")
        let after = try await second.waitForModel("survivor", "has come to rest") { $0.state != .busy }
        #expect(after.gist.id == before.gist.id)
        #expect(try zoo.text(of: "survivor/readme.md")?.contains("gist_id: ") == true)
    }

    @Test func `a state that cannot be written is refused with the way out`() async throws {
        let zoo = try TemporaryZoo()
        let refused = try await zoo.zood(identity: ProcessIdentity(uid: 4711))
        #expect(refused.status == 1)
        #expect(refused.standardError.contains("the state directory \(zoo.state) cannot be used"), "\(refused.standardError)")
        #expect(refused.standardError.contains("Permission denied"))
        #expect(refused.standardError.contains("hint: name another one: zood --state DIR"))
    }
}
