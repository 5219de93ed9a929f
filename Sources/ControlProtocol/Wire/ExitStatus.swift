/// What zooctl exits with; scripts rely on the numbers, none is ever used for something else.
/// `zood --once` uses ``done``, ``someFailed`` and ``needsPerson`` of them.
public enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Done, or nothing to do.
    case done = 0
    case failed = 1
    case usage = 2
    /// Of several models.
    case someFailed = 3
    case noSuchModel = 4
    case notReachable = 5
    case notPermitted = 6
    case verificationFailed = 7
    /// A conflict, or something is held.
    case needsPerson = 8
    case noSpace = 9
    /// The network, or a host on it.
    case network = 10
    /// The job goes on.
    case timedOut = 11
    case invalidInfo = 12
    /// By Ctrl-C; the job goes on.
    case interrupted = 130
}
