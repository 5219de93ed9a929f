import FoundationEssentials

/// A source that served other bytes for a digest, and is not asked for it again by itself.
public struct BadSource: Hashable, Sendable, Codable {
    /// Other weights stay other weights: 30 days.
    static let memory: TimeInterval = 30 * 86_400
    /// A page (a sign-in, a quota that is used up) may be over in hours: 6 hours at first, twice as long each time.
    static let pageMemory: TimeInterval = 6 * 3600

    /// Times in a row, from 1.
    public var times: Int
    public var at: Date
    public var until: Date
    /// What it served, in words.
    public var because: String
    public var hint: String?

    /// - Parameters:
    ///   - isPage: It was no binary at all.
    ///   - before: What it served before for the same digest.
    public init(isPage: Bool, because: String, hint: String?, after before: BadSource?, at now: Date) {
        (times, at, self.because, self.hint) = ((before?.times ?? 0) + 1, now, because, hint)
        let doublings = Double(sign: .plus, exponent: min(times - 1, 10), significand: 1)
        until = now.addingTimeInterval(isPage ? min(Self.pageMemory * doublings, Self.memory) : Self.memory)
    }

    /// Whether it is asked nevertheless. Asking for the file by name makes it void.
    func isVoid(_ now: Date, askedAt: Date?) -> Bool { now >= until || askedAt.map { $0 > at } == true }

    /// What is told of it while it is not asked.
    public var outcome: Outcome { .later(at: until, kind: .verification, because: because, hint: hint) }
}
