import ControlProtocol
import FoundationEssentials
import ModelInfo
import Planning

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

    /// What several models met is one line: that of the first, and how many more.
    static func met(_ code: HealthBoard.Code, by models: [ModelID: String]) -> Self {
        let first = models.min { $0.key < $1.key }
        let others = models.count > 1 ? " (and \(models.count - 1) more)" : ""
        let text = first.map { "\($0.key.path)\(others): \($0.value)" } ?? ""
        return code == .noSpace
            ? Self(
                code, .warning, title: "there is no room", text: text,
                hint: "make room: df -h; or lower binaries.min_free, then: zooctl reload; it goes on by itself")
            : Self(
                code, .error, title: "the state cannot be written", text: text,
                hint: "look at the disk of the state directory: df -h; it goes on by itself")
    }

    /// Nil when everything was read in time.
    static func verifyOverdue(_ status: VerificationStatus, every: Duration?) -> Self? {
        guard status.overdue > 0, let every else { return nil }
        // Where all of them could not be read nobody knows since when.
        let oldest = status.oldestVerifiedAt.map { ", the oldest since \($0.formatted(.iso8601))" } ?? ""
        let what = status.overdue == 1 ? "1 binary was" : "\(status.overdue) binaries were"
        return Self(
            .verifyOverdue, .warning, title: "binaries are read again too late",
            text: """
                \(what) not read within verify.every (\(every.configured))\(oldest); they are read as \
                verify.bandwidth and verify.window allow, the oldest first, and what cannot be read has a note in zooctl status
                """,
            hint: "if it stays so: raise verify.bandwidth or widen verify.window, then: zooctl reload; or read all now: zooctl verify")
    }

    static func hostLimited(_ closure: Closure) -> Self {
        var trouble = Self(
            .hostLimited, .warning, title: "the gist host takes no requests for a while",
            text: "until \(closure.until.formatted(.iso8601)): \(closure.because)", hint: "nothing to do: it goes on by itself")
        trouble.until = closure.until
        return trouble
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
