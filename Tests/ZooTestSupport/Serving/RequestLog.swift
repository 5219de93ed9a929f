import Synchronization

/// Everything that a loopback server was asked, for tests to count and to look through.
public final class RequestLog: Sendable {
    private let entries = Mutex<[RecordedRequest]>([])

    init() {}

    /// All requests so far, oldest first.
    public var all: [RecordedRequest] { entries.withLock { $0 } }

    /// How many there were so far.
    public var count: Int { entries.withLock { $0.count } }

    /// The requests of one method (upper case), optionally of one path (without query).
    public func requests(_ method: String, path: String? = nil) -> [RecordedRequest] {
        all.filter { $0.method == method && (path == nil || $0.path == path) }
    }

    /// Whether `text` occurs anywhere in what was sent: targets, header names, header values, bodies.
    /// For "the token went nowhere else".
    public func mentions(_ text: String) -> Bool {
        all.contains { request in
            request.target.contains(text) || request.text.contains(text)
                || request.headers.contains { $0.name.contains(text) || $0.value.contains(text) }
        }
    }

    /// Forgets what came so far; numbers of later requests go on.
    public func removeAll() {
        entries.withLock { $0.removeAll() }
    }

    func append(_ request: RecordedRequest) {
        entries.withLock { $0.append(request) }
    }

    func update(_ number: Int, _ change: (inout RecordedRequest) -> Void) {
        entries.withLock { entries in
            guard let index = entries.lastIndex(where: { $0.number == number }) else { return }
            change(&entries[index])
        }
    }
}
