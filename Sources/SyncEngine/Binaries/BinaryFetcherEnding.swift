import FoundationEssentials
import ModelInfo
import Planning
import SystemIO
import Transfers

/// What becomes of bytes that have come.
extension BinaryFetcher {
    /// The bytes are all there: are they the right ones?
    func finish(
        _ result: DownloadResult, _ source: BinarySource, _ request: FetchRequest, _ settings: Settings, _ partial: PartialDownload
    ) async throws -> End {
        guard let sha1 = result.sha1, let sha256 = result.sha256 else {
            return .failedHere(.retry(after: nil, kind: .local, because: "the digests are missing", hint: nil))
        }
        let hashed = HashedFile(identity: result.identity, sha1: sha1, sha256: sha256, at: clock.now)
        let served = ServedContent(url: source.url, request: request)
        let page = served.page(result)
        guard request.accepts(hashed, page) else {
            try? await drop(partial, of: request)
            // A prefix that was not what it seemed is the reason as well as the source; it is asked from zero before it is blamed.
            return .failedThere(
                result.resumedAt > 0 ? .done : try await blame(source, for: served.words(of: result, hashed, page), page, request))
        }
        // Whatever a placement writes down on its way, the download stays known: it is not fetched again when its name has to wait.
        var whole = partial
        (whole.validator, whole.totalByteCount, whole.synced) = (result.validator, result.byteCount, ByteRanges(0..<result.byteCount))
        whole.bootID = PartialDownload.currentBootID
        return try await place(hashed, whole, settings, request)
    }

    private func place(
        _ hashed: HashedFile, _ partial: PartialDownload, _ settings: Settings, _ request: FetchRequest, from known: KnownFile? = nil
    ) async throws -> End {
        let outcome = try await placer.place(
            hashed, partial, modes: settings.modes, minimumFree: settings.minimumFree, for: request, from: known)
        return outcome == .done ? .placed : .failedHere(outcome)
    }

    /// Remembers that a source served other bytes.
    func blame(_ source: BinarySource, for because: String, _ page: String?, _ request: FetchRequest) async throws -> Outcome {
        let (now, digest) = (clock.now, request.digest ?? "")
        let before = try await lane.run { try store.badSources(for: digest)[source.url] }
        let bad = BadSource(
            isPage: page != nil, because: because,
            hint: "correct \(request.declared.correctableKeys) in the readme, then: zooctl fetch \(request.idWord)",
            after: before, at: now)
        try await events.recordBadSource(
            bad, source.url, for: digest, NewEvent(at: now, kind: .binaryMismatch, model: request.model, message: because))
        CrashPoint.reach("fetch.blamed")
        return bad.outcome
    }

    /// What came of a file that is here already.
    enum Copying {
        case settled
        /// There is none that may be copied.
        case none
        /// There is one, and no room for another. The outcome is what to tell when nobody else has it.
        case hasNoRoom(Outcome)
    }

    /// Takes it from a file that is here already.
    func copy(
        _ request: FetchRequest, _ settings: Settings, _ progress: @escaping @Sendable (Int64, Int64?) -> Void
    ) async throws -> Copying {
        guard let staging = request.zoo.staging else { return .none }
        let copy: LocalCopies.Copy
        switch try await take(request, in: staging, settings, progress) {
        case .none: return .none
        case .made(let made): copy = made
        case .hasNoRoom(let byteCount):
            let lack = try await lane.run { room(in: staging, settings).lack(of: byteCount) }
            let judged = OutcomeJudge.judge(lack, model: request.idWord)
            guard case .retry(_, .space, let because, let hint) = judged else { return .hasNoRoom(judged) }
            return .hasNoRoom(.needsRoom(byteCount: byteCount, because: because, hint: hint))
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
        return .settled
    }

    private func take(
        _ request: FetchRequest, in staging: Staging, _ settings: Settings, _ progress: @escaping @Sendable (Int64, Int64?) -> Void
    ) async throws -> LocalCopies.Taking {
        try await copies.take(for: request, in: staging, settings, progress) { try await events.record(beginning(of: request)) }
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

    /// Forgets what came so far, and nothing else of that file; where the file system lets nothing be removed, the next start does.
    func drop(_ partial: PartialDownload, of request: FetchRequest) async throws {
        try await lane.run {
            try? request.zoo.staging?.downloads.remove(partial.stagingName)
            _ = try store.forgetPartial(named: partial.stagingName, of: request.file, in: request.model)
        }
    }

    /// Removes what never became the download that is remembered: another source's is, still.
    func giveWay(_ partial: PartialDownload, of request: FetchRequest) async {
        try? await lane.run {
            guard try store.partial(of: request.file, in: request.model)?.stagingName != partial.stagingName else { return }
            try request.zoo.staging?.downloads.remove(partial.stagingName)
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

    /// - Parameter source: Whose word it is, where it is one's.
    func leave(_ outcome: Outcome, of request: FetchRequest, by source: BinarySource? = nil) async throws {
        let (now, chance, file) = (clock.now, chance.fraction(), request.file)
        let about = request.declared.fetchMark
        let pause = source.flatMap { hosts.records(of: [$0.host])[$0.host]?.pauseAskedFor(by: $0.host, now) }
        try await events.record(file, of: request.model) {
            var trouble = Trouble.left(by: outcome, about: about, before: $0.binary.trouble, now: now, chance: chance)
            // Who was refused with those words waits like all others.
            if let pause, trouble?.kind == .network, trouble?.pause == nil { trouble?.pause = pause }
            $0.binary.trouble = trouble
            return []
        }
    }
}

extension DeclaredBinary {
    /// What of the readme may be wrong where something else is served.
    fileprivate var correctableKeys: String {
        sha1 != nil ? "caffemodel_url or sha1" : sha256 != nil ? "caffemodel_url or sha256" : "caffemodel_url"
    }
}
