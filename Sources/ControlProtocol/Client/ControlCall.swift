/// One request to the daemon, and what type its answer has. Every route that zooctl uses has a factory in `Routes.swift`.
public struct ControlCall<Answer: Decodable & Sendable>: Sendable {
    /// `GET`, `POST` or `DELETE`.
    public var method: String
    /// Path and query, already percent-encoded.
    public var target: String
    /// JSON; nil sends no body.
    public var body: [UInt8]?
    /// How long connecting and the whole answer may take together.
    public var deadline: Duration

    public init(_ method: String, _ target: String, body: [UInt8]? = nil, deadline: Duration = .seconds(30)) {
        (self.method, self.target, self.body, self.deadline) = (method, target, body, deadline)
    }
}

/// An answer as it came.
public struct ControlAnswer: Sendable {
    public var status: Int
    public var body: [UInt8]

    public init(status: Int, body: [UInt8]) {
        (self.status, self.body) = (status, body)
    }
}

/// `text` as one segment of a path or one value of a query: all but RFC 3986's unreserved characters as `%XX` of UTF-8.
public func percentEncoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            result.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let hex = String(byte, radix: 16, uppercase: true)
            result += "%" + (byte < 16 ? "0" : "") + hex
        }
    }
    return result
}
