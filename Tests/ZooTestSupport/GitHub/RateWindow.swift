import Foundation

/// The primary limit of one account, or of everybody without token.
struct RateWindow: Sendable {
    var limit: Int
    var used = 0
    var resetsAt: Date

    init(limit: Int, from now: Date) {
        self.limit = limit
        resetsAt = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down) + 3600)
    }

    var remaining: Int { max(0, limit - used) }

    /// A new window once the old one is over.
    mutating func turn(at now: Date) {
        if now >= resetsAt { self = RateWindow(limit: limit, from: now) }
    }

    var headers: [(String, String)] {
        [
            ("x-ratelimit-limit", String(limit)), ("x-ratelimit-remaining", String(remaining)), ("x-ratelimit-used", String(used)),
            ("x-ratelimit-reset", String(Int(resetsAt.timeIntervalSince1970))), ("x-ratelimit-resource", "core"),
        ]
    }

    var json: JSONValue {
        [
            "limit": .number(limit), "used": .number(used), "remaining": .number(remaining),
            "reset": .number(Int(resetsAt.timeIntervalSince1970)),
        ]
    }
}
