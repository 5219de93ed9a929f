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
        let began = NewEvent(
            at: clock.now, kind: .binaryFetching, model: request.model,
            message: "\(request.file) is fetched (\(request.purpose.rawValue))")
        try await events.record(began)
        if try await copy(request, settings, progress) || Task.isCancelled { return }
        let sources = request.sources(mirrors: settings.mirrors)
        let choice = try await lane.run { try choose(from: sources, for: request) }
        var outcomes = choice.unasked
        for source in choice.asked {
            switch try await attempt(source, request, settings, progress) {
            case .placed: return
            case .failedHere(let outcome): return try await leave(outcome, of: request)
            case .failedThere(let outcome): outcomes[source] = outcome
            }
            if Task.isCancelled { return }
        }
        let none = Outcome.needsPerson(kind: .refused, why: "\(request.file) has no URL", hint: nil)
        let ends = sources.compactMap { outcomes[$0] }
        try await leave(ends.isEmpty ? none : .combined(ends, now: clock.now), of: request)
    }

    /// How one try ended.
    private enum End {
        case placed
        /// The source's matter: another may do.
        case failedThere(Outcome)
        /// This machine's matter: no source would do better.
        case failedHere(Outcome)
    }

    /// Blocks.
    private func choose(from sources: [BinarySource], for request: FetchRequest) throws -> SourceChoice {
        SourceChoice(
            of: sources, hosts: hosts.records(of: sources.map(\.host)), bad: try store.badSources(for: request.digest ?? ""),
            askedAt: request.askedAt, begun: try store.partial(of: request.file, in: request.model)?.url, now: clock.now)
    }

    private func attempt(
        _ source: BinarySource, _ request: FetchRequest, _ settings: Settings, _ progress: @escaping @Sendable (Int64, Int64?) -> Void
    ) async throws -> End {
        guard let staging = request.zoo.staging else {
            return .failedHere(.needsPerson(kind: .refused, why: "the zoo is read-only", hint: nil))
        }
        let began = clock.now
        do {
            let partial = try await lane.run { try takeUp(source, request) }
            let descriptor = try await lane.run {
                try Lending(staging.downloads.open(partial.stagingName, .readWrite, creating: .ifMissing, permissions: 0o600))
            }
            let ceiling = try await lane.run { try room(in: staging, settings).ceiling(for: descriptor) }
            let result = try await WatchedTransfer(room(in: staging, settings)).run(telling: progress) { progress throws(TransferFailure) in
                try await transfer(source, request, settings, partial, descriptor, upTo: ceiling, progress)
            }
            CrashPoint.reach("fetch.received")
            try await lane.run {
                hosts.worked(
                    source.host, byteCount: result.byteCount - result.resumedAt, seconds: clock.now.timeIntervalSince(began))
            }
            let end = try await finish(result, source, request, settings, partial)
            // What was there before may be of another file after all: the server's word is not the bytes. From zero, once.
            if case .failedThere = end, result.resumedAt > 0 { return try await attempt(source, request, settings, progress) }
            return end
        } catch let failure as TransferFailure {
            return try await failed(failure, source, request, staging, settings)
        } catch let error as SystemError {
            return .failedHere(
                try await waiting(OutcomeJudge.judge(error, model: request.idWord), of: request, staging, settings))
        }
    }

    private func failed(
        _ failure: TransferFailure, _ source: BinarySource, _ request: FetchRequest, _ staging: Staging, _ settings: Settings
    ) async throws -> End {
        let judge = { (failure: TransferFailure) in OutcomeJudge.judge(failure, url: source.url, model: request.idWord) }
        let served = ServedContent(url: source.url, request: request)
        switch failure.reason {
        case .tooLarge(let byteCount) where served.isTooLong(byteCount):
            try await drop(of: request)
            return .failedThere(try await blame(source, for: served.words(ofMoreThan: byteCount), nil, request))
        case .tooLarge(let byteCount) where byteCount <= settings.maximumByteCount:
            let outcome = judge(TransferFailure(.disk(room(in: staging, settings).lack(of: byteCount))))
            return .failedHere(try await waiting(outcome, forRoomFor: byteCount, of: request, staging, settings))
        case .disk, .cancelled, .declined:
            if failure.leavesNothingToGoOnWith { try await drop(of: request) }
            return .failedHere(try await waiting(judge(failure), of: request, staging, settings))
        default:
            if failure.leavesNothingToGoOnWith { try await drop(of: request) }
            if let meaning = OutcomeJudge.meaning(of: failure) {
                try await lane.run { hosts.failed(source.host, meaning) }
            }
            return .failedThere(judge(failure))
        }
    }

    /// Goes on with what an earlier try left, when it was for the same file from the same place. Blocks.
    private func takeUp(_ source: BinarySource, _ request: FetchRequest) throws -> PartialDownload {
        let mark = request.declared.fetchMark
        if let old = try store.partial(of: request.file, in: request.model) {
            let left = try old.recovered(of: request.file, in: request.model, request.zoo, store, clock)
            // Killed while it got its name by a link: written on, the verified file would change under its final name.
            let hasItsName = try left.flatMap { try request.zoo.staging?.downloads.status(of: $0.stagingName) }.map { $0.0.links > 1 }
            if let left, hasItsName != true, left.mark == mark, left.url == source.url { return left }
            if let left { try? request.zoo.staging?.downloads.remove(left.stagingName) }
        }
        let partial = PartialDownload(
            stagingName: try RelativePath(chance.hex(12) + ".part"), url: source.url, mark: mark, bootID: PartialDownload.currentBootID)
        try store.setPartial(partial, of: request.file, in: request.model)
        CrashPoint.reach("fetch.named")
        return partial
    }

    private func transfer(
        _ source: BinarySource, _ request: FetchRequest, _ settings: Settings, _ partial: PartialDownload, _ descriptor: Lending,
        upTo ceiling: Int64, _ progress: @escaping @Sendable (Int64, Int64?) -> Void
    ) async throws(TransferFailure) -> DownloadResult {
        let download = DownloadRequest(
            url: source.url, resume: partial.resume(bootID: PartialDownload.currentBootID), addresses: settings.addresses,
            isExemptFromAddressPolicy: source.kind == .mirror,
            maximumByteCount: min(ceiling, ServedContent(url: source.url, request: request).wantedByteCount ?? .max))
        let (store, file, model) = (store, request.file, request.model)
        let saved = SavedPartial(partial)
        return try await downloads.download(
            download, to: descriptor.descriptor,
            onStart: { start throws(TransferFailure) in
                let now = saved.update {
                    $0.validator = start.validator
                    $0.totalByteCount = start.totalByteCount
                    $0.synced = $0.synced?.intersection(start.kept)
                    $0.bootID = PartialDownload.currentBootID
                }
                do { try store.setPartial(now, of: file, in: model) } catch { throw TransferFailure(.declined("the state: \(error)")) }
                CrashPoint.reach("fetch.started")
            },
            onProgress: { progress($0.byteCount, $0.totalByteCount) },
            onSynced: { synced in try? store.setPartial(saved.update { $0.synced = synced }, of: file, in: model) })
    }

    private func room(in staging: Staging, _ settings: Settings) -> DownloadRoom {
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

    /// The bytes are all there: are they the right ones?
    private func finish(
        _ result: DownloadResult, _ source: BinarySource, _ request: FetchRequest, _ settings: Settings, _ partial: PartialDownload
    ) async throws -> End {
        guard let sha1 = result.sha1, let sha256 = result.sha256 else {
            return .failedHere(.retry(after: nil, kind: .local, because: "the digests are missing", hint: nil))
        }
        let hashed = HashedFile(identity: result.identity, sha1: sha1, sha256: sha256, at: clock.now)
        let served = ServedContent(url: source.url, request: request)
        let page = served.page(result)
        guard request.accepts(hashed, page) else {
            await discard(partial, of: request)
            // A prefix that was not what it seemed is the reason as well as the source; it is asked from zero before it is blamed.
            return .failedThere(
                result.resumedAt > 0 ? .done : try await blame(source, for: served.words(of: result, hashed, page), page, request))
        }
        return try await place(hashed, partial, settings, request)
    }

    private func place(
        _ hashed: HashedFile, _ partial: PartialDownload, _ settings: Settings, _ request: FetchRequest, from known: KnownFile? = nil
    ) async throws -> End {
        let outcome = try await placer.place(hashed, partial, modes: settings.modes, for: request, from: known)
        guard outcome == .done else { return .failedHere(outcome) }
        try? await lane.run { try store.setPartial(nil, of: request.file, in: request.model) }
        CrashPoint.reach("fetch.forgotten")
        return .placed
    }

    /// Remembers that a source served other bytes.
    private func blame(_ source: BinarySource, for because: String, _ page: String?, _ request: FetchRequest) async throws -> Outcome {
        let (now, digest) = (clock.now, request.digest ?? "")
        let before = try await lane.run { try store.badSources(for: digest)[source.url] }
        let bad = BadSource(
            isPage: page != nil, because: because,
            hint: "correct caffemodel_url or sha1 in the readme, then: zooctl fetch \(request.idWord)",
            after: before, at: now)
        try await events.recordBadSource(
            bad, source.url, for: digest, NewEvent(at: now, kind: .binaryMismatch, model: request.model, message: because))
        CrashPoint.reach("fetch.blamed")
        return bad.outcome
    }

    /// Takes it from a file that is here already.
    /// - Returns: Whether that settled it.
    private func copy(
        _ request: FetchRequest, _ settings: Settings, _ progress: @escaping @Sendable (Int64, Int64?) -> Void
    ) async throws -> Bool {
        guard let staging = request.zoo.staging, let copy = try await copies.take(for: request, in: staging, settings, progress) else {
            return false
        }
        CrashPoint.reach("copy.received")
        let begun = try await lane.run { try store.partial(of: request.file, in: request.model) }
        switch try await place(copy.hashed, copy.staged, settings, request, from: copy.source) {
        case .placed:
            if let begun { try? await lane.run { try staging.downloads.remove(begun.stagingName) } }
        case .failedHere(let outcome), .failedThere(let outcome):
            try? await lane.run { try drop(copy.staged, of: request, in: staging) }
            try await leave(outcome, of: request)
        }
        return true
    }

    /// Removes a copy that did not get its name; but an exchange that began ends first, since what lies there then may be a person's file.
    /// Blocks.
    private func drop(_ copy: PartialDownload, of request: FetchRequest, in staging: Staging) throws {
        guard let recorded = try store.partial(of: request.file, in: request.model), recorded.stagingName == copy.stagingName else {
            return try staging.downloads.remove(copy.stagingName)
        }
        let left = try recorded.recovered(of: request.file, in: request.model, request.zoo, store, clock)
        if let left { try staging.downloads.remove(left.stagingName) }
        try store.setPartial(nil, of: request.file, in: request.model)
    }

    /// Forgets what came so far; where the file system lets nothing be removed, the next start does.
    private func drop(of request: FetchRequest) async throws {
        try await lane.run {
            guard let partial = try store.partial(of: request.file, in: request.model) else { return }
            try? request.zoo.staging?.downloads.remove(partial.stagingName)
            try store.setPartial(nil, of: request.file, in: request.model)
        }
    }

    private func discard(_ partial: PartialDownload, of request: FetchRequest) async {
        try? await lane.run {
            try request.zoo.staging?.downloads.remove(partial.stagingName)
            try store.setPartial(nil, of: request.file, in: request.model)
        }
    }

    /// A person stopped it: what came is kept, and it stays stopped until somebody asks for it.
    func wasCancelled(_ request: FetchRequest) async {
        try? await leave(
            .needsPerson(
                kind: .cancelled, why: "fetching \(request.file) was cancelled; what came is kept",
                hint: "zooctl fetch \(request.idWord)"),
            of: request)
    }

    private func leave(_ outcome: Outcome, of request: FetchRequest) async throws {
        let (now, chance, file) = (clock.now, chance.fraction(), request.file)
        let about = request.declared.fetchMark
        try await events.record(request.model, []) { memory in
            var binary = memory.binaries[file] ?? BinaryMemory()
            binary.trouble = Trouble.left(by: outcome, about: about, before: binary.trouble, now: now, chance: chance)
            memory.binaries[file] = binary
        }
    }
}

/// A descriptor that tasks hand on; closed with its last holder.
final class Lending: Sendable {
    let descriptor: OwnedDescriptor

    init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
}

extension TransferFailure {
    /// Whether the bytes that came are of no use: of a file that is too large nobody wants the rest, and after an error of the disk what
    /// is read back may come from memory and never have reached it, so that it would be called verified and be gone with the next start.
    fileprivate var leavesNothingToGoOnWith: Bool {
        switch reason {
        case .tooLarge: true
        case .disk(let error): error.errno == EIO || error.errno == EROFS
        default: false
        }
    }
}
