import Synchronization

/// Which requests a fault is for.
public struct RequestPattern: Sendable {
    let matches: @Sendable (RecordedRequest) -> Bool

    /// Whatever `matches` says yes to.
    public init(_ matches: @escaping @Sendable (RecordedRequest) -> Bool) { self.matches = matches }

    /// Every request.
    public static let any = RequestPattern { _ in true }
    /// Reads.
    public static let get = method("GET")
    /// Reads of the head only.
    public static let head = method("HEAD")
    /// Writes that make something.
    public static let post = method("POST")
    /// Writes that change something.
    public static let patch = method("PATCH")
    /// Writes that take something away.
    public static let delete = method("DELETE")
    /// Requests with a `Range` header.
    public static let ranged = RequestPattern { $0.header("range") != nil }

    /// Requests that come while another one of this log is being answered: what a host refuses that gives everybody one connection.
    public static func beside(in log: RequestLog) -> RequestPattern {
        RequestPattern { request in log.all.contains { $0.number != request.number && !$0.isFinished } }
    }

    /// Requests of one method, in upper case.
    public static func method(_ method: String) -> RequestPattern { RequestPattern { $0.method == method } }

    /// Requests for one path, without query.
    public static func path(_ path: String) -> RequestPattern { RequestPattern { $0.path == path } }

    /// Both must match.
    public func and(_ other: RequestPattern) -> RequestPattern { RequestPattern { matches($0) && other.matches($0) } }
}

/// The faults that still wait for their request. The oldest that matches wins; one request meets at most one.
final class FaultPlan: Sendable {
    private struct Entry {
        let fault: Fault
        let pattern: RequestPattern
        var skips: Int
        var times: Int
    }

    private let entries = Mutex<[Entry]>([])

    func inject(_ fault: Fault, on pattern: RequestPattern, times: Int, after skips: Int) {
        entries.withLock { $0.append(Entry(fault: fault, pattern: pattern, skips: skips, times: times)) }
    }

    func removeAll() {
        entries.withLock { $0.removeAll() }
    }

    func take(for request: RecordedRequest) -> Fault? {
        entries.withLock { entries in
            for index in entries.indices where entries[index].pattern.matches(request) {
                if entries[index].skips > 0 {
                    entries[index].skips -= 1
                    continue
                }
                let fault = entries[index].fault
                entries[index].times -= 1
                if entries[index].times <= 0 { entries.remove(at: index) }
                return fault
            }
            return nil
        }
    }
}
