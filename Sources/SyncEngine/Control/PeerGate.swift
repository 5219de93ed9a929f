import ControlProtocol
import SystemIO

/// Who may do what: root, the daemon's own user and operators change things, everybody else reads.
///
/// It judges nothing but integers that the kernel supplied.
public struct PeerGate: Equatable, Sendable {
    /// What a route asks of its callers.
    public enum Access: Sendable {
        /// Looks only.
        case reader
        /// Changes something.
        case changer
        /// Changes something that may be the caller's own: the handler asks ``PeerGate/mayTakeBack(fileOf:_:)``.
        case ownerOrChanger
    }

    private let ownUser: UInt32
    private let operatorGroups: Set<UInt32>
    private let isEveryoneOperator: Bool
    private let operatorNames: [String]
    /// Groups of the configuration that this machine does not know, in its order.
    public let unknownGroups: [String]

    /// - Parameters:
    ///   - ownUser: The daemon's effective uid.
    ///   - groupID: Looks a group's name up; nil when there is none.
    public init(_ roles: RoleConfiguration, ownUser: UInt32, groupID: (String) -> UInt32?) {
        self.ownUser = ownUser
        operatorNames = roles.operators
        isEveryoneOperator = roles.operators.contains("*")
        let names = roles.operators.filter { $0 != "*" }
        operatorGroups = Set(names.compactMap(groupID))
        unknownGroups = names.filter { groupID($0) == nil }
    }

    /// Whether the peer may.
    public func allows(_ access: Access, _ peer: PeerCredentials) -> Bool {
        switch access {
        case .reader, .ownerOrChanger: true
        case .changer:
            peer.uid == 0 || peer.uid == ownUser || isEveryoneOperator || operatorGroups.contains(where: peer.isMember)
        }
    }

    /// Whether the peer may have a file back that zood moved away: its own, or as one who changes things.
    /// - Parameter owner: Uid of the file; nil where it cannot be told.
    func mayTakeBack(fileOf owner: UInt32?, _ peer: PeerCredentials) -> Bool {
        // 65534 stands for everybody whom our user namespace does not map: nobody's file is theirs.
        allows(.changer, peer) || peer.uid == owner && peer.uid != 65534
    }

    /// What a peer that may not is told.
    func refusal(of verb: String, to peer: PeerCredentials) -> ControlError {
        let groups = operatorNames.joined(separator: ", ")
        return ControlError(
            .notPermitted,
            "\(verb) needs the role operator (group \(groups.isEmpty ? "none configured" : groups)); you are uid \(peer.uid)",
            hint: operatorNames.first.map { "an administrator can add you: gpasswd -a USER \($0); then log in anew" },
            details: ["role": "operator", "uid": "\(peer.uid)"])
    }
}
