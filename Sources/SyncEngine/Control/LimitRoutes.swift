import ControlProtocol
import FoundationEssentials

/// What the control API can do with the bandwidth of all downloads together.
struct LimitRoutes: Sendable {
    let daemon: Daemon

    var all: [Route] {
        [
            Route(.GET, "/v1/limit", requires: .reader) { _ in try .json(daemon.downloadLimit.report) },
            Route(.POST, "/v1/limit", requires: .changer) { request in
                let wish = try LimitWish(try request.decode(LimitRequest.self).bandwidth)
                switch wish {
                case .asConfigured: try await daemon.downloadLimit.set(nil)
                case .off: try await set(nil, for: request)
                case .rate(let rate): try await set(rate.bytesPerSecond, for: request)
                }
                return try .json(daemon.downloadLimit.report)
            },
        ]
    }

    private func set(_ bytesPerSecond: Int?, for request: ControlRequest) async throws {
        try await daemon.downloadLimit.set(
            DownloadLimit.Override(bytesPerSecond: bytesPerSecond, at: daemon.clock.now, by: request.peer.uid))
    }
}

/// What a person may say in the place of `binaries.bandwidth`.
enum LimitWish: Equatable {
    /// Nothing: what the configuration says counts.
    case asConfigured
    case off
    case rate(ByteRate)

    /// As the configuration bounds `binaries.bandwidth`.
    static let bounds = ByteRate(bytesPerSecond: 1 << 10)...ByteRate(bytesPerSecond: 1 << 40)

    /// Letters that other programs take for the unit, each a power of 1024.
    private static let letters: [Character: String] = ["K": "KiB", "M": "MiB", "G": "GiB", "T": "TiB"]

    /// - Parameter text: `default`, `off` or `0`, or a rate: as in the configuration, also without `/s`, also with a letter for the unit.
    ///   A bare number is refused: of the programs that take one, some mean bytes and some KiB.
    init(_ text: String) throws(ControlError) {
        switch text {
        case "default": self = .asConfigured
        case "off", "0": self = .off
        default:
            var size = text.hasSuffix("/s") ? String(text.dropLast(2)) : text
            if let letter = size.last, let unit = Self.letters[Character(letter.uppercased())] { size = size.dropLast() + unit }
            guard let rate = try? ByteRate(configured: size + "/s"), Self.bounds.contains(rate) else {
                throw ControlError(
                    .badRequest, "'\(text.prefix(40))' is no bandwidth between 1KiB/s and 1TiB/s",
                    hint: "write e.g. 20MiB/s; off for no limit; default for what binaries.bandwidth says")
            }
            self = .rate(rate)
        }
    }
}
