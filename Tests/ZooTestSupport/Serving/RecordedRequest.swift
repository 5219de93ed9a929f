import Foundation
import NIOHTTP1

/// One request as it reached a loopback server, and what was sent back.
public struct RecordedRequest: Sendable {
    /// 0 for the first that the server got.
    public let number: Int
    /// Which connection it came on: 0 for the first that the server accepted. Equal numbers = the connection was reused.
    public let connection: Int
    /// Upper case: `GET`, `PATCH`.
    public let method: String
    /// As sent: path with query.
    public let target: String
    /// In the order and case in which they were sent.
    public let headers: [(name: String, value: String)]
    /// Whole; the server bounds it.
    public let body: [UInt8]
    /// When the last byte of the body had come.
    public let receivedAt: ContinuousClock.Instant
    /// The same by the server's own clock.
    public let time: Date
    /// Nil as long as nothing was answered; stays nil when the server hung up instead.
    public internal(set) var status: Int?
    /// Bytes of the answer's body handed to the kernel so far, framing not counted.
    public internal(set) var bodyBytesSent = 0
    /// True when the server is done with it, in whatever way.
    public internal(set) var isFinished = false

    /// The path without the query, percent-encoding left as it is.
    public var path: String { String(target.prefix { $0 != "?" }) }

    /// The query's items, decoded as forms are (`+` is a space, percent signs); an item without `=` has an empty value.
    public var query: [String: String] {
        guard let mark = target.firstIndex(of: "?") else { return [:] }
        let items = target[target.index(after: mark)...].split(separator: "&").map { item in
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { text in
                    let spaced = String(text.replacing("+", with: " "))
                    return spaced.removingPercentEncoding ?? spaced
                }
            return (pair[0], pair.count > 1 ? pair[1] : "")
        }
        return Dictionary(items) { first, _ in first }
    }

    /// All values of a header, by name without case, joined with `, `; nil when it was not sent.
    public func header(_ name: String) -> String? {
        let values = headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// The body as text, invalid UTF-8 repaired.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// A copy with one header replaced, or without it (nil).
    func replacing(header name: String, with value: String?) -> RecordedRequest {
        let others = headers.filter { $0.name.lowercased() != name.lowercased() }
        return RecordedRequest(
            number: number, connection: connection, method: method, target: target,
            headers: value.map { others + [(name, $0)] } ?? others, body: body, receivedAt: receivedAt, time: time)
    }
}
