import NIOCore
import Synchronization

/// The connections that are open, by whom: counts them, and closes them in the end.
final class ConnectionRegistry: Sendable {
    enum Admission: Equatable { case admitted, tooMany, tooManyOfUser, stopping }

    private struct State {
        var open: [ObjectIdentifier: (channel: any Channel, uid: UInt32)] = [:]
        var isStopping = false
    }

    private let state = Mutex(State())
    private let limits: ControlLimits

    init(_ limits: ControlLimits) { self.limits = limits }

    /// Counts the channel in, until it is closed; root is always admitted, so that others cannot lock it out.
    func admit(_ channel: any Channel, uid: UInt32) -> Admission {
        let admission = state.withLock { state -> Admission in
            if state.isStopping { return .stopping }
            if uid != 0 {
                let others = state.open.values.filter { $0.uid != 0 }
                guard others.count < limits.connections else { return .tooMany }
                guard others.count(where: { $0.uid == uid }) < limits.connectionsPerUser else { return .tooManyOfUser }
            }
            state.open[ObjectIdentifier(channel)] = (channel, uid)
            return .admitted
        }
        if admission == .admitted {
            channel.closeFuture.whenComplete { [self, key = ObjectIdentifier(channel)] _ in
                state.withLock { $0.open[key] = nil }
            }
        }
        return admission
    }

    /// Admits none from now on; connections at rest are closed, the others after their present answer.
    func quiesce() {
        for channel in stop() { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }

    /// Closes all, whatever they are at.
    func closeAll() {
        for channel in stop() { channel.close(promise: nil) }
    }

    private func stop() -> [any Channel] {
        state.withLock { state in
            state.isStopping = true
            return state.open.values.map(\.channel)
        }
    }
}
