/// Where a control socket may be, as interface and daemon agree on it.
public struct SocketPlaces: Hashable, Sendable {
    /// Absolute paths in the order in which they are tried.
    public let paths: [String]
    /// Whether somebody named the one path, so that no other is to be tried.
    public let isExplicit: Bool

    /// Of a daemon that runs as a service.
    public static let service = "/run/zood/zood.sock"

    /// - Parameters:
    ///   - named: From `--socket`; wins over everything.
    ///   - environment: `ZOOD_SOCKET`, then `XDG_RUNTIME_DIR`, `XDG_STATE_HOME` and `HOME` are looked at; empty values count as absent.
    public init(named: String?, environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let path = named ?? value("ZOOD_SOCKET") {
            (paths, isExplicit) = ([path], true)
            return
        }
        let stateHome = value("XDG_STATE_HOME") ?? value("HOME").map { $0 + "/.local/state" }
        let byHand = [value("XDG_RUNTIME_DIR"), stateHome].compactMap { $0.map { $0 + "/zood/zood.sock" } }
        (paths, isExplicit) = ([Self.service] + byHand, false)
    }
}
