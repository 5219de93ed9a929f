import CCurl
import ModelInfo

/// An absolute http or https URL, taken apart by libcurl: what judges a URL here is what later connects to it.
public struct HTTPURL: Hashable, Sendable, CustomStringConvertible {
    /// The URL as it is requested: normalised, without fragment. It holds no user name and no password.
    public let description: String
    /// `http` or `https`.
    public let scheme: String
    /// Lower-cased; an IPv6 address without brackets.
    public let host: String
    /// The scheme's own where the URL names none.
    public let port: Int

    /// - Throws: `badURL` for what is no URL or holds a user name or password; `refusedScheme` for anything but http and https.
    public init(_ text: String) throws(TransferFailure) {
        guard text.utf8.count <= 8192 else { throw TransferFailure(.badURL("the URL is longer than 8192 bytes")) }
        try self.init(text, relativeTo: nil)
    }

    /// What a `Location` in the answer to this URL leads to.
    func resolving(_ reference: String) throws(TransferFailure) -> HTTPURL {
        guard reference.utf8.count <= 8192 else { throw TransferFailure(.badURL("the redirect is longer than 8192 bytes")) }
        return try HTTPURL(reference, relativeTo: description)
    }

    private init(_ text: String, relativeTo base: String?) throws(TransferFailure) {
        guard let parser = URLParser() else { throw TransferFailure(.other("out of memory")) }
        if let base { try parser.set(base) }
        try parser.set(text)
        scheme = try parser.part(CURLUPART_SCHEME).lowercased()
        guard scheme == "https" || scheme == "http" else { throw TransferFailure(.refusedScheme(scheme)) }
        guard !parser.has(CURLUPART_USER), !parser.has(CURLUPART_PASSWORD) else {
            throw TransferFailure(.badURL("the URL holds a user name or a password"))
        }
        let written = try parser.part(CURLUPART_HOST).lowercased()
        host = written.hasPrefix("[") ? String(written.dropFirst().dropLast()) : written
        guard !host.isEmpty, !host.contains("%"), let number = Int(try parser.part(CURLUPART_PORT)), number > 0 else {
            throw TransferFailure(.badURL("the URL names no host"))
        }
        port = number
        description = try parser.whole()
    }

    /// Scheme, host and port: the unit that a token or an exemption is bound to.
    public var origin: String { "\(scheme)://\(address?.isIPv6 == true ? "[\(host)]" : host):\(port)" }

    /// Whether a host is that of the API at this URL, or one beside it. Beside `api.github.com` is what ends in `.github.com`, beside `HOST`
    /// what ends in `.HOST`.
    /// - Parameter name: Lower-cased; an IPv6 address without brackets.
    public func isSameSite(as name: String) -> Bool {
        let site = host.hasPrefix("api.") ? String(host.dropFirst(4)) : host
        return name == host || name == site || name.hasSuffix("." + site)
    }

    /// The host when it is a literal address, in any notation that libcurl takes (`127.1`, `0x7f000001`).
    var address: IPAddress? { IPAddress(host) }

    /// `localhost` or a literal loopback address.
    var isThisMachine: Bool { host == "localhost" || address?.isLoopback == true }
}

/// Owner of one `CURLU`.
@safe private struct URLParser: ~Copyable {
    private let handle: OpaquePointer

    init?() {
        guard let handle = unsafe curl_url() else { return nil }
        unsafe self.handle = handle
    }

    deinit { unsafe curl_url_cleanup(handle) }

    func set(_ text: String) throws(TransferFailure) {
        // A NUL would end the text early for C.
        guard !text.utf8.contains(0) else { throw TransferFailure(.badURL("the URL holds a NUL")) }
        let code = unsafe curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE))
        guard code == CURLUE_OK else {
            throw TransferFailure(.badURL(unsafe String(cString: curl_url_strerror(code)).lowercased()))
        }
    }

    func has(_ part: CURLUPart) -> Bool { (try? get(part, 0)) != nil }

    func part(_ part: CURLUPart) throws(TransferFailure) -> String { try get(part, UInt32(CURLU_DEFAULT_PORT)) }

    func whole() throws(TransferFailure) -> String {
        unsafe curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0)
        return try get(CURLUPART_URL, 0)
    }

    private func get(_ part: CURLUPart, _ flags: UInt32) throws(TransferFailure) -> String {
        var text: UnsafeMutablePointer<CChar>?
        let code = unsafe curl_url_get(handle, part, &text, flags)
        guard code == CURLUE_OK, let text = unsafe text else {
            throw TransferFailure(.badURL(unsafe String(cString: curl_url_strerror(code)).lowercased()))
        }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }
}
