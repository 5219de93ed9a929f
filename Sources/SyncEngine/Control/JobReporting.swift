import ControlProtocol
import FoundationEssentials
import ModelInfo
import Planning

extension JobReport {
    /// - Parameters:
    ///   - model: The id as people write it; nil for a job on several models.
    ///   - progress: Nil when it is over.
    init(_ job: StoredJob, model: String?, _ progress: JobProgress?, mayCancel: Bool) {
        let failed = job.members.filter { $0.state == .failed }
        var error: ControlError?
        if job.state == .failed, let first = failed.first {
            let isWhole = failed.count == job.members.count && failed.count == 1
            error =
                isWhole
                ? ControlError(ErrorCode(first.failure ?? .failed), first.note ?? "it failed", hint: first.hint)
                : Self.error(failed, of: job.members.count)
        }
        let done = job.members.filter { $0.state != .running }.count
        let note = job.members.count == 1 ? job.members[0].note : job.isOpen ? "\(done) of \(job.members.count) models" : nil
        self.init(
            id: String(job.id), kind: JobKind(job.kind), model: model, state: JobState(rawValue: job.state.rawValue) ?? .failed,
            createdAt: job.requestedAt, finishedAt: job.finishedAt, progress: progress?.bytes, error: error,
            note: error == nil ? note : nil,
            requestedBy: Requester(uid: job.uid, user: nil), mayCancel: mayCancel, fileCount: progress?.severalFiles)
    }
}

extension JobReport {
    /// So many of those that failed are named.
    private static let mostNamed = 5

    private static func error(_ failed: [StoredJob.Member], of count: Int) -> ControlError {
        let names = failed.prefix(mostNamed).map(\.model.path.description).joined(separator: ", ")
        let others = failed.count > mostNamed ? " and \(failed.count - mostNamed) more" : ""
        let first = failed[0]
        let why = failed.count == 1 ? first.note : first.note.map { "\(first.model.path): \($0)" }
        return ControlError(
            .someFailed, "\(failed.count) of \(count) failed: \(names)\(others)\(why.map { "; \($0)" } ?? "")",
            hint: failed.count == 1 ? first.hint ?? "zooctl status -x" : "zooctl status -x lists them")
    }
}

extension JobKind {
    init(_ kind: Goal.Kind) {
        switch kind {
        case .sync: self = .sync
        case .publish: self = .publish
        case .fetch, .forcedFetch: self = .fetch
        case .repair: self = .repair
        case .verify: self = .verify
        case .pull: self = .pull
        case .resolve: self = .resolve
        case .unpublish: self = .unpublish
        case .rollback: self = .rollback
        case .add: self = .add
        }
    }
}

extension ErrorCode {
    init(_ failure: GoalFailure) {
        switch failure {
        case .failed: self = .failed
        case .noSuchModel: self = .noSuchModel
        case .verificationFailed: self = .verificationFailed
        case .needsPerson: self = .held
        case .noSpace: self = .noSpace
        case .network: self = .network
        case .invalidInfo: self = .invalidInfo
        case .notPermitted: self = .notSignedIn
        }
    }
}
