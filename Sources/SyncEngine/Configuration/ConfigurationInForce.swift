import ControlProtocol
import Synchronization
import Transfers

/// The configuration that holds now. Everybody asks here each time, so that a reload takes effect at once, all of it or nothing.
final class ConfigurationInForce: Sendable {
    private let held: Mutex<(loaded: LoadedConfiguration, gate: PeerGate)>

    init(_ loaded: LoadedConfiguration, gate: PeerGate) { held = Mutex((loaded, gate)) }

    var current: LoadedConfiguration { held.withLock { $0.loaded } }

    /// Who may do what.
    var gate: PeerGate { held.withLock { $0.gate } }

    func replace(by loaded: LoadedConfiguration, gate: PeerGate) { held.withLock { $0 = (loaded, gate) } }
}

extension Configuration {
    /// The sections in which two configurations differ, as the file calls them.
    func sectionsDiffering(from other: Configuration) -> [String] {
        let sections: [(String, Bool)] = [
            ("zoos", zoos == other.zoos), ("files", files == other.files), ("network", network == other.network),
            ("watch", watch == other.watch), ("gists", gists == other.gists), ("binaries", binaries == other.binaries),
            ("verify", verify == other.verify), ("control", control == other.control), ("catalogs", catalogs == other.catalogs),
            ("notify", notify == other.notify),
        ]
        return sections.filter { !$0.1 }.map(\.0)
    }

    /// For API, downloads and git alike.
    var networkSettings: NetworkSettings {
        NetworkSettings(
            proxy: network.proxy?.url, noProxy: network.noProxy, caFile: network.caFile?.string,
            userAgent: "zood/\(ProjectVersion.current)" + (network.contact.map { " (\($0))" } ?? ""))
    }
}
