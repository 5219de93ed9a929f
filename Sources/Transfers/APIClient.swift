/// Talks to one API: one origin, to which alone the token goes.
///
/// Shares no connection, handle or worker with ``DownloadClient``. Redirects are followed only within the origin. It answers with
/// whatever status the server gives; what is thrown says whether the request may have been carried out.
public final class APIClient: Sendable {
    /// - Parameters:
    ///   - baseURL: Such as `https://api.github.com` or `https://HOST/api/v3`; http only to `localhost` or a loopback address.
    ///   - token: Sent as `Authorization: Bearer` with each request of ``send(_:)``; nil sends none.
    /// - Throws: `badURL` or `refusedScheme`.
    public init(baseURL: String, token: SecretToken?, settings: NetworkSettings) throws(TransferFailure) {
    }

    public func send(_ request: APIRequest) async throws(TransferFailure) -> APIResponse {
        throw TransferFailure(.cancelled)
    }

    /// Gets a file by the URL that the API gave for it (`raw_url`), which may lie on another host: without the token.
    ///
    /// Redirects may lead to other hosts, never from https to http. Private and reserved addresses are refused but for the API's own
    /// host and the names below it.
    public func fetchRaw(_ url: String, deadline: Duration = .seconds(120), maximumByteCount: Int = 100 << 20)
        async throws(TransferFailure) -> APIResponse
    {
        throw TransferFailure(.cancelled)
    }
}
