import FoundationEssentials

/// A host that is left alone for a while, and by whose wish.
public struct HostPause: Hashable, Sendable, Codable {
    /// As people write it: with its port only where that is no usual one.
    public let host: String
    /// Whether the host asked for it, which counts for everybody; else it took no requests, and whoever asks for a file by name has it tried.
    public let isAskedFor: Bool
    public let until: Date

    /// - Parameter host: Host and port.
    init(_ host: String, isAskedFor: Bool, until: Date) {
        let usual = [":443", ":80"].first { host.hasSuffix($0) }
        self.host = String(host.dropLast(usual?.count ?? 0))
        (self.isAskedFor, self.until) = (isAskedFor, until)
    }

    func isOver(_ now: Date) -> Bool { now >= until }

    /// - Parameter time: `until` as the clock on the wall shows it.
    func words(_ time: String) -> String {
        isAskedFor ? "\(host) asked for a pause until \(time)" : "\(host) did not take requests; it is asked again at \(time)"
    }
}

/// What is told of a file whose host is left alone for a while.
public struct HostWait: Equatable, Sendable {
    public var note: String
    public var hint: String
    /// Whether the host asked for that, so that nobody gets it now.
    public var isForEverybody: Bool
}
