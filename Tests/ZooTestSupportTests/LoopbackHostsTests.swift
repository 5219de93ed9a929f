import Foundation
import Testing
import ZooTestSupport

/// The program `loopback-hosts`.
@Suite struct LoopbackHostsTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "zoo-hosts-\(UUID().uuidString)")

    private func start(_ arguments: String...) async throws -> (LeashedProcess, url: String) {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let (output, port) = (directory.appending(path: "out").path, directory.appending(path: "port").path)
        let process = try await LeashedProcess.start(
            BuildProducts.path(of: "loopback-hosts"), arguments + ["--port-file", port], standardOutput: output, standardError: output)
        let number = try await eventually("the port file is there") { try? String(contentsOfFile: port, encoding: .utf8) }
        let url = try String(contentsOfFile: output, encoding: .utf8)
        #expect(url.hasPrefix("http://127.0.0.1:\(number.trimmingCharacters(in: .newlines))"))
        return (process, url.trimmingCharacters(in: .newlines))
    }

    @Test func `files serves a directory and generated files until SIGTERM`() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let (process, url) = try await start("files", directory.path, "--generate", "big.caffemodel:2MiB:7", "--rate", "100MiB/s")
        try FileManager.default.createDirectory(at: directory.appending(path: "sub"), withIntermediateDirectories: true)
        try Data("late".utf8).write(to: directory.appending(path: "sub/late.txt"))
        #expect(try await curl("\(url)/sub/late.txt").body == Array("late".utf8))
        #expect(try await curl("--path-as-is", "\(url)/../../etc/passwd").code == 404)
        #expect(try await curl("\(url)/sub").code == 404)
        let expected = try FileContent.generated(seed: 7, byteCount: 2 << 20).bytes(in: 0..<2 << 20)
        #expect(try await curl("\(url)/big.caffemodel").body == expected)
        process.send(SIGTERM)
        #expect(try await process.exitStatus(within: .seconds(10)) == 0)
    }

    @Test func `github serves the API for one token`() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let (process, url) = try await start("github", "--token", "t0k", "--login", "ada")
        #expect(try await curl("--header", "Authorization: Bearer t0k", "\(url)/user").code == 200)
        #expect(try await curl("--header", "Authorization: Bearer other", "\(url)/user").code == 401)
        process.send(SIGTERM)
        #expect(try await process.exitStatus(within: .seconds(10)) == 0)
    }

    @Test func `github tells of each change as it is made, and of nothing else`() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let (process, url) = try await start("github", "--token", "t0k", "--login", "ada", "--tell-changes")
        let (sign, draft) = ("Authorization: Bearer t0k", #"{"files": {"a.md": {"content": "a"}}}"#)
        #expect(try await curl("--header", sign, "\(url)/gists").code == 200)
        #expect(try await curl("--header", sign, "--data", "{}", "\(url)/gists").code == 422)
        #expect(try await curl("--header", sign, "--data", draft, "\(url)/gists").code == 201)
        let output = try String(contentsOf: directory.appending(path: "out"), encoding: .utf8)
        #expect(output.split(separator: "\n").dropFirst() == ["POST /gists"])
        process.send(SIGTERM)
        #expect(try await process.exitStatus(within: .seconds(10)) == 0)
    }

    @Test(arguments: [["files"], ["files", "--generate", "x"], ["files", ".", "--rate", "fast"], ["github"], ["nonsense"]])
    func `what makes no sense is a usage error`(_ arguments: [String]) async throws {
        #expect(try await ProgramRun.run(BuildProducts.path(of: "loopback-hosts"), arguments).status == 64)
    }
}
