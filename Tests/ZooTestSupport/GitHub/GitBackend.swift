import Foundation
import NIOHTTP1
import SystemIO

/// Serves gists by git's own protocol, as gist.github.com does: `git http-backend` on a repository made of the gist's revisions.
final class GitBackend: Sendable {
    private let root: URL
    private let lane = BlockingLane(label: "loopback git", width: 2)

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "loopback-git-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// Whom git names as the author of an account's revisions.
    static func person(_ login: String) -> String { "\(login) <\(login)@users.noreply.github.com>" }

    /// The id in `/ID.git/info/refs` and `/ID.git/git-upload-pack`; nil for anything else.
    static func gist(askedForBy request: RecordedRequest) -> String? {
        let words = request.path.split(separator: "/", maxSplits: 1).map(String.init)
        guard words.count == 2, words[0].hasSuffix(".git"), ["info/refs", "git-upload-pack"].contains(words[1]) else { return nil }
        return String(words[0].dropLast(4))
    }

    func answer(_ request: RecordedRequest, about gist: HostedGist) async throws -> Reply {
        try await lane.run { [self] in
            let project = try project(of: gist)
            var environment = [
                "PATH": "/usr/local/bin:/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent", "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROJECT_ROOT": project.path, "PATH_INFO": request.path, "REQUEST_METHOD": request.method,
                "QUERY_STRING": request.target.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) ?? "",
                "CONTENT_LENGTH": String(request.body.count),
                // Root may ask for a repository of somebody else's.
                "GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
                "GIT_CONFIG_KEY_1": "uploadpack.allowAnySHA1InWant", "GIT_CONFIG_VALUE_1": "true",
            ]
            environment["CONTENT_TYPE"] = request.header("content-type")
            environment["HTTP_CONTENT_ENCODING"] = request.header("content-encoding")
            environment["GIT_PROTOCOL"] = request.header("git-protocol")
            return try reply(from: run(["http-backend"], environment, input: request.body))
        }
    }

    /// The directory that holds `ID.git` as the gist is now.
    private func project(of gist: HostedGist) throws -> URL {
        let project = root.appending(path: gist.revisions.last?.version ?? "none")
        if FileManager.default.fileExists(atPath: project.path) { return project }
        let draft = root.appending(path: UUID().uuidString)
        let repository = draft.appending(path: "\(gist.id).git").path
        try FileManager.default.createDirectory(atPath: repository, withIntermediateDirectories: true)
        let environment = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent", "GIT_DIR": repository,
        ]
        _ = try run(["init", "--quiet", "--bare", "--template=", "--initial-branch=main"], environment)
        _ = try run(["fast-import", "--quiet"], environment, input: gist.revisions.flatMap(importCommands))
        // Somebody else may have been quicker.
        try? FileManager.default.moveItem(at: draft, to: project)
        return project
    }

    private func importCommands(for commit: HostedCommit) -> [UInt8] {
        let stamp = "\(Self.person(commit.author)) \(Int(commit.committedAt.timeIntervalSince1970)) +0000"
        var commands = Array("commit refs/heads/main\nauthor \(stamp)\ncommitter \(stamp)\ndata 0\n\ndeleteall\n".utf8)
        for (name, content) in commit.files {
            let quoted = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            commands += Array("M 100644 inline \"\(quoted)\"\ndata \(content.count)\n".utf8) + content + Array("\n".utf8)
        }
        return commands
    }

    private func run(_ arguments: [String], _ environment: [String: String], input: [UInt8] = []) throws -> [UInt8] {
        let git = ChildProcess("git", arguments, environment: environment, deadline: .seconds(60), outputLimit: 256 << 20)
        let outcome = try git.run(input: input)
        guard outcome.ending == .exited(0) else {
            let result = ProgramResult(
                status: 1, standardOutputBytes: [], standardErrorBytes: Array(outcome.errorText.utf8), duration: .zero)
            throw ProgramFailure(program: "git \(arguments[0])", result: result)
        }
        return outcome.output
    }

    /// What a CGI program writes: headers, an empty line, the body.
    private func reply(from output: [UInt8]) throws -> Reply {
        let separator = Array("\r\n\r\n".utf8)
        guard let end = output.firstRange(of: separator) else { return Reply(500, text: "no answer of git\n") }
        var reply = Reply(200, body: Array(output[end.upperBound...]))
        for line in String(decoding: output[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n") {
            let field = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard field.count == 2 else { continue }
            if field[0].lowercased() == "status" {
                reply.status = Int(field[1].prefix(3)) ?? 500
            } else {
                reply.headers.add(name: field[0], value: field[1])
            }
        }
        return reply
    }
}
