/// How fast something moves: over the last few seconds, so that the time left neither jumps nor lags.
public struct RateMeter: Sendable {
    private static let window = Duration.seconds(5)
    private static let pause = Duration.milliseconds(200)

    private var samples: [(at: ContinuousClock.Instant, byteCount: Int64)] = []

    public init() {}

    /// Nothing was counted yet.
    public var isEmpty: Bool { samples.isEmpty }

    /// So much has moved by now, counted from anywhere.
    public mutating func count(_ byteCount: Int64, at now: ContinuousClock.Instant = .now) {
        if let last = samples.last, samples.count > 1, now - last.at < Self.pause {
            samples[samples.count - 1].byteCount = byteCount
        } else {
            samples.append((now, byteCount))
        }
        while samples.count > 2, now - samples[1].at > Self.window { samples.removeFirst() }
    }

    /// Over the last seconds; 0 before there are two counts.
    public var bytesPerSecond: Int64 {
        guard let first = samples.first, let last = samples.last, last.at > first.at else { return 0 }
        return Int64(max(0, Double(last.byteCount - first.byteCount) / ((last.at - first.at) / .seconds(1))))
    }
}
