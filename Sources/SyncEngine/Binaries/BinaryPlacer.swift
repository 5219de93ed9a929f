import FoundationEssentials
import ModelInfo
import Planning
import SystemIO

/// Gives a verified download its final name, and moves what it replaces to the trash.
struct BinaryPlacer: Sendable {
    let events: EventLog
    let lane: BlockingLane
    let clock: any DaemonClock

    func place(_ hashed: HashedFile, _ staged: RelativePath, mode: UInt32, for request: FetchRequest) async throws -> Outcome {
        let result = (try? await lane.run { Self.move(hashed, staged, mode: mode, request) }) ?? .failure(.cancelled)
        switch result {
        case .success(let placed):
            try await record(placed, hashed, of: request)
            return .done
        case .failure(let problem):
            return problem.outcome(request.model.path, request.file)
        }
    }

    private struct Placed {
        var identity: FileIdentity
        /// Name in the trash of what was replaced.
        var replaced: RelativePath?
    }

    private enum Problem: Error {
        case placement(PlacementFailure)
        case system(SystemError)
        /// The file to be replaced is not the one that was judged: somebody saved another.
        case changedMeanwhile
        case cancelled

        func outcome(_ model: RelativePath, _ file: RelativePath) -> Outcome {
            switch self {
            case .placement(.exists), .changedMeanwhile:
                .retry(after: 1, kind: .network, because: "another \(file) appeared meanwhile; it is left as it is", hint: nil)
            case .placement(.notTheVerifiedFile):
                .retry(after: nil, kind: .network, because: "the finished download of \(file) was changed in staging", hint: nil)
            case .placement(.replacedMeanwhile):
                .retry(after: nil, kind: .network, because: "\(file) was replaced in the moment it got its name", hint: nil)
            case .placement(.stageInTarget(let error)), .placement(.system(let error)), .system(let error):
                OutcomeJudge.judge(error, model: model)
            case .cancelled: .retry(after: 0, kind: .local, because: "interrupted", hint: nil)
            }
        }
    }

    /// Blocks.
    private static func move(_ hashed: HashedFile, _ staged: RelativePath, mode: UInt32, _ request: FetchRequest) -> Result<Placed, Problem>
    {
        guard let staging = request.zoo.staging else { return .failure(.cancelled) }
        do {
            let target = try request.zoo.root.directory(request.model.path)
            let finished = FinishedFile(staged, in: staging.downloads, verified: hashed.identity)
            guard request.purpose != .missing else {
                return .success(Placed(identity: try place(finished, request.file, target, mode, .refuse), replaced: nil))
            }
            // The old file has to be the one that was judged; what a person saved since is never moved away.
            guard let judged = request.memory.hashed?.identity, let (old, kind) = try target.status(of: request.file), kind == .file,
                old.isSameFile(as: judged)
            else { return .failure(.changedMeanwhile) }
            let identity = try place(finished, request.file, target, mode, .exchange)
            CrashPoint.reach("place.exchanged")
            if let (out, _) = try staging.downloads.status(of: staged), !out.isSameFile(as: judged) {
                try staging.downloads.rename(staged, to: request.file, in: target, .exchange)
                return .failure(.changedMeanwhile)
            }
            let kept = try Trash.keep(staged, of: request.model, request.file, in: staging)
            return .success(Placed(identity: identity, replaced: kept))
        } catch let failure as PlacementFailure {
            return .failure(.placement(failure))
        } catch let error as SystemError {
            return .failure(.system(error))
        } catch {
            return .failure(.cancelled)
        }
    }

    private static func place(
        _ finished: FinishedFile, _ name: RelativePath, _ target: RootedDirectory, _ mode: UInt32, _ rule: RenameRule
    ) throws(PlacementFailure) -> FileIdentity {
        try finished.place(as: name, in: target, mode: mode, rule)
    }

    private func record(_ placed: Placed, _ hashed: HashedFile, of request: FetchRequest) async throws {
        var hashed = hashed
        hashed.identity = placed.identity
        let (now, file, declared) = (clock.now, request.file, request.declared)
        let kind: EventKind = request.purpose == .repair ? .binaryRepaired : .binaryFetched
        var details = ["sha256": hashed.sha256.description, "bytes": String(hashed.identity.size)]
        details["sha1"] = hashed.sha1?.description
        details["trash"] = placed.replaced?.description
        let message =
            switch request.purpose {
            case .missing: "\(file) fetched and \(declared.sha1 == nil ? "recorded (no sha1 to verify it by)" : "verified")"
            case .repair: "\(file) repaired by a verified copy; the bad one is in the trash"
            case .replaceOutdated: "\(file) replaced by the verified new one; the old one is in the trash"
            }
        let final = hashed
        try await events.record(request.model, [NewEvent(at: now, kind: kind, model: request.model, message: message, details: details)]) {
            var binary = $0.binaries[file] ?? BinaryMemory()
            if binary.good?.sha1 != declared.sha1 || declared.sha1 == nil { binary.good = nil }
            binary.trouble = nil
            binary.wasRead(final, declared: declared)
            $0.binaries[file] = binary
        }
        CrashPoint.reach("fetch.recorded")
    }
}
