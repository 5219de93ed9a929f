import SystemPackage

/// The control socket and who may do what over it.
public struct ControlConfiguration: Equatable, Sendable {
    /// Nil: the default place (`DefaultPaths`).
    public var socket: SocketPath?
    /// Who has which role.
    public var roles = RoleConfiguration()

    /// The defaults.
    public init() {}
}

/// Which Unix groups have which role. `*` stands for every local user.
public struct RoleConfiguration: Equatable, Sendable {
    /// May look.
    public var observer = ["models"]
    /// May also start work, and change models that are theirs.
    public var member = ["models"]
    /// May do everything.
    public var operators = ["zood-admin"]

    /// The defaults.
    public init() {}
}

/// An absolute path that fits into a socket's address.
public struct SocketPath: Hashable, Sendable {
    /// At most ``maximumByteCount`` bytes.
    public let path: FilePath

    /// Linux' `sun_path` less the NUL at its end.
    static let maximumByteCount = 107
}

extension SocketPath: ConfigurationValue {
    static var kind: String { FilePath.kind }

    init(configured text: String) throws(ValueProblem) {
        path = try FilePath(configured: text)
        guard path.string.utf8.count <= Self.maximumByteCount else {
            throw ValueProblem("is longer than the \(Self.maximumByteCount) bytes that a socket's address takes")
        }
    }

    var configured: String { path.string }
}

extension ControlConfiguration: ConfigurationSection {
    static var keys: [ConfigurationKey<ControlConfiguration>] {
        [
            .nullable(
                "socket", \.socket, default: "null",
                "Where the control socket is; null: the default place. Ignored when systemd passes the socket."),
            .section(
                "roles", \.roles, "Unix groups of each role; `\"*\"` is every local user. Root and zood's own user may do everything."),
        ]
    }
}

extension RoleConfiguration: ConfigurationSection {
    static var keys: [ConfigurationKey<RoleConfiguration>] {
        [
            .list("observer", \.observer, "May look."),
            .list("member", \.member, "May also sync, verify, fetch and add models, and change models that are theirs."),
            .list("operator", \.operators, "May do everything."),
        ]
    }
}
