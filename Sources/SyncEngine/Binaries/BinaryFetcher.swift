import FoundationEssentials
import Glibc
import ModelInfo
import Planning
import SystemIO
import Transfers

/// Gets one binary: into staging, hashed in the same pass, and under its final name only when it is what the info says.
struct BinaryFetcher: Sendable {
    /// What of the configuration a fetch depends on; asked anew for each.
    struct Settings: Sendable {
        var addresses = AddressPolicy()
        /// Templates (`MirrorTemplate`); tried before the model's own URL, and free to lead to private addresses.
        var mirrors: [String] = []
        var maximumByteCount: Int64 = 50 << 30
        var minimumFree: @Sendable (_ totalBytes: Int64) -> Int64 = { _ in 0 }
        var modes = PlacementModes()
    }

    let downloads: any Downloads
    let store: StateStore
    let events: EventLog
    let placer: BinaryPlacer
    let copies: LocalCopies
    let hosts: HostBook
    let lane: BlockingLane
    let clock: any DaemonClock
    let chance: Chance
    let settings: @Sendable () -> Settings

    /// - Throws: When the state cannot be written. Then nothing is fetched: what came of it could not be remembered.
    func run(_ request: FetchRequest, progress: @escaping @Sendable (Int64, Int64?) -> Void) async throws {
        var settings = settings()
        if request.allowsAnySize { settings.maximumByteCount = .max }
        let copied = try await copy(request, settings, progress)
        if case .settled = copied { return }
        if Task.isCancelled { return }
        let sources = request.sources(mirrors: settings.mirrors)
        let (choice, begun) = try await lane.run { try choose(from: sources, for: request) }
        var outcomes = choice.unasked
        for source in choice.asked {
            let isFirst = source == choice.asked.first
            switch try await attempt(source, request, settings, progress, isFirst: isFirst, begun: isFirst ? .some(begun) : nil) {
            case .placed: return
            case .failedHere(let outcome): return try await leave(outcome, of: request)
            case .failedThere(let outcome): outcomes[source] = outcome
            }
            if Task.isCancelled { return }
        }
        // It is here: what other sources lack is nobody's matter.
        if case .hasNoRoom(let outcome) = copied { return try await leave(outcome, of: request) }
        let none = Outcome.needsPerson(kind: .refused, why: "\(request.file) has no URL", hint: nil)
        let ends = sources.compactMap { outcomes[$0] }
        try await leave(ends.isEmpty ? none : .combined(ends, now: clock.now), of: request, by: sources.last)
    }

    /// How one try ended.
    enum End {
        case placed
        /// The source's matter: another may do.
        case failedThere(Outcome)
        /// This machine's matter: no source would do better.
        case failedHere(Outcome)
    }

    /// Told with the first thing that is done.
    func beginning(of request: FetchRequest) -> NewEvent {
        NewEvent(
            at: clock.now, kind: .binaryFetching, model: request.model,
            message: "\(request.file) is fetched (\(request.purpose.rawValue))")
    }

    /// Blocks.
    private func choose(
        from sources: [BinarySource], for request: FetchRequest
    ) throws -> (choice: SourceChoice, begun: PartialDownload?) {
        let (bad, begun) = try store.background(of: request.file, in: request.model, for: request.digest ?? "")
        let choice = SourceChoice(
            of: sources, hosts: hosts.records(of: sources.map(\.host)), bad: bad, askedAt: request.askedAt, begun: begun?.url,
            now: clock.now)
        return (choice, begun)
    }

    /// - Parameter begun: What there is of it already; not given where that has to be asked for.
    private func attempt(
        _ source: BinarySource, _ request: FetchRequest, _ settings: Settings, _ progress: @escaping @Sendable (Int64, Int64?) -> Void,
        isFirst: Bool, begun: PartialDownload?? = nil
    ) async throws -> End {
        guard let staging = request.zoo.staging else {
            return .failedHere(.needsPerson(kind: .refused, why: "the zoo is read-only", hint: nil))
        }
        let began = clock.now
        let attempted = try await lane.run {
            try takeUp(source, request, begun ?? store.partial(of: request.file, in: request.model))
        }
        let partial = attempted.partial
        do {
            let isRemembered = attempted.isNew && attempted.superseded == nil
            if isRemembered || isFirst {
                try await events.recordBeginning(
                    isRemembered ? partial : nil, of: request.file, in: request.model, isFirst ? beginning(of: request) : nil)
                CrashPoint.reach("fetch.named")
            }
            let (descriptor, ceiling) = try await lane.run {
                let file = try Lending(staging.downloads.open(partial.stagingName, .readWrite, creating: .ifMissing, permissions: 0o600))
                return (file, try room(in: staging, settings).ceiling(for: file))
            }
            let watch = DownloadRoom.Watch(room(in: staging, settings))
            let result = try await transfer(source, request, settings, attempted, descriptor, upTo: ceiling) {
                told throws(TransferFailure) in
                progress(told.byteCount, told.totalByteCount)
                if let lack = watch.lack(after: told.byteCount) { throw TransferFailure(.disk(lack)) }
            }
            CrashPoint.reach("fetch.received")
            let news = hosts.worked(
                source.host, byteCount: result.byteCount - result.resumedAt, seconds: clock.now.timeIntervalSince(began))
            if let news { try await lane.run { hosts.save(news, of: source.host) } }
            let end = try await finish(result, source, request, settings, partial)
            // What was there before may be of another file after all: the server's word is not the bytes. From zero, once.
            if case .failedThere = end, result.resumedAt > 0 {
                return try await attempt(source, request, settings, progress, isFirst: false)
            }
            return end
        } catch let failure as TransferFailure {
            if attempted.superseded != nil { await giveWay(partial, of: request) }
            return try await failed(failure, source, request, partial, staging, settings)
        } catch let error as SystemError {
            if attempted.superseded != nil { await giveWay(partial, of: request) }
            return .failedHere(
                try await waiting(OutcomeJudge.judge(error, model: request.idWord), of: request, staging, settings))
        }
    }

    private func failed(
        _ failure: TransferFailure, _ source: BinarySource, _ request: FetchRequest, _ partial: PartialDownload, _ staging: Staging,
        _ settings: Settings
    ) async throws -> End {
        let judge = { (failure: TransferFailure) in
            OutcomeJudge.judge(failure, url: source.url, model: request.idWord, maximumByteCount: settings.maximumByteCount)
        }
        let served = ServedContent(url: source.url, request: request)
        switch failure.reason {
        case .tooLarge(let byteCount) where served.isTooLong(byteCount):
            try await drop(partial, of: request)
            return .failedThere(try await blame(source, for: served.words(ofMoreThan: byteCount), nil, request))
        case .tooLarge(let byteCount) where byteCount <= settings.maximumByteCount:
            let lack = try await lane.run { try room(in: staging, settings).lack(of: byteCount, beside: partial) }
            let outcome = judge(TransferFailure(.disk(lack)))
            return .failedHere(try await waiting(outcome, forRoomFor: byteCount, of: request, staging, settings))
        case .disk, .cancelled, .declined, .changedMeanwhile:
            if failure.leavesNothingToGoOnWith { try await drop(partial, of: request) }
            return .failedHere(try await waiting(judge(failure), of: request, staging, settings))
        default:
            if failure.leavesNothingToGoOnWith { try await drop(partial, of: request) }
            if let meaning = OutcomeJudge.meaning(of: failure) {
                try await lane.run { hosts.failed(source.host, meaning) }
            }
            return .failedThere(judge(failure))
        }
    }

    /// What an attempt works on.
    private struct Attempted {
        var partial: PartialDownload
        /// Whether nothing is remembered of it yet.
        var isNew = false
        /// What there is of the same file from another source. It stays, and stays remembered, until this source has more than a promise.
        var superseded: PartialDownload?
    }

    /// Goes on with what an earlier try left, when it was for the same file from the same place. Blocks.
    private func takeUp(_ source: BinarySource, _ request: FetchRequest, _ begun: PartialDownload?) throws -> Attempted {
        let mark = request.declared.fetchMark
        var superseded: PartialDownload?
        if let old = begun {
            let left = try old.recovered(of: request.file, in: request.model, request.zoo, store, clock)
            // Killed while it got its name by a link: written on, the verified file would change under its final name.
            let hasItsName = try left.flatMap { try request.zoo.staging?.downloads.status(of: $0.stagingName) }.map { $0.0.links > 1 }
            let isOfUse = hasItsName != true && left?.mark == mark
            if let left, isOfUse, left.url == source.url { return Attempted(partial: left) }
            if let left, isOfUse, hasItsName != nil, left.validator != nil {
                superseded = left
            } else if let left {
                try? request.zoo.staging?.downloads.remove(left.stagingName)
            }
        }
        let partial = PartialDownload(
            stagingName: try RelativePath(chance.hex(12) + ".part"), url: source.url, mark: mark, bootID: PartialDownload.currentBootID)
        return Attempted(partial: partial, isNew: true, superseded: superseded)
    }

    private func transfer(
        _ source: BinarySource, _ request: FetchRequest, _ settings: Settings, _ attempted: Attempted, _ descriptor: Lending,
        upTo ceiling: Int64, _ progress: @escaping @Sendable (DownloadProgress) throws(TransferFailure) -> Void
    ) async throws(TransferFailure) -> DownloadResult {
        let (partial, superseded) = (attempted.partial, attempted.superseded)
        var download = DownloadRequest(
            url: source.url, resume: partial.resume(bootID: PartialDownload.currentBootID), addresses: settings.addresses,
            isExemptFromAddressPolicy: source.kind == .mirror,
            maximumByteCount: min(ceiling, ServedContent(url: source.url, request: request).wantedByteCount ?? .max))
        download.wantsLength = request.digest == nil
        download.doubtsParts = partial.refusals ?? 0 >= PartialDownload.doubtfulRefusals
        let (store, file, model, staging) = (store, request.file, request.model, request.zoo.staging)
        let saved = SavedPartial(partial)
        do throws(TransferFailure) {
            return try await downloads.download(
                download, to: descriptor.descriptor,
                onStart: { start throws(TransferFailure) in
                    let wasKnown = saved.value.validator != nil
                    let now = saved.update {
                        $0.validator = start.validator
                        $0.totalByteCount = start.totalByteCount
                        $0.synced = $0.synced?.intersection(start.kept)
                        $0.bootID = PartialDownload.currentBootID
                        $0.refusals = nil
                    }
                    saved.noteStart()
                    if wasKnown || superseded != nil || !Self.isForgettable(now) {
                        do { try store.setPartial(now, of: file, in: model) } catch {
                            throw TransferFailure(.declined("the state: \(error)"))
                        }
                    }
                    // Not before another one is remembered: a kill in between leaves a file that the next start removes.
                    if let superseded { try? staging?.downloads.remove(superseded.stagingName) }
                    CrashPoint.reach("fetch.started")
                },
                onProgress: progress,
                onSynced: { synced in
                    let now = saved.update { $0.synced = synced }
                    // What is complete is about to get its name.
                    if synced.byteCount != now.totalByteCount { try? store.setPartial(now, of: file, in: model) }
                })
        } catch {
            var left = saved.value
            let isRefusal = !saved.hasStarted && left.validator != nil && error.mayRefuseParts
            if isRefusal { left.refusals = (left.refusals ?? 0) + 1 }
            if isRefusal || Self.isForgettable(left) {
                let left = left
                try? await lane.run { try store.setPartial(left, of: file, in: model) }
            }
            throw error
        }
    }

    /// Whether it is so small that remembering how to go on with it would cost more than to begin anew after a kill. What ends otherwise
    /// is remembered then.
    private static func isForgettable(_ partial: PartialDownload) -> Bool { partial.totalByteCount.map { $0 <= 1 << 20 } ?? false }

    func room(in staging: Staging, _ settings: Settings) -> DownloadRoom {
        DownloadRoom(staging: staging, maximumByteCount: settings.maximumByteCount, minimumFree: settings.minimumFree)
    }

    /// A fetch that had no room waits until there is enough for what is missing.
    private func waiting(
        _ outcome: Outcome, forRoomFor announced: Int64? = nil, of request: FetchRequest, _ staging: Staging, _ settings: Settings
    ) async throws -> Outcome {
        guard case .retry(_, .space, _, _) = outcome else { return outcome }
        return try await lane.run {
            guard let partial = try store.partial(of: request.file, in: request.model) else { return outcome }
            return try room(in: staging, settings).wait(after: outcome, for: partial, announced: announced)
        }
    }
}

/// A descriptor that tasks hand on; closed with its last holder.
final class Lending: Sendable {
    let descriptor: OwnedDescriptor

    init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
}

extension TransferFailure {
    /// Whether the bytes that came are of no use: of a file that is too large nobody wants the rest, what somebody else wrote to is not
    /// what came, and after an error of the disk what is read back may come from memory and never have reached it, so that it would be
    /// called verified and be gone with the next start.
    fileprivate var leavesNothingToGoOnWith: Bool {
        switch reason {
        case .tooLarge: true
        case .disk(let error): error.errno == EIO || error.errno == EROFS
        case .changedMeanwhile: true
        default: false
        }
    }

    /// Whether a host that gives no part of a file may have failed like that, as well as one that gives nothing for the moment.
    fileprivate var mayRefuseParts: Bool {
        switch reason {
        case .httpStatus, .connectionLost, .truncated: true
        default: false
        }
    }
}
