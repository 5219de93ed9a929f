import ControlProtocol

/// One call that changed something, or wanted to: who, what, on which model, with what result.
public struct ControlAudit: Equatable, Sendable {
    /// The peer's uid, from the kernel.
    public let uid: UInt32
    /// The peer's process at the time of connecting.
    public let pid: Int32
    /// Such as `sync`.
    public let verb: String
    /// As given in the path, percent-decoded; nil for calls that name no model.
    public let model: String?
    /// The answer's status.
    public let status: Int
    /// Nil when the call was accepted.
    public let failure: ErrorCode?
}
