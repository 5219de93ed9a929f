import ControlProtocol
import FoundationEssentials
import Glibc
import ModelInfo
import Planning

/// The running daemon as its API sees it: the rooms that answer questions, and the few things that a person may ask for.
struct Daemon: Sendable {
    let startedAt: Date
    let store: StateStore
    let board: StatusBoard
    let jobs: JobDesk
    let queue: LookQueue
    let workshop: BinaryWorkshop
    let downloadLimit: DownloadLimit
    let importer: BinaryImporter
    /// What was read for verification.
    let readings: ReadingCounter
    let brake: BrakeGate
    let history: VersionHistory
    let trash: TrashShelf
    let garbage: GarbageCollector
    let events: EventLog
    let health: HealthBoard
    let phase: DaemonPhase
    let clock: any DaemonClock
    let configuration: ConfigurationInForce
    let doctor: Doctor
    let gists: GistRequests
    let owners: OwnersShare
    /// What would be done with a model now.
    let foresee: @Sendable (StatusBoard.Entry) async throws -> Foresight
    let rescan: @Sendable () async -> Void
    /// Asks the gist host for changes of all gists.
    let poll: @Sendable () async -> Void
    let reload: @Sendable () async throws(ControlError) -> ReloadReport

    func daemonStatus() async -> DaemonStatus {
        var state = await phase.now
        if state == .running, await health.isDegraded { state = .degraded }
        return DaemonStatus(
            version: ProjectVersion.current, pid: getpid(), startedAt: startedAt, state: state,
            configuration: configuration.current.file?.string)
    }

    /// - Parameters:
    ///   - isShort: `view=table`.
    ///   - limit: At most so many models after the id `after`.
    func status(isShort: Bool, limit: Int?, after: String?) async -> StatusReport {
        let models = await models(isShort: isShort)
        var shown = models[...]
        if let after { shown = shown.drop { $0.id <= after } }
        if let limit { shown = shown.prefix(limit) }
        return StatusReport(
            daemon: await daemonStatus(), summary: StatusSummary(models), models: Array(shown),
            verification: await verification, health: await health.items, limit: downloadLimit.report.status)
    }

    /// How far the stored binaries have been read again.
    var verification: VerificationStatus {
        get async { await board.verification(now: clock.now, every: configuration.current.configuration.verify.every?.seconds) }
    }

    func models(isShort: Bool) async -> [ModelStatus] {
        let work = await workshop.allWork()
        var models: [ModelStatus] = []
        for entry in await board.all {
            let id = await board.shortID(entry.view.id)
            models.append(ModelStatus(entry, id: id, work: work[entry.view.id] ?? [:], isShort: isShort))
        }
        return models.sorted { $0.id < $1.id }
    }

    func report(on id: ModelID) async throws -> ModelReport? {
        guard let entry = await board[id] else { return nil }
        let shortID = await board.shortID(id)
        let status = ModelStatus(entry, id: shortID, work: await workshop.work(of: id), isShort: false)
        let files = entry.view.reading?.publishable ?? [:]
        let history = try await store.newestEvents(50, of: id)
        // Several events may tell of one revision: it was noticed, it was brought here.
        var told: Set<String> = []
        let revisions = history.compactMap { recorded -> GistRevision? in
            guard let revision = recorded.event.details["revision"], !revision.isEmpty, told.insert(revision).inserted else { return nil }
            return GistRevision(revision: revision, time: recorded.event.at)
        }
        return ModelReport(
            model: status,
            published: files.map { PublishedFile(name: $0.key, byteCount: Int($0.value.identity.size)) }.sorted { $0.name < $1.name },
            skipped: entry.view.reading?.skipped ?? [], prototxts: entry.view.reading?.prototxts ?? [], revisions: revisions,
            history: history.map { EventRecord($0, model: shortID) }, plan: try await plan(entry))
    }

    /// Plans anew, by the very function that the lanes use.
    func plan(_ ids: [ModelID]) async throws -> PlanReport {
        var plans: [ModelPlan] = []
        for id in ids {
            guard let entry = await board[id] else { continue }
            plans.append(try await plan(entry))
        }
        return PlanReport(models: plans)
    }

    private func plan(_ entry: StatusBoard.Entry) async throws -> ModelPlan {
        let id = entry.view.id
        return try await foresee(entry).plan(id: await board.shortID(id), isPending: await queue.isPending(id))
    }

    /// Records a job and has its models looked at.
    func start(_ kind: Goal.Kind, on models: [ModelID], by uid: UInt32) async throws -> StoredJob {
        let job = try await jobs.start(kind, models: models, uid: uid)
        await gists.gate.tryNow()
        await queue.mark(models)
        return job
    }

    /// The choices of a request to publish. What it allows is found again by what stands there now.
    func wish(_ request: PublishRequest, for id: ModelID) async throws -> PublishWish {
        try await checkVisibility(request, of: id)
        guard !request.allowSecrets.isEmpty else { return try await wish(request, for: id, nil) }
        guard let entry = await board[id] else { throw Self.absent(id) }
        return try await wish(request, for: id, try await foresee(entry))
    }

    private func wish(_ request: PublishRequest, for id: ModelID, _ foresight: Foresight?) async throws -> PublishWish {
        let allowed = try foresight?.secrets(at: request.allowSecrets, of: await board.shortID(id)) ?? []
        return PublishWish(
            isPublic: request.visibility.map { $0 == .public }, replacesID: request.replaceID, allowedSecrets: allowed)
    }

    /// No host makes a public gist secret, and what is out cannot be called back; GitHub cannot make a secret one public by its API either.
    private func checkVisibility(_ request: PublishRequest, of id: ModelID) async throws {
        guard let wanted = request.visibility, let gist = try await store.memory(of: id).gist, let isPublic = gist.isPublic,
            isPublic != (wanted == .public)
        else { return }
        let word = ShellWord.of(await board.shortID(id))
        throw ControlError(
            .held, "gist \(gist.id) of \(id.path) is \(isPublic ? "public" : "secret"), and that cannot be changed",
            hint: "to have it \(wanted.rawValue), delete it and publish anew: zooctl unpublish \(word); "
                + "then: zooctl publish \(word) --\(wanted.rawValue)",
            details: ["gist": gist.id.description])
    }

    /// Why nothing is sent where no more is to be said of it.
    private static func words(_ state: GistState, owner: String?) -> String {
        switch state {
        case .readOnly: "its gist belongs to \(owner ?? "somebody else"), and is only followed"
        case .pulling: "what its gist holds comes here first"
        case .pending: "it waits for its turn"
        default: "its gist is \(state.rawValue)"
        }
    }

    private static func absent(_ id: ModelID) -> ControlError {
        ControlError(.noSuchModel, "\(id.path) is not there", hint: "zooctl status")
    }

    /// What `publish` would send, and what stands against it. Sends nothing.
    func publishPreview(of id: ModelID, _ request: PublishRequest) async throws -> PublishReport {
        guard let entry = await board[id] else { throw Self.absent(id) }
        try await checkVisibility(request, of: id)
        let foresight = try await foresee(entry)
        let wish = try await self.wish(request, for: id, foresight)
        guard let reading = foresight.reading(allowing: wish) else {
            throw ControlError(.noSuchModel, "\(await board.shortID(id)): \(entry.plan.note ?? "it is not there")", hint: entry.plan.hint)
        }
        let (gists, memory) = (configuration.current.configuration.gists, entry.view.memory)
        let name = reading.card?.name ?? id.path.name
        let files = reading.publishable.mapValues { Int($0.identity.size) }
        let isPublic = memory.gist?.isPublic ?? request.visibility.map { $0 == .public } ?? (gists.visibility == .public)
        var gist = foresight.plan(asking: .publish(wish)).gist
        // Asking for it is a reason to try again what stands in its way, and that does not say what this is.
        if gist.note == nil, gist.state != .publishing, gist.state != .inSync { gist = foresight.plan(asking: nil).gist }
        let goes = gist.state == .publishing || gist.state == .inSync
        return PublishReport(
            dryRun: true, model: await board.shortID(id), host: gists.host.rawValue, visibility: isPublic ? .public : .secret,
            description: name, files: files.map { PublishedFile(name: $0.key, byteCount: $0.value) }.sorted { $0.name < $1.name },
            newFiles: files.keys.filter { memory.gist?.everPublished.contains($0) != true }.sorted(),
            problems: (reading.diagnostics + entry.plan.diagnostics).filter { $0.severity == .error }, gist: memory.gist?.id,
            url: memory.gist?.url, revision: memory.gist?.revision,
            secrets: reading.diagnostics.filter { $0.code == .secretFound || $0.code == .secretAllowed },
            obstacle: goes ? nil : gist.note ?? Self.words(gist.state, owner: memory.gist?.owner), hint: gist.hint)
    }
}
