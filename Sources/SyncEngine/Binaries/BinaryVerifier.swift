import FoundationEssentials
import ModelInfo
import Planning
import Synchronization
import SystemIO
import Transfers

/// One binary to read through.
struct VerifyRequest: Sendable {
    var model: ModelID
    /// The model in a command, `ModelView.idWord`.
    var idWord: String
    var file: RelativePath
    var declared: DeclaredBinary
    var wantsSHA1: Bool
    var zoo: Zoo
}

/// Reads a binary from end to end and records what it has, together with the inode that was read. The planner says what that means.
struct BinaryVerifier: Sendable {
    let store: StateStore
    let events: EventLog
    let lane: BlockingLane
    let clock: any DaemonClock
    let chance: Chance
    /// `verify.bandwidth`, of all readings together.
    let bandwidth: SharedBandwidth

    func run(_ request: VerifyRequest, progress: @escaping @Sendable (Int64, Int64?) -> Void) async throws {
        let started = clock.now
        let bandwidth = bandwidth
        let flag = CancellationFlag()
        let result: Result<FileDigest, VerifyFailure>
        do {
            result = await withTaskCancellationHandler {
                (try? await lane.run { Self.read(request, bandwidth, flag, progress) }) ?? .failure(.cancelled)
            } onCancel: {
                flag.set()
            }
        }
        try await record(result, of: request, started: started)
    }

    private enum VerifyFailure: Error {
        case system(SystemError), digest(DigestFailure), cancelled
    }

    /// Blocks.
    private static func read(
        _ request: VerifyRequest, _ bandwidth: SharedBandwidth, _ flag: CancellationFlag, _ progress: (Int64, Int64?) -> Void
    ) -> Result<FileDigest, VerifyFailure> {
        do throws(SystemError) {
            let directory = try request.zoo.root.directory(request.model.path)
            let file = try directory.open(request.file)
            let size = try file.status().identity.size
            do throws(DigestFailure) {
                return .success(
                    try FileDigest.compute(
                        of: file, sha1: request.wantsSHA1, sha256: true, bandwidth: bandwidth, isCancelled: { flag.isSet },
                        onProgress: { progress($0, size) }))
            } catch {
                return .failure(.digest(error))
            }
        } catch {
            return .failure(.system(error))
        }
    }

    private func record(_ result: Result<FileDigest, VerifyFailure>, of request: VerifyRequest, started: Date) async throws {
        let (model, file, declared) = (request.model, request.file, request.declared)
        let outcome: Outcome
        switch result {
        case .success(let digest):
            guard let sha256 = digest.sha256 else { return }
            let hashed = HashedFile(identity: digest.identity, sha1: digest.sha1, sha256: sha256, at: started)
            CrashPoint.reach("verify.read")
            try await events.record(file, of: model) {
                $0.binary.wasRead(hashed, declared: declared)
                guard let shown = $0.binary.shown(by: declared) else { return [] }
                return [NewEvent(readingOf: file, in: model, showed: shown, hashed)]
            }
            CrashPoint.reach("verify.recorded")
            return
        case .failure(.cancelled), .failure(.digest(.cancelled)): return
        case .failure(.system(let error)): outcome = OutcomeJudge.judge(error, model: request.idWord)
        case .failure(.digest(let failure)): outcome = OutcomeJudge.judge(failure, model: request.idWord)
        }
        let (now, chance) = (clock.now, chance.fraction())
        try await events.record(file, of: model) {
            $0.binary.trouble = Trouble.left(
                by: outcome.asLocal, about: declared.readMark, before: $0.binary.trouble, now: now, chance: chance)
            return []
        }
    }
}

extension NewEvent {
    fileprivate init(readingOf file: RelativePath, in model: ModelID, showed state: BinaryState, _ hashed: HashedFile) {
        let (kind, words): (EventKind, String) =
            switch state {
            case .unverifiable: (.binaryVerified, "was read; its bytes are those that were first recorded")
            case .corrupt: (.binaryCorrupt, "was read; its bytes changed although nobody wrote to it")
            case .outdated: (.binaryOutdated, "was read; it is as it was, but the readme names another checksum")
            case .modified: (.binaryModified, "was read; it is not what was verified, nor what the readme names")
            default: (.binaryVerified, "was read and verified")
            }
        var details = ["sha256": hashed.sha256.description, "bytes": String(hashed.identity.size)]
        details["sha1"] = hashed.sha1?.description
        self.init(at: hashed.at, kind: kind, model: model, message: "\(file) \(words)", details: details)
    }
}

extension Outcome {
    /// A file that cannot be read is a local trouble, whatever its cause, so that the planner tells it from a fetch that failed.
    fileprivate var asLocal: Outcome {
        switch self {
        case .done: self
        case .retry(let after, _, let because, let hint): .retry(after: after, kind: .local, because: because, hint: hint)
        case .needsRoom(_, let because, let hint): .retry(after: nil, kind: .local, because: because, hint: hint)
        case .later(let at, _, let because, let hint): .later(at: at, kind: .local, because: because, hint: hint)
        case .needsPerson(_, let why, let hint): .needsPerson(kind: .local, why: why, hint: hint)
        }
    }
}

/// Set once, read from a blocking thread.
final class CancellationFlag: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}
