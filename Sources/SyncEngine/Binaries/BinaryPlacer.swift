import FoundationEssentials
import Glibc
import ModelInfo
import Planning
import SystemIO

/// Permission bits of what a fetch makes, whatever the umask.
struct PlacementModes: Equatable, Sendable {
    var file: UInt32 = 0o444
    /// Of directories that the file's name asks for.
    var directory: UInt32 = 0o775
}

/// Gives a verified download its final name, and moves what it replaces to the trash.
struct BinaryPlacer: Sendable {
    let store: StateStore
    let events: EventLog
    let lane: BlockingLane
    /// For copying alone: it may take minutes.
    let copies: BlockingLane
    let clock: any DaemonClock
    /// Told of what is about to get its name.
    var placements = OwnPlacements()

    /// - Parameters:
    ///   - minimumFree: What a copy leaves free of a file system of that size.
    ///   - known: The file that it was copied from; nil for a download.
    func place(
        _ hashed: HashedFile, _ partial: PartialDownload, modes: PlacementModes,
        minimumFree: @escaping @Sendable (_ totalBytes: Int64) -> Int64 = { _ in 0 }, for request: FetchRequest,
        from known: KnownFile? = nil
    ) async throws -> Outcome {
        var result = (try? await lane.run { move(hashed, partial, modes, request) }) ?? .failure(.cancelled)
        if case .failure(.placement(.stageInTarget)) = result {
            let flag = CancellationFlag()
            result = await withTaskCancellationHandler {
                (try? await copies.run { moveCopy(hashed, partial, modes, minimumFree, request, flag) }) ?? .failure(.cancelled)
            } onCancel: {
                flag.set()
            }
        }
        switch result {
        case .success(let placed):
            try await record(placed, hashed, of: request, from: known)
            return .done
        case .failure(let problem):
            return problem.outcome(request.idWord, request.file)
        }
    }

    private struct Placed {
        var identity: FileIdentity
        /// Name in the trash of what was replaced.
        var replaced: RelativePath?
    }

    enum Problem: Error {
        case placement(PlacementFailure)
        case system(SystemError)
        /// The file to be replaced is not the one that was judged: somebody saved another.
        case changedMeanwhile
        case cancelled

        func outcome(_ idWord: String, _ file: RelativePath) -> Outcome {
            switch self {
            case .placement(.exists), .changedMeanwhile:
                .retry(after: 1, kind: .network, because: "another \(file) appeared meanwhile; it is left as it is", hint: nil)
            case .placement(.notTheVerifiedFile):
                .retry(after: nil, kind: .network, because: "the finished download of \(file) was changed in staging", hint: nil)
            case .placement(.replacedMeanwhile):
                .retry(after: nil, kind: .network, because: "\(file) was replaced in the moment it got its name", hint: nil)
            case .placement(.cannotExchange):
                .needsPerson(
                    kind: .refused,
                    why: "the file system that \(file) lies on cannot exchange two files in one step, so the old one is not replaced",
                    hint: "move \(ShellWord.of(file.description)) away by hand, then: zooctl fetch \(idWord)")
            case .placement(.stageInTarget(let error)), .placement(.system(let error)), .system(let error):
                OutcomeJudge.judge(error, model: idWord)
            case .cancelled: .retry(after: 0, kind: .local, because: "interrupted", hint: nil)
            }
        }
    }

    /// A verified file and where it waits for its name.
    private struct Waiting {
        var name: RelativePath
        var directory: RootedDirectory
        var identity: FileIdentity
    }

    /// Blocks.
    private func move(
        _ hashed: HashedFile, _ partial: PartialDownload, _ modes: PlacementModes, _ request: FetchRequest
    ) -> Result<Placed, Problem> {
        Self.judged {
            guard let staging = request.zoo.staging else { throw Problem.cancelled }
            let target = try request.zoo.root.directory(request.model.path)
            try target.createParents(of: request.file, permissions: modes.directory)
            let waiting = Waiting(name: partial.stagingName, directory: staging.downloads, identity: hashed.identity)
            return try name(waiting, partial, target, staging, modes.file, request)
        }
    }

    /// By way of a copy where the file itself can get no name in the target. Blocks, for as long as copying takes.
    private func moveCopy(
        _ hashed: HashedFile, _ partial: PartialDownload, _ modes: PlacementModes, _ minimumFree: (Int64) -> Int64,
        _ request: FetchRequest, _ flag: CancellationFlag
    ) -> Result<Placed, Problem> {
        Self.judged {
            guard let staging = request.zoo.staging else { throw Problem.cancelled }
            let target = try request.zoo.root.directory(request.model.path)
            let waiting = Waiting(name: partial.stagingName, directory: staging.downloads, identity: hashed.identity)
            return try nameCopy(of: waiting, hashed, partial, target, staging, modes.file, request, flag) { _ in
                // Room for all of it is taken by then.
                let (available, total) = try FileSystemKind.space(at: target)
                let kept = minimumFree(total)
                guard available < kept else { return }
                throw DownloadRoom.lack(leaving: available, of: kept, in: target.path.string)
            }
        }
    }

    private static func judged(_ work: () throws -> Placed) -> Result<Placed, Problem> {
        do { return .success(try work()) } catch let problem as Problem {
            return .failure(problem)
        } catch let failure as PlacementFailure {
            return .failure(.placement(failure))
        } catch let error as SystemError {
            return .failure(.system(error))
        } catch {
            return .failure(.cancelled)
        }
    }

    private func name(
        _ waiting: Waiting, _ partial: PartialDownload, _ target: RootedDirectory, _ staging: Staging, _ mode: UInt32,
        _ request: FetchRequest
    ) throws -> Placed {
        let finished = FinishedFile(waiting.name, in: waiting.directory, verified: waiting.identity)
        placements.note(request.model.path.appending(request.file), in: request.zoo.name)
        guard request.purpose != .missing else {
            return Placed(identity: try finished.place(as: request.file, in: target, mode: mode, .refuse), replaced: nil)
        }
        // The old file has to be the one that was judged, and still no one else's; what a person saved since is never moved away.
        guard let judged = request.memory.hashed?.identity, let (old, kind) = try target.status(of: request.file), kind == .file,
            old.isSameFile(as: judged), old.owner == geteuid() || Ownership.isOwner(request.importedBy, of: old.owner)
        else { throw Problem.changedMeanwhile }
        // Held open, so that its inode number names nothing else until the exchange is settled.
        let held = Lending(try waiting.directory.open(waiting.name))
        defer { withExtendedLifetime(held) {} }
        let exchange = BinaryExchange(
            verified: waiting.identity, judged: judged, reason: request.purpose == .repair ? .corrupt : .outdated)
        var partial = partial
        partial.exchange = exchange
        try store.setPartial(partial, of: request.file, in: request.model)
        CrashPoint.reach("place.intended")
        let placement: Result<FileIdentity, PlacementFailure>
        do throws(PlacementFailure) {
            placement = .success(try finished.place(as: request.file, in: target, mode: mode, .exchange))
        } catch {
            placement = .failure(error)
        }
        CrashPoint.reach("place.exchanged")
        let trash = Trash(staging: staging, store: store, clock: clock)
        switch try exchange.settle(waiting.name, in: waiting.directory, target, request.model, request.file, trash) {
        case .notDone, .over: return Placed(identity: try placement.get(), replaced: nil)
        case .kept(let kept): return Placed(identity: try placement.get(), replaced: kept)
        case .putBack: throw Problem.changedMeanwhile
        }
    }

    /// By way of a copy under a hidden name in the model's own directory, which gives it the group and the file system.
    private func nameCopy(
        of waiting: Waiting, _ hashed: HashedFile, _ partial: PartialDownload, _ target: RootedDirectory, _ staging: Staging,
        _ mode: UInt32, _ request: FetchRequest, _ flag: CancellationFlag, _ onProgress: (Int64) throws -> Void
    ) throws -> Placed {
        let parent = request.file.parent.map { "\($0)/" } ?? ""
        let hidden = try RelativePath("\(parent).zood-\(SystemRandom.hex(byteCount: 6))")
        var partial = partial
        partial.copy = hidden
        try store.setPartial(partial, of: request.file, in: request.model)
        CrashPoint.reach("copy.named")
        let digest = try FileCopy.make(
            of: waiting.name, in: waiting.directory, as: hidden, in: target, permissions: 0o600, isCancelled: { flag.isSet },
            onProgress: onProgress)
        CrashPoint.reach("copy.made")
        defer {
            // What a person saved may have come out of an exchange: only our own copy is removed.
            if let (left, _) = try? target.status(of: hidden), left.inode == digest.identity.inode { try? target.remove(hidden) }
        }
        guard digest.sha256 == hashed.sha256 else { throw PlacementFailure.notTheVerifiedFile }
        let copy = Waiting(name: hidden, directory: target, identity: digest.identity)
        let placed = try name(copy, partial, target, staging, mode, request)
        try? waiting.directory.remove(waiting.name)
        CrashPoint.reach("copy.placed")
        return placed
    }

    private func record(_ placed: Placed, _ hashed: HashedFile, of request: FetchRequest, from known: KnownFile?) async throws {
        var hashed = hashed
        hashed.identity = placed.identity
        let (now, file, declared) = (clock.now, request.file, request.declared)
        let wasFetched: EventKind = request.purpose == .repair ? .binaryRepaired : .binaryFetched
        let kind = request.importedBy == nil ? wasFetched : .binaryImported
        let verb = request.importedBy == nil ? "fetched" : "imported"
        var details = ["sha256": hashed.sha256.description, "bytes": String(hashed.identity.size)]
        details["sha1"] = hashed.sha1?.description
        details["trash"] = placed.replaced?.description
        let copied = known.map { ", copied from \($0.model.path)/\($0.file)" } ?? ""
        details["copiedFrom"] = known.map { "\($0.model)/\($0.file)" }
        let message =
            switch request.purpose {
            case .missing: "\(file) \(verb) and \(declared.sha1 == nil ? "recorded (no sha1 to verify it by)" : "verified")\(copied)"
            case .repair: "\(file) repaired by a verified copy\(copied); the bad one is in the trash"
            case .replaceOutdated: "\(file) replaced by the verified new one\(copied); the old one is in the trash"
            }
        let final = hashed
        let event = NewEvent(at: now, kind: kind, model: request.model, message: message, details: details, uid: request.importedBy)
        try await events.record(file, of: request.model, endsDownload: true) {
            if $0.binary.good?.sha1 != declared.sha1 || declared.sha1 == nil { $0.binary.good = nil }
            $0.binary.trouble = nil
            $0.binary.wasRead(final, declared: declared)
            $0.decisions.unconfirmedSources.remove(declared.fetchMark)
            return [event]
        }
        CrashPoint.reach("fetch.recorded")
    }
}
