import FoundationEssentials

/// Something that did not work, how often, and when it is tried again. Persisted, so that a restart does not hammer.
public struct Trouble: Hashable, Sendable, Codable {
    public enum Kind: String, Sendable, Codable {
        /// The other side or the way there.
        case network
        /// Credentials or rights at the gist host.
        case permission
        /// No room on a disk.
        case space
        /// What was asked is wrong or not allowed, and stays so until somebody changes it.
        case refused
        /// Bytes that are not what they should be.
        case verification
        /// Anything else here on this machine.
        case local
        /// Both sides changed.
        case conflict
        /// The gist is not there any more.
        case gone
        /// A person stopped it.
        case cancelled
        /// Nothing went wrong yet: its host is left alone for a while, see ``Trouble/pause``.
        case waiting

        /// Whether it says what came from a place, or that nothing did: that stays true while nobody asks there.
        var isOfSource: Bool { self == .network || self == .verification || self == .refused }
    }

    public var kind: Kind
    /// A mark of what was tried: when that has changed, the trouble is void.
    public var about: String
    /// Failures in a row, from 1.
    public var failures: Int
    /// When it failed last.
    public var at: Date
    /// When to try again; nil means that only a person or a change can help.
    public var notBefore: Date?
    /// Of ``Kind/space``: with so many bytes of ``ModelView/room`` it is tried before that; nil when that cannot be said.
    public var neededRoom: Int64?
    /// The host that could not be asked when it was tried last; nil when all were.
    public var pause: HostPause?
    public var message: String
    public var hint: String?

    public init(kind: Kind, about: String, failures: Int, at: Date, notBefore: Date?, message: String, hint: String?) {
        (self.kind, self.about, self.failures, self.at) = (kind, about, failures, at)
        (self.notBefore, self.message, self.hint) = (notBefore, message, hint)
    }

    /// Whether all that it says is that a host was left alone, and that one may be asked by now.
    func isWaitOver(_ now: Date) -> Bool { kind == .waiting && pause?.isOver(now) ?? true }

    /// Whether it still stands in the way of `what` at `now`. Asking again by a goal made after the failure clears it; what a person
    /// stopped goes on only when it is fetched by name; what had no room goes on when there is enough.
    func blocks(_ what: String, goals: [Goal], room: Int64? = nil, now: Date) -> Bool {
        guard about == what,
            !goals.contains(where: { $0.requestedAt > at && (kind == .cancelled ? $0.kind.namesTransfer : $0.kind.retries(kind)) })
        else { return false }
        if let neededRoom, let room, neededRoom <= room { return false }
        return notBefore.map { now < $0 } ?? true
    }
}
