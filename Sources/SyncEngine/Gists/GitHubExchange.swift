import FoundationEssentials
import Transfers

/// Asks one version of GitHub's REST API, and gives answers that are what they should be.
struct GitHubExchange: Sendable {
    let client: APIClient
    let version: GitHubAPIVersion
    /// For one request, from now to the last byte of the answer.
    let deadline: Duration
    /// What the waits that GitHub asks for count from.
    let now: @Sendable () -> Date

    /// Sends one request; gives answers of 2xx only, and the 304 that a validator asks for.
    /// - Parameter validator: The ETag of what is known already.
    func send(
        _ method: APIRequest.Method, _ target: String, _ action: GitHubAction, body: [UInt8]? = nil, validator: String? = nil
    ) async throws(GistFailure) -> APIResponse {
        var headers = [(name: "Accept", value: "application/vnd.github+json"), (name: "X-GitHub-Api-Version", value: version.rawValue)]
        if let validator { headers.append((name: "If-None-Match", value: validator)) }
        let request = APIRequest(method, target, headers: headers, body: body, deadline: deadline, maximumBodyByteCount: 64 << 20)
        let response: APIResponse
        do { response = try await client.send(request) } catch {
            throw refusal(of: action).failure(error)
        }
        if (200..<300).contains(response.status) || (response.status == 304 && validator != nil) { return response }
        throw refusal(of: action).failure(response)
    }

    /// One GET whose answer is `type`.
    func get<Body: Decodable>(_ type: Body.Type, _ target: String, _ action: GitHubAction) async throws(GistFailure) -> Body {
        try decoded(type, try await send(.get, target, action), action)
    }

    func refusal(of action: GitHubAction) -> GitHubRefusal { GitHubRefusal(action: action, now: now()) }

    func encoded(_ body: some Encodable, _ action: GitHubAction) throws(GistFailure) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(body)) } catch {
            throw .refused("\(action) failed: its text cannot be sent as JSON")
        }
    }

    func decoded<Body: Decodable>(_ type: Body.Type, _ response: APIResponse, _ action: GitHubAction) throws(GistFailure) -> Body {
        do { return try JSONDecoder().decode(type, from: Data(response.body)) } catch {
            throw refusal(of: action).unreadable(response)
        }
    }
}
