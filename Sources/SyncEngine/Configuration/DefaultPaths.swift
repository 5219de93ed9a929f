import SystemPackage

/// Where things are when nobody says so.
///
/// | | as a service, and as root | by hand |
/// |---|---|---|
/// | configuration | `/etc/zood/zood.yaml` | `$XDG_CONFIG_HOME/zood/zood.yaml` |
/// | state | `$STATE_DIRECTORY`, else `/var/lib/zood` | `$XDG_STATE_HOME/zood` |
/// | socket | `/run/zood/zood.sock` | `$XDG_RUNTIME_DIR/zood/zood.sock`, else `zood.sock` in the state directory |
/// | zoo | `/srv/models` | none |
public struct DefaultPaths: Equatable, Sendable {
    /// Started by the system's service manager, or by root.
    public let isService: Bool
    /// Root's own hand: the service's paths are used although no service manager started this process.
    public let isRootByHand: Bool
    /// Nil by hand without `HOME` and `XDG_CONFIG_HOME`.
    public let configuration: FilePath?
    /// Nil by hand without `HOME` and `XDG_STATE_HOME`.
    public let state: FilePath?
    /// Nil by hand: it has to be named.
    public let zoo: FilePath?
    private let runtime: FilePath?

    /// - Parameters:
    ///   - environment: Relative paths in `XDG_*` variables count as unset, as the XDG specification says.
    ///   - userID: The effective one.
    public init(environment: [String: String], userID: UInt32, processID: Int32) {
        func absolute(_ variable: String) -> FilePath? {
            environment[variable].map { FilePath($0) }.flatMap { $0.isAbsolute ? $0.lexicallyNormalized() : nil }
        }
        // A user's own service manager sets XDG_RUNTIME_DIR too, and its services belong below HOME. INVOCATION_ID alone says
        // nothing: terminals inherit it.
        let isStartedByManager = environment["SYSTEMD_EXEC_PID"] == "\(processID)" || environment["STATE_DIRECTORY"] != nil
        let isSystemService = isStartedByManager && environment["XDG_RUNTIME_DIR"] == nil
        isService = isSystemService || userID == 0
        isRootByHand = userID == 0 && !isStartedByManager
        let home = absolute("HOME")
        if isService {
            configuration = "/etc/zood/zood.yaml"
            // systemd joins several directories by colons; ours is the first.
            let given = environment["STATE_DIRECTORY"]?.split(separator: ":").first.map { FilePath(String($0)) }
            state = given ?? "/var/lib/zood"
            runtime = "/run/zood"
            zoo = "/srv/models"
        } else {
            configuration = (absolute("XDG_CONFIG_HOME") ?? home?.appending(".config"))?.appending("zood/zood.yaml")
            state = (absolute("XDG_STATE_HOME") ?? home?.appending(".local/state"))?.appending("zood")
            runtime = absolute("XDG_RUNTIME_DIR")?.appending("zood")
            zoo = nil
        }
    }

    /// The control socket for a daemon whose state is in `state`.
    public func socket(state: FilePath) -> FilePath {
        (runtime ?? state).appending("zood.sock")
    }
}
