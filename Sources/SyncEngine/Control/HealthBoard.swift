import ControlProtocol
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
    }

    struct Trouble: Sendable {
        var code: Code
        /// What it is about, so that it can be cleared: a zoo's name, or "".
        var subject: String
        var item: HealthItem
    }

    private var troubles: [Trouble] = []

    public init() {}

    func raise(_ trouble: Trouble) {
        clear(trouble.code, of: trouble.subject)
        troubles.append(trouble)
    }

    func clear(_ code: Code, of subject: String) {
        troubles.removeAll { $0.code == code && $0.subject == subject }
    }

    /// The most severe first, then by code.
    public var items: [HealthItem] {
        troubles.map(\.item).sorted { ($1.severity, $0.code, $0.text) < ($0.severity, $1.code, $1.text) }
    }

    /// Whether anything stands here that makes the daemon `degraded`.
    public var isDegraded: Bool { troubles.contains { $0.item.severity >= .warning } }
}

extension HealthBoard.Trouble {
    init(
        _ code: HealthBoard.Code, _ severity: Diagnostic.Severity, of subject: String = "", title: String, text: String, hint: String?
    ) {
        self.init(
            code: code, subject: subject,
            item: HealthItem(code: code.rawValue, severity: severity, title: title, text: text, hint: hint))
    }

    static func watchLimit(zoo: String, unwatched: Int, needed: Int, limit: Int?) -> Self {
        Self(
            .watchLimit, .warning, of: zoo, title: "not every directory can be watched",
            text: """
                zoo \(zoo): \(unwatched) of \(needed) directories have no inotify watch (limit \(limit.map(String.init) ?? "unknown")); \
                they are walked every few minutes instead
                """,
            hint: "sysctl fs.inotify.max_user_watches=\(max(needed * 2, (limit ?? 0) * 2))")
    }

    static func cannotWatch(zoo: String, why: String) -> Self {
        Self(
            .cannotWatch, .warning, of: zoo, title: "changes are only seen by walking the zoo", text: "zoo \(zoo): inotify: \(why)",
            hint: "sysctl fs.inotify.max_user_instances=512")
    }

    static func stateFailing(because: String) -> Self {
        Self(
            .stateFailing, .error, title: "the state cannot be written", text: because,
            hint: "look at the disk of the state directory: df -h; it goes on by itself")
    }

    static func stateSetAside(_ sentence: String) -> Self {
        Self(
            .stateSetAside, .warning, title: "the state was made anew", text: sentence,
            hint: "nothing published is lost: models and gists are compared again; the old file can be removed")
    }

    static func zooReadOnly(zoo: String, because: String) -> Self {
        Self(.zooReadOnly, .warning, of: zoo, title: "a zoo is served read-only", text: because, hint: "then: systemctl restart zood")
    }

    static func zooMissing(_ problem: ZooProblem, zoo: String) -> Self {
        Self(.zooMissing, .error, of: zoo, title: "a zoo cannot be served", text: problem.description, hint: problem.hint)
    }

    static func reloadRefused(because: String) -> Self {
        Self(
            .reloadRefused, .warning, title: "the changed configuration is not in force", text: because,
            hint: "correct it, then: zooctl reload")
    }

    static func tokenRefused(because: String) -> Self {
        Self(.tokenRefused, .error, title: "the token is not used", text: because, hint: "then: zooctl reload")
    }

    static func networkFileSystem(zoo: String, kind: String) -> Self {
        Self(
            .networkFileSystem, .note, of: zoo, title: "changes made on other machines are seen late",
            text:
                "zoo \(zoo) lies on \(kind), where inotify sees only this machine's changes; the rest is found by walking it, every watch.rescan",
            hint: "to have it looked at sooner: zooctl sync, or a smaller watch.rescan")
    }

    static func unreadable(zoo: String, path: String, count: Int, why: String) -> Self {
        Self(
            .unreadable, .warning, of: zoo, title: "directories cannot be read",
            text: "zoo \(zoo): \(path)\(count > 1 ? " and \(count - 1) more" : ""): \(why)",
            hint: "let the daemon's user read it, then: zooctl sync")
    }
}
