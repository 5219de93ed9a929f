import ModelInfo
import Transfers

/// How trained weights are fetched.
public struct BinaryConfiguration: Equatable, Sendable {
    /// Whether a missing binary needs a person.
    public var fetch = GistConfiguration.Consent.automatic
    /// Also fetch by itself what has no checksum.
    public var allowUnverified = false
    /// Files fetched at once.
    public var parallel = 2
    /// Connections to one host, all files together.
    public var connections = 8
    /// Of all downloads together; nil: no limit.
    public var bandwidth: ByteRate?
    /// Larger binaries wait for an operator.
    public var maximumSize = ByteSize.gibibytes(50)
    /// What a download leaves free on the zoo's file system.
    public var minimumFree = FreeSpaceFloor.size(.gibibytes(20))
    /// Tried in this order, before the model's own URL.
    public var mirrors: [MirrorTemplate] = []
    /// Private addresses that URLs from readmes and gists may reach.
    public var allowAddresses: [AddressRange] = []

    /// The largest ``parallel``.
    static let mostParallel = 16

    /// The defaults.
    public init() {}
}

extension BinaryConfiguration: ConfigurationSection {
    static var keys: [ConfigurationKey<BinaryConfiguration>] {
        [
            .value("fetch", \.fetch, "`manual`: a missing binary waits for `zooctl fetch MODEL`, and its model needs attention."),
            .value("allow_unverified", \.allowUnverified, "`true`: also fetch by itself what has no checksum in the readme."),
            .value("parallel", \.parallel, in: 1...mostParallel, "Files fetched at once."),
            .value(
                "connections", \.connections, in: 1...16,
                "Most connections to one host. A file of 8 MiB or more gets a further one only while that helps and the host never refused."
            ),
            .switchable(
                "bandwidth", \.bandwidth, in: ByteRate(bytesPerSecond: 1 << 10)...ByteRate(bytesPerSecond: 1 << 40),
                "Of all downloads together, e.g. `20MiB/s`."),
            .value(
                "max_size", \.maximumSize, in: .kibibytes(1)...(.gibibytes(1 << 20)),
                "A larger binary is blocked."),
            .value("min_free", \.minimumFree, "What a download leaves free on the zoo's file system, e.g. `20GiB` or `5%`."),
            .list(
                "mirrors", \.mirrors,
                "Address templates, tried in order before the model's own address. `{sha1}`, `{sha256}`, `{file}` and `{model}` are filled in.",
                example: ["[\"https://mirror.example.org/{sha1}/{file}\"]"]),
            .list(
                "allow_addresses", \.allowAddresses,
                "Private address ranges that addresses from readmes and gists may reach. What this file itself names (API, mirrors, catalogs) is exempt.",
                example: ["[10.0.0.0/8]"]),
        ]
    }
}
