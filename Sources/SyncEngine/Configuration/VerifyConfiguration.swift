import Planning

/// How stored weights are checked again.
public struct VerifyConfiguration: Equatable, Sendable {
    /// What becomes of a corrupt binary.
    public enum Repair: String, Sendable, CaseIterable { case refetch, report }

    /// Every byte of every binary is read again within this time; nil: never by itself.
    public var every: Duration? = .seconds(30 * 86400)
    /// Read again only then; nil: at any time.
    public var window: WeeklyWindow?
    /// Of all that is read by itself, together; nil: no limit.
    public var bandwidth: ByteRate? = ByteRate(bytesPerSecond: 100 << 20)
    /// What becomes of a corrupt binary.
    public var repair = Repair.refetch

    /// The defaults.
    public init() {}
}

extension VerifyConfiguration.Repair: ConfigurationWord {}

extension VerifyConfiguration: ConfigurationSection {
    static var keys: [ConfigurationKey<VerifyConfiguration>] {
        [
            .switchable(
                "every", \.every, in: .seconds(1)...(.seconds(3650 * 86400)), "Every byte of every binary is read again within this time."),
            .nullable(
                "window", \.window,
                """
                Read again only at these local times, e.g. `"Mon..Fri 20:00-06:00"`. What is new is read when it comes, and \
                `zooctl verify` works at any time.
                """),
            .switchable(
                "bandwidth", \.bandwidth, in: ByteRate(bytesPerSecond: 1 << 10)...ByteRate(bytesPerSecond: 1 << 40),
                "Of all that zood reads by itself, together. What a person asks for is read as fast as it goes."),
            .value(
                "repair", \.repair,
                "`refetch`: a corrupt binary is replaced by a fresh verified copy; the bad one goes to the trash. `report`: only say so."),
        ]
    }
}
