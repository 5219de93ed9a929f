import FoundationEssentials
import Glibc
import ModelInfo
import Planning
import SystemIO
import Transfers

/// One binary to get.
struct FetchRequest: Sendable {
    var model: ModelID
    /// The model in a command, `ModelView.idWord`.
    var idWord: String
    var file: RelativePath
    var declared: DeclaredBinary
    var purpose: FetchPurpose
    var memory: BinaryMemory
    /// An operator lets it through however large it is.
    var allowsAnySize = false
    var zoo: Zoo
}

/// Gets one binary: into staging, hashed in the same pass, and under its final name only when it is what the info says.
struct BinaryFetcher: Sendable {
    /// What of the configuration a fetch depends on; asked anew for each.
    struct Settings: Sendable {
        var addresses = AddressPolicy()
        /// Each with `{sha1}` and `{file}`; tried before the model's own URL, and free to lead to private addresses.
        var mirrors: [String] = []
        var maximumByteCount: Int64 = 50 << 30
        var minimumFree: @Sendable (_ totalBytes: Int64) -> Int64 = { _ in 0 }
        var modes = PlacementModes()
    }

    let downloads: any Downloads
    let store: StateStore
    let events: EventLog
    let placer: BinaryPlacer
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
        var last = Outcome.needsPerson(kind: .refused, why: "\(request.file) has no URL", hint: nil)
        // What an earlier try left is only of use to the same source, so that one comes first.
        let started = try await lane.run { try store.partial(of: request.file, in: request.model) }
        let all = sources(of: request, settings)
        for source in all.filter({ $0.url == started?.url }) + all.filter({ $0.url != started?.url }) {
            let outcome = try await attempt(source, request, settings, progress)
            if outcome == .done { return }
            // Another source's trouble is no news where this one only lacks room.
            if case .needsRoom = last {} else { last = outcome }
            if Task.isCancelled { return }
        }
        try await leave(last, of: request)
    }

    private struct Source {
        var url: String
        var isConfigured: Bool
    }

    /// Mirrors first, then what the readme names. A mirror is looked up by checksum, so it serves only binaries that have one.
    private func sources(of request: FetchRequest, _ settings: Settings) -> [Source] {
        var sources: [Source] = []
        if let sha1 = request.declared.sha1 {
            for mirror in settings.mirrors {
                let url = mirror.replacing("{sha1}", with: sha1.description).replacing("{file}", with: percentEncoded(request.file.name))
                sources.append(Source(url: url, isConfigured: true))
            }
        }
        sources += ([request.declared.url].compactMap { $0 } + request.declared.mirrors).map { Source(url: $0, isConfigured: false) }
        return sources
    }

    private func percentEncoded(_ name: String) -> String {
        name.utf8.map { byte in
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
            return isPlain ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    private func attempt(
        _ source: Source, _ request: FetchRequest, _ settings: Settings, _ progress: @escaping @Sendable (Int64, Int64?) -> Void
    ) async throws -> Outcome {
        guard let staging = request.zoo.staging else {
            return .needsPerson(kind: .refused, why: "the zoo is read-only", hint: nil)
        }
        let judge = { (failure: TransferFailure) in OutcomeJudge.judge(failure, url: source.url, model: request.idWord) }
        do {
            let partial = try await lane.run { try takeUp(source, request) }
            let descriptor = try await lane.run {
                try Lending(staging.downloads.open(partial.stagingName, .readWrite, creating: .ifMissing, permissions: 0o600))
            }
            let ceiling = try await lane.run { try room(in: staging, settings).ceiling(for: descriptor) }
            let result = try await transfer(source, request, settings, partial, descriptor, upTo: ceiling, progress)
            CrashPoint.reach("fetch.received")
            let outcome = try await finish(result, source, request, settings, partial)
            // What was there before may be of another file after all: the server's word is not the bytes. From zero, once.
            if case .retry(_, .verification, _, _) = outcome, result.resumedAt > 0 {
                return try await attempt(source, request, settings, progress)
            }
            return outcome
        } catch let failure as TransferFailure {
            if case .tooLarge(let byteCount) = failure.reason, byteCount <= settings.maximumByteCount {
                let outcome = judge(TransferFailure(.disk(room(in: staging, settings).lack(of: byteCount))))
                return try await waiting(outcome, forRoomFor: byteCount, of: request, staging, settings)
            }
            if failure.leavesNothingToGoOnWith { try await drop(of: request) }
            return try await waiting(judge(failure), of: request, staging, settings)
        } catch let error as SystemError {
            return try await waiting(OutcomeJudge.judge(error, model: request.idWord), of: request, staging, settings)
        }
    }

    /// Goes on with what an earlier try left, when it was for the same file from the same place. Blocks.
    private func takeUp(_ source: Source, _ request: FetchRequest) throws -> PartialDownload {
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
        _ source: Source, _ request: FetchRequest, _ settings: Settings, _ partial: PartialDownload, _ descriptor: Lending,
        upTo ceiling: Int64, _ progress: @escaping @Sendable (Int64, Int64?) -> Void
    ) async throws(TransferFailure) -> DownloadResult {
        let download = DownloadRequest(
            url: source.url, resume: partial.resume(bootID: PartialDownload.currentBootID), addresses: settings.addresses,
            isExemptFromAddressPolicy: source.isConfigured, maximumByteCount: ceiling)
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
        _ result: DownloadResult, _ source: Source, _ request: FetchRequest, _ settings: Settings, _ partial: PartialDownload
    ) async throws -> Outcome {
        guard let sha1 = result.sha1, let sha256 = result.sha256 else {
            return .retry(after: nil, kind: .local, because: "the digests are missing", hint: nil)
        }
        let hashed = HashedFile(identity: result.identity, sha1: sha1, sha256: sha256, at: clock.now)
        if let mismatch = mismatch(result, hashed, source, request) {
            await discard(partial, of: request)
            return mismatch
        }
        let outcome = try await placer.place(hashed, partial, modes: settings.modes, for: request)
        if outcome == .done {
            try? await lane.run { try store.setPartial(nil, of: request.file, in: request.model) }
            CrashPoint.reach("fetch.forgotten")
        }
        return outcome
    }

    /// Nil when what came is what the info says, or when it says nothing and this does not look like a page.
    private func mismatch(_ result: DownloadResult, _ hashed: HashedFile, _ source: Source, _ request: FetchRequest) -> Outcome? {
        let page = LooksLike.page(firstBytes: result.firstBytes, contentType: result.contentType)
        let expected = request.declared
        let known = request.memory
        let isRight = expected.sha1 != nil || expected.sha256 != nil ? known.accepts(hashed, expected) : page == nil
        guard !isRight else { return nil }
        let seen =
            page.map { "\($0), \(result.byteCount) bytes" } ?? "\(result.byteCount) bytes with sha1 \(hashed.sha1?.description ?? "?")"
        let wanted = expected.sha1.map { " instead of sha1 \($0)" } ?? " instead of a model"
        return .retry(
            after: 6 * 3600, kind: .verification, because: "\(source.url) serves \(seen)\(wanted)",
            hint: "correct caffemodel_url or sha1 in the readme, then: zooctl fetch \(request.idWord)")
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
        var news: [NewEvent] = []
        if case .retry(_, let kind, let because, _) = outcome, kind == .verification {
            news.append(NewEvent(at: now, kind: .binaryMismatch, model: request.model, message: because))
        }
        try await events.record(request.model, news) { memory in
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
