import Foundation
import Synchronization
import ZooTestSupport

/// Spoils requests of two zoods at one GitHub, and remembers who was asked to wait until when.
final class FaultMaker: Sendable {
    /// Somebody was told to ask nothing for a while.
    struct Limit: Sendable {
        /// Whom the requests' `User-Agent` names.
        let side: String
        let request: Int
        let until: ContinuousClock.Instant
    }

    private let github: LoopbackGitHub
    private let limits = Mutex<[Limit]>([])
    private let count = Mutex(0)

    init(github: LoopbackGitHub) { self.github = github }

    /// Faults that met a request.
    var met: Int { count.withLock { $0 } }

    /// Spoils one of the next requests. One that makes a gist is left alone: minutes of searching follow where it may have been done.
    func spoilOne(by chance: inout SeededGenerator) {
        let kinds: [Fault] = [
            .hangUpBeforeHandling, .hangUpAfterHandling, .status(500), .hangUp(atBodyByte: chance.number(0...400)),
            .status(502, headers: [("content-type", "text/html")], body: "<html><body><h1>502 Bad Gateway</h1></body></html>"),
            .status(409, headers: [("content-type", "application/json")], body: #"{"message":"Gist cannot be updated."}"#),
        ]
        let isForWrites = chance.happens(percent: 50)
        let wait = chance.number(1...2)
        switch chance.number(0...7) {
        case 6:
            let body = #"{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}"#
            limit(
                .status(403, headers: [("content-type", "application/json"), ("retry-after", String(wait))], body: body),
                until: .now + .seconds(wait), wait: .seconds(wait), isForWrites)
        case 7:
            // Decided when it is served: the reset is a time, not a span. So it is a second or two from now, whenever that comes.
            let reset = (Date().timeIntervalSince1970 + Double(wait)).rounded(.up)
            let headers = [
                ("content-type", "application/json"), ("x-ratelimit-limit", "5000"), ("x-ratelimit-remaining", "0"),
                ("x-ratelimit-reset", String(Int(reset))),
            ]
            let left = Duration.seconds(reset - Date().timeIntervalSince1970)
            limit(
                .status(403, headers: headers, body: #"{"message":"API rate limit exceeded for user ID 1001."}"#), until: .now + left,
                wait: nil, isForWrites)
        case let kind: inject(kinds[kind], isForWrites) { _ in }
        }
    }

    /// - Parameter wait: How long from the answer; nil where `until` is a fixed time.
    private func limit(_ fault: Fault, until: ContinuousClock.Instant, wait: Duration?, _ isForWrites: Bool) {
        inject(fault, isForWrites) { [weak self] request in
            let limit = Limit(side: Self.side(of: request), request: request.number, until: wait.map { .now + $0 } ?? until)
            self?.limits.withLock { $0.append(limit) }
        }
    }

    private func inject(_ fault: Fault, _ isForWrites: Bool, whenMet: @escaping @Sendable (RecordedRequest) -> Void) {
        github.inject(
            fault,
            on: RequestPattern { [weak self] request in
                guard request.method != "POST", !isForWrites || request.method == "PATCH" else { return false }
                self?.count.withLock { $0 += 1 }
                whenMet(request)
                return true
            })
    }

    /// A zood that was killed before it wrote down that it is to wait does not know of it.
    func forgetLimits(of side: String) {
        limits.withLock { $0.removeAll { $0.side == side && $0.until > .now } }
    }

    /// Requests that came while their sender had been told to wait.
    func requestsWhileLimited() -> [RecordedRequest] {
        let all = github.requests.all
        return limits.withLock { $0 }.flatMap { limit in
            all.filter { $0.number > limit.request && $0.receivedAt < limit.until && Self.side(of: $0) == limit.side }
        }
    }

    private static func side(of request: RecordedRequest) -> String {
        String((request.header("user-agent") ?? "").split(separator: "(").last?.dropLast() ?? "")
    }
}
