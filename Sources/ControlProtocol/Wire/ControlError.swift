/// Why a request was refused or failed: a sentence, a stable code and a way out.
public struct ControlError: Error, Codable, Hashable, Sendable {
    public var code: ErrorCode
    /// What, which file or model, and why; one or two sentences without a final full stop.
    public var message: String
    /// The command or the edit that helps; nil when there is none.
    public var hint: String?
    /// More of it for scripts, e.g. `model`, `role`, `file`.
    public var details: [String: String]

    public init(_ code: ErrorCode, _ message: String, hint: String? = nil, details: [String: String] = [:]) {
        (self.code, self.message, self.hint, self.details) = (code, message, hint, details)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(code, forKey: .code)
        try container.encode(message, forKey: .message)
        try container.encode(hint, forKey: .hint)
        try container.encode(details, forKey: .details)
    }
}

/// The body of every answer whose status is 400 or more.
public struct ErrorEnvelope: Codable, Hashable, Sendable {
    public var error: ControlError

    public init(_ error: ControlError) {
        self.error = error
    }
}
