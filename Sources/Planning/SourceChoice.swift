import FoundationEssentials

/// An address that a binary may come from.
public struct BinarySource: Hashable, Sendable {
    public enum Kind: Int, Sendable {
        /// The configuration names it; it may have any address.
        case mirror
        /// The model info names it.
        case named
    }

    public let kind: Kind
    public let url: String
    /// Host and port: what goes by host, and not by file, goes by this.
    public let host: String

    public init(_ kind: Kind, url: String, host: String) { (self.kind, self.url, self.host) = (kind, url, host) }
}

/// Which addresses of a binary are asked now and in which order, and what is told of those that are not. No clock, no network.
public struct SourceChoice: Equatable, Sendable {
    /// In the order to ask them.
    public private(set) var asked: [BinarySource] = []
    /// Why the others are not, in the order in which they were given.
    public private(set) var unasked: [BinarySource: Outcome] = [:]

    /// - Parameters:
    ///   - sources: Mirrors in the order of the configuration, then those of the model info in its order.
    ///   - bad: By URL, what served other bytes for this digest.
    ///   - askedAt: When a person asked for the binary by name; nil when nobody did.
    ///   - begun: The URL that an earlier try left bytes of, which no other can go on with.
    public init(
        of sources: [BinarySource], hosts: [String: HostRecord], bad: [String: BadSource], askedAt: Date?, begun: String?, now: Date
    ) {
        for source in sources {
            let record = hosts[source.host] ?? HostRecord()
            if let bad = bad[source.url], !bad.isVoid(now, askedAt: askedAt) {
                unasked[source] = bad.outcome
            } else if let pause = record.pause(of: source.host, now, askedAt: askedAt) {
                unasked[source] = .waits(for: pause, after: nil)
            } else {
                asked.append(source)
            }
        }
        let fastest = Dictionary(grouping: asked, by: \.kind).mapValues { $0.compactMap { hosts[$0.host]?.bytesPerSecond }.max() ?? 0 }
        let ranks = asked.map { source in
            let record = hosts[source.host]
            // Small differences are chance; and what was never tried may be the best.
            let isSlow = record?.bytesPerSecond.map { $0 * Self.slowness < fastest[source.kind] ?? 0 } ?? false
            return [
                source.url == begun ? 0 : 1, record?.failedLately(now) == true ? 1 : 0, source.kind.rawValue, isSlow ? 1 : 0,
            ]
        }
        // The order in which they were given decides between equals.
        asked = asked.indices.sorted { (ranks[$0] + [$0]).lexicographicallyPrecedes(ranks[$1] + [$1]) }.map { asked[$0] }
    }

    /// So many times faster than another of its kind makes a source come before it.
    private static let slowness = 4.0
}

extension Outcome {
    /// What came of several sources of one binary.
    ///
    /// The last one speaks: it is the model's own, and what a person can correct. The next try is when the first of them can be asked.
    /// - Parameter outcomes: In the order in which the sources are given, not empty.
    public static func combined(_ outcomes: [Outcome], now: Date) -> Outcome {
        guard let last = outcomes.last else { return .done }
        let waits = outcomes.compactMap { outcome -> TimeInterval? in
            switch outcome {
            case .done, .needsRoom, .needsPerson: nil
            case .retry(let after, _, _, _): after ?? 0
            case .later(let at, _, _, _): at.timeIntervalSince(now)
            case .waits(let pause, let after): after ?? pause.until.timeIntervalSince(now)
            }
        }
        guard outcomes.count > 1, let wait = waits.min() else { return last }
        let wasAsked = outcomes.contains { outcome in
            switch outcome {
            case .later, .waits(_, after: nil): false
            default: true
            }
        }
        switch last {
        case .done, .needsRoom: return last
        case .waits(let pause, _):
            if wasAsked { return .waits(for: pause, after: wait) }
            let pauses = outcomes.compactMap { if case .waits(let pause, _) = $0 { pause } else { nil } }
            // What a source served before is no matter of waiting; whichever host may be asked first is.
            return .waits(for: pauses.min { $0.until < $1.until } ?? pause, after: nil)
        case .retry(_, let kind, let because, let hint), .later(_, let kind, let because, let hint),
            .needsPerson(let kind, let because, let hint):
            return wasAsked
                ? .retry(after: wait, kind: kind, because: because, hint: hint)
                : .later(at: now.addingTimeInterval(wait), kind: kind, because: because, hint: hint)
        }
    }
}
