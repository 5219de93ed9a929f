import ControlProtocol
import FoundationEssentials
import ModelInfo

/// Where the process stands in its life.
actor DaemonPhase {
    private(set) var now: DaemonState = .starting
    private let (listening, listens) = AsyncStream<Never>.makeStream()

    func enter(_ state: DaemonState) { now = state }

    /// The control socket answers.
    nonisolated func startedListening() { listens.finish() }

    /// Returns when clients can connect, or the task was cancelled. For one caller.
    nonisolated func untilListening() async {
        for await _ in listening {}
    }
}

extension Daemon {
    /// Every changing call is kept: who, what, on which model, with what result.
    func record(_ audit: ControlAudit) async {
        let model: ModelID? = if let text = audit.model { try? await board.find(text) } else { nil }
        var details = ["verb": audit.verb, "status": String(audit.status), "pid": String(audit.pid)]
        details["error"] = audit.failure?.rawValue
        if model == nil { details["model"] = audit.model }
        let result = audit.failure.map { "refused: \($0.rawValue)" } ?? "accepted"
        try? await events.record(
            NewEvent(at: clock.now, kind: .request, model: model, message: "\(audit.verb) \(result)", details: details, uid: audit.uid))
    }
}
