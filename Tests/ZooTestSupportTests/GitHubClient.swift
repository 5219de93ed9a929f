import Foundation
import ZooTestSupport

/// One answer of the API, taken apart.
struct APIAnswer {
    let code: Int
    let head: String
    let body: [UInt8]
    let exitStatus: Int32

    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:] }
    var list: [[String: Any]] { (try? JSONSerialization.jsonObject(with: Data(body))) as? [[String: Any]] ?? [] }
    var id: String { json["id"] as? String ?? "" }
    var message: String { json["message"] as? String ?? "" }

    /// First value of a header; nil when it did not come.
    func header(_ name: String) -> String? {
        head.split(separator: "\r\n").first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }

    func file(_ name: String) -> [String: Any]? { (json["files"] as? [String: Any])?[name] as? [String: Any] }
    var fileNames: Set<String> { Set((json["files"] as? [String: Any] ?? [:]).keys) }
    var history: [[String: Any]] { json["history"] as? [[String: Any]] ?? [] }
}

extension LoopbackGitHub {
    /// With the account `ada`, whose token is `good`.
    static func withAda(settings: GitHubSettings = GitHubSettings(), basePath: String = "") async throws -> LoopbackGitHub {
        let github = try await LoopbackGitHub.start(settings: settings, basePath: basePath)
        github.addAccount(login: "ada", token: "good")
        return github
    }

    /// Asks by the `curl` program.
    func ask(
        _ method: String, _ path: String, token: String? = "good", _ body: Any? = nil, text: String? = nil, headers: [String] = []
    ) async throws -> APIAnswer {
        var arguments = ["--request", method, "--header", "Expect:"]
        if let token { arguments += ["--header", "Authorization: Bearer \(token)"] }
        arguments += headers.flatMap { ["--header", $0] }
        if method == "HEAD" { arguments += ["--head"] }
        let file = FileManager.default.temporaryDirectory.appending(path: "zoo-body-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        if let body {
            try JSONSerialization.data(withJSONObject: body).write(to: file)
        } else if let text {
            try Data(text.utf8).write(to: file)
        }
        if body != nil || text != nil { arguments += ["--data-binary", "@\(file.path)"] }
        let url = path.hasPrefix("http") ? path : apiURL + path
        let got = try await curl(arguments + [url])
        return APIAnswer(code: got.code, head: got.headAsSent, body: got.body, exitStatus: got.exitStatus)
    }

    /// Makes a gist by the API.
    func make(_ files: [String: String], token: String = "good", description: String = "d") async throws -> APIAnswer {
        try await ask("POST", "/gists", token: token, ["description": description, "files": files.mapValues { ["content": $0] }])
    }
}
