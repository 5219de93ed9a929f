/// Whom to tell of a model's trouble: a command, or a web address.
public struct NotificationConfiguration: Equatable, Sendable {
    /// States of a gist, a binary or a model that cause it.
    public var on: [NotificationCause] = []
    /// A program by its absolute path, and its arguments; empty when there is a webhook.
    public var command: [String] = []
    /// Gets the event by POST as JSON; nil when there is a command.
    public var webhook: WebAddress?

    /// Names nothing and nobody.
    public init() {}
}

/// States that are worth telling somebody of: words of a gist's, a binary's or a model's state.
public enum NotificationCause: String, Sendable, CaseIterable {
    case attention, blocked, conflict, corrupt, failed, gone, held, invalid, mismatch, modified
}

extension NotificationCause: ConfigurationWord {}

extension NotificationConfiguration: ConfigurationSection {
    static var keys: [ConfigurationKey<NotificationConfiguration>] {
        [
            .list("on", \.on, isRequired: true, "States that cause it."),
            .list(
                "command", \.command, "A program by its absolute path, and its arguments; the event comes as JSON on its standard input."),
            .nullable("webhook", \.webhook, "An address that gets the event by POST as JSON."),
        ]
    }

    func contradictions() -> [(key: String, message: String)] {
        if command.isEmpty == (webhook == nil) { return [("on", "name either a command or a webhook")] }
        if let program = command.first, !program.hasPrefix("/") {
            return [("command", "'\(shown(program))' is no absolute path of a program")]
        }
        return []
    }
}
