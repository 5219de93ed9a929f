/// How changes on disk are noticed.
public struct WatchConfiguration: Equatable, Sendable {
    /// How long a model has to be quiet before it is looked at.
    public var settle = Duration.seconds(2)
    /// After this long a model that is never quiet is looked at all the same.
    public var settleMax = Duration.seconds(30)
    /// Between two looks at everything.
    public var rescan = Duration.seconds(6 * 3600)

    /// The defaults.
    public init() {}
}

extension WatchConfiguration: ConfigurationSection {
    static var keys: [ConfigurationKey<WatchConfiguration>] {
        [
            .value(
                "settle", \.settle, in: .milliseconds(10)...(.seconds(600)),
                "How long a model directory has to be quiet before it is looked at, so that half-saved files are not published."),
            .value(
                "settle_max", \.settleMax, in: .milliseconds(10)...(.seconds(86400)),
                "After this long a directory that is never quiet is looked at all the same. Not below `settle`."),
            .value(
                "rescan", \.rescan, in: .seconds(1)...(.seconds(30 * 86400)),
                "Between two looks at everything. Also covers network file systems, where changes by other machines are not seen as they happen."
            ),
        ]
    }

    func contradictions() -> [(key: String, message: String)] {
        settleMax < settle ? [("settle_max", "\(settleMax.configured) is less than settle (\(settle.configured))")] : []
    }
}
