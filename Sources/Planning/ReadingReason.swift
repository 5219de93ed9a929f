/// Why a binary is read from end to end: decides which one comes first, how fast it is read, and when.
public enum ReadingReason: Hashable, Sendable {
    /// A person asked for it by the job of this number: at once, at full speed.
    case asked(goal: Int64)
    /// It was never read as it is now, and a person waits for what depends on that: at once, at full speed.
    case awaited
    /// It was never read as it is now: at any time, at `verify.bandwidth`.
    case new
    /// Its turn has come: within `verify.window`, at `verify.bandwidth`.
    case due

    /// Whether somebody waits for it.
    public var isUrgent: Bool {
        switch self {
        case .asked, .awaited: true
        case .new, .due: false
        }
    }

    /// The newest job that it answers; 0 for none.
    public var goal: Int64 { if case .asked(let goal) = self { goal } else { 0 } }
}
