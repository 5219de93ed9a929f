import ControlProtocol
import FoundationEssentials
import ModelInfo

/// What is wrong with the daemon or its machine just now, and not with one model.
public actor HealthBoard {
    /// Stable words; `docs/troubleshooting.md` explains each.
    public enum Code: String, Sendable, CaseIterable {
        case watchLimit = "watch-limit"
        case cannotWatch = "cannot-watch"
        case unreadable = "unreadable-directory"
        case zooReadOnly = "zoo-read-only"
        case zooMissing = "zoo-missing"
        case stateSetAside = "state-set-aside"
        case stateFailing = "state-failing"
        case reloadRefused = "reload-refused"
        case tokenRefused = "token-refused"
        case hostLimited = "host-limited"
        case networkFileSystem = "network-file-system"
        case noSpace = "no-space"
        case verifyOverdue = "verify-overdue"
    }

    struct Trouble: Sendable {
        var code: Code
        /// What it is about, so that it can be cleared: a zoo's name, or "".
        var subject: String
        var item: HealthItem
        /// When it is over by itself; nil: when it is cleared.
        var until: Date?
    }

    private let clock: any DaemonClock
    private var raised: [Trouble] = []
    /// Looked at each time somebody asks.
    private var watched: [@Sendable () async -> Trouble?] = []
    /// What single models met of a trouble that is not theirs, and why; a code without models stands no more.
    private var metBy: [Code: [ModelID: String]] = [:]

    public init(clock: any DaemonClock = SystemClock()) { self.clock = clock }

    /// Has `look` asked each time somebody wants to know: for what comes and goes with time alone.
    func watch(_ look: @escaping @Sendable () async -> Trouble?) { watched.append(look) }

    func raise(_ trouble: Trouble) {
        clear(trouble.code, of: trouble.subject)
        raised.append(trouble)
    }

    /// The model met a trouble of the machine, or, with nil, meets it no more.
    func note(_ code: Code, met model: ModelID, because: String?) {
        metBy[code, default: [:]][model] = because
    }

    /// Whether the model is known to have met it.
    func isMet(_ code: Code, by model: ModelID) -> Bool { metBy[code]?[model] != nil }

    func clear(_ code: Code, of subject: String) {
        raised.removeAll { $0.code == code && $0.subject == subject }
    }

    private var troubles: [Trouble] {
        get async {
            var found: [Trouble] = []
            for look in watched { if let trouble = await look() { found.append(trouble) } }
            let now = clock.now
            return raised.filter { $0.until.map { now < $0 } ?? true } + found
                + metBy.compactMap { code, models in models.isEmpty ? nil : .met(code, by: models) }
        }
    }

    /// The most severe first, then by code.
    public var items: [HealthItem] {
        get async { await troubles.map(\.item).sorted { ($1.severity, $0.code, $0.text) < ($0.severity, $1.code, $1.text) } }
    }

    /// Whether anything stands here that makes the daemon `degraded`.
    public var isDegraded: Bool { get async { await troubles.contains { $0.item.severity >= .warning } } }
}
