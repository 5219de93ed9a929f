import FoundationEssentials

/// Why something was moved away. The raw values are stable words; `docs/control-api.md` explains each.
enum TrashReason: String, CaseIterable, Codable, Sendable {
    /// It rotted, and a verified copy has its place.
    case corrupt
    /// The readme named another checksum, and a verified file that has it got the place.
    case outdated
    /// Somebody saved it in the moment in which its name was given away, and no name led to it any more.
    case displaced
    /// Nothing is recorded of it.
    case unknown

    /// Seconds for which it is surely kept; nil for no limit.
    var keptFor: TimeInterval? { self == .corrupt ? 30 * 86400 : nil }
}
