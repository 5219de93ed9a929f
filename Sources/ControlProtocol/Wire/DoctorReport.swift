/// What `GET /v1/doctor` answers: whether everything that zood needs is as it has to be.
public struct DoctorReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.doctor/1"
    /// In the order in which zood needs them.
    public var checks: [DoctorCheck]

    public init(checks: [DoctorCheck]) { self.checks = checks }

    /// Whether any of them failed.
    public var hasError: Bool { checks.contains { $0.status == .error } }
}

/// One thing that was looked at.
public struct DoctorCheck: Codable, Hashable, Sendable {
    public enum Status: String, Codable, Hashable, Sendable {
        /// As it has to be.
        case ok
        /// It works, and somebody should look.
        case warning
        /// Something does not work because of it.
        case error
    }

    /// A stable word in kebab-case for what was looked at, such as `token`.
    public var check: String
    public var status: Status
    /// What was found, with its names and numbers. Never a part of a token.
    public var text: String
    /// The command or the edit that helps; nil when there is none.
    public var hint: String?

    public init(_ check: String, _ status: Status, _ text: String, hint: String? = nil) {
        (self.check, self.status, self.text, self.hint) = (check, status, text, hint)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(check, forKey: .check)
        try container.encode(status, forKey: .status)
        try container.encode(text, forKey: .text)
        try container.encode(hint, forKey: .hint)
    }
}
