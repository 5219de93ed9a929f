import ControlProtocol
import Planning
import SystemIO

/// Who may do what: root, the daemon's own user and operators change things, members change what is their own and start work that costs
/// nobody a file, everybody else reads.
///
/// It judges nothing but integers that the kernel supplied.
public struct PeerGate: Equatable, Sendable {
    /// What a route asks of its callers.
    public enum Access: Sendable {
        /// Looks only.
        case reader
        /// Starts work that nobody's file is lost by: looking, getting, reading, repairing, adding. Where the handler asks
        /// ``PeerGate/mayChange(whatIsOf:_:)``, also changes a model of the member's own.
        case member
        /// Changes something.
        case changer
        /// Changes something that may be the caller's own: the handler asks ``PeerGate/mayTakeBack(fileOf:_:)``.
        case ownerOrChanger
    }

    private let ownUser: UInt32
    private let operators: Role
    private let members: Role
    /// Groups of the configuration that this machine does not know, in its order.
    public let unknownGroups: [String]

    /// - Parameters:
    ///   - ownUser: The daemon's effective uid.
    ///   - groupID: Looks a group's name up; nil when there is none.
    public init(_ roles: RoleConfiguration, ownUser: UInt32, groupID: (String) -> UInt32?) {
        self.ownUser = ownUser
        operators = Role(name: "operator", roles.operators, groupID)
        members = Role(name: "member", roles.member, groupID)
        unknownGroups = (roles.operators + roles.member.filter { !roles.operators.contains($0) }).filter { $0 != "*" && groupID($0) == nil }
    }

    /// Whether the peer may.
    public func allows(_ access: Access, _ peer: PeerCredentials) -> Bool {
        switch access {
        case .reader, .ownerOrChanger: true
        case .member: allows(.changer, peer) || members.has(peer)
        case .changer: peer.uid == 0 || peer.uid == ownUser || operators.has(peer)
        }
    }

    /// Whether the peer may change a model or end a job: as one who changes things, or as a member whose it is.
    /// - Parameter owners: Uids of those whose it is; nil where there is nobody.
    func mayChange(whatIsOf owners: [UInt32?], _ peer: PeerCredentials) -> Bool {
        allows(.changer, peer) || allows(.member, peer) && owners.contains { Ownership.isOwner(peer.uid, of: $0) }
    }

    /// Whether the peer may have a file back that zood moved away: its own, or as one who changes things.
    /// - Parameter owner: Uid of the file; nil where it cannot be told.
    func mayTakeBack(fileOf owner: UInt32?, _ peer: PeerCredentials) -> Bool {
        allows(.changer, peer) || Ownership.isOwner(peer.uid, of: owner)
    }

    /// What a peer that may not is told.
    /// - Parameter access: What was asked for.
    func refusal(of verb: String, to peer: PeerCredentials, needing access: Access = .changer) -> ControlError {
        let role = access == .member ? members : operators
        let groups = role.groupNames.joined(separator: ", ")
        return ControlError(
            .notPermitted,
            "\(verb) needs the role \(role.name) (group \(groups.isEmpty ? "none configured" : groups)); you are uid \(peer.uid)",
            hint: role.groupNames.first.map { "an administrator can add you: gpasswd -a USER \($0); then log in anew" },
            details: ["role": role.name, "uid": "\(peer.uid)"])
    }

    /// The groups that have a role.
    private struct Role: Equatable {
        let name: String
        /// As the configuration names them.
        let groupNames: [String]
        private let isEveryone: Bool
        private let groups: Set<UInt32>

        init(name: String, _ groupNames: [String], _ groupID: (String) -> UInt32?) {
            (self.name, self.groupNames) = (name, groupNames)
            isEveryone = groupNames.contains("*")
            groups = Set(groupNames.filter { $0 != "*" }.compactMap(groupID))
        }

        func has(_ peer: PeerCredentials) -> Bool { isEveryone || groups.contains(where: peer.isMember) }
    }
}
