import Foundation
import Logging
import ModelInfo
import Planning
import Synchronization
import SystemIO
import SystemPackage
import Transfers
import ZooTestSupport

@testable import SyncEngine

/// The rooms of the engine around one temporary zoo, without a process: passes run as the test asks for them.
struct RoomsUnderTest {
    let directory: FilePath
    let zoo: Zoo
    let store: StateStore
    let events: EventLog
    let host: HostUnderTest
    let downloads = DownloadsUnderTest()
    let gate: GistGate
    let queue: LookQueue
    let board = StatusBoard()
    let jobs: JobDesk
    let health: HealthBoard
    let brake: BrakeGate
    let workshop: BinaryWorkshop
    let editor: ReadmeEditor
    let publisher: GistPublisher
    let observer: ModelObserver
    let performer: Performer
    let reconciler: Reconciler
    let clock: any DaemonClock

    /// - Parameters:
    ///   - zoo: Of earlier rooms in the same directory, as after a restart.
    ///   - settling: Seconds.
    ///   - gistHost: In place of ``host``.
    ///   - git: What merges.
    init(
        in directory: FilePath, zoo: Zoo? = nil, mirrors: [String] = [], minimumFree: Int64 = 0, settling: TimeInterval = 0,
        createsGists: Bool = true, clock: any DaemonClock = SystemClock(), gistHost: (any GistHost)? = nil,
        git: GitProgram = GitProgram()
    ) async throws {
        (self.directory, self.clock, health) = (directory, clock, HealthBoard(clock: clock))
        try FileManager.default.createDirectory(atPath: directory.appending("zoo").string, withIntermediateDirectories: true)
        self.zoo = try zoo ?? Zoo.open(ZooConfiguration(path: directory.appending("zoo")))
        store = try StateStore(directory: directory, now: clock.now)
        brake = try await BrakeGate(store: store)
        events = try await EventLog(store: store)
        host = HostUnderTest(try LocalGistHost(directory: directory.appending("gists")))
        gate = try await GistGate(.usable(gistHost ?? host), store: store, clock: clock, health: health)
        queue = LookQueue(clock: clock, settling: .init(quiet: settling, atMost: settling))
        jobs = try await JobDesk(store: store, clock: clock)
        let lane = BlockingLane(label: "test", width: 2)
        let (zoo, queue, health) = (self.zoo, queue, health)
        let look = { @Sendable (zoo: Zoo) in try? zoo.staging?.room(leaving: { _ in minimumFree }) }
        workshop = BinaryWorkshop(
            fetcher: BinaryFetcher(
                downloads: downloads, store: store, events: events,
                placer: BinaryPlacer(store: store, events: events, lane: lane, copies: lane, clock: clock),
                copies: LocalCopies(
                    zoos: [zoo], store: store, events: events, lane: lane, clock: clock, chance: .system, mark: { await queue.mark([$0]) }),
                hosts: try HostBook(store: store, clock: clock, chance: .system),
                lane: lane, clock: clock, chance: .system,
                settings: { BinaryFetcher.Settings(mirrors: mirrors, minimumFree: { _ in minimumFree }) }),
            verifier: BinaryVerifier(
                store: store, events: events, lane: lane, clock: clock, chance: .system, bandwidth: SharedBandwidth { nil }),
            parallelFetches: 1, mark: { model, _, _ in await queue.mark([model]) }, readingsEnded: { await queue.mark($0) },
            stateFailed: { model, error in await health.note(.stateFailing, met: model, because: "\(error)") })
        editor = ReadmeEditor(store: store, events: events, lane: lane, clock: clock, chance: .system)
        let troubles = GistTroubles(events: events, clock: clock, chance: .system)
        let reader = GistReader(gate: gate, store: store, events: events, clock: clock, maximumFileSize: { 1 << 20 })
        publisher = GistPublisher(
            gate: gate, reader: reader, troubles: troubles, store: store, events: events, clock: clock, chance: .system,
            jobs: jobs)
        let writer = ModelFileWriter(store: store, clock: clock, settings: { ModelFileWriter.Settings() })
        let integrator = GistIntegrator(
            merge: ThreeWayMerge(directory: directory.appending("merges"), git: git), writer: writer, store: store, events: events,
            troubles: troubles, lane: lane, clock: clock)
        let remover = GistRemover(gate: gate, store: store, events: events, troubles: troubles, clock: clock, jobs: jobs)
        observer = ModelObserver(lane: lane, cards: CardShelf())
        performer = Performer(
            publisher: publisher, reader: reader, integrator: integrator, remover: remover, troubles: troubles,
            adder: ModelAdder(
                gate: gate, reader: reader, store: store, events: events, lane: lane, clock: clock, chance: .system,
                settings: { ModelAdder.Settings() }),
            editor: editor,
            restorer: VersionRestorer(writer: writer, store: store, events: events, lane: lane, clock: clock, chance: .system),
            workshop: workshop, brake: brake, clock: clock)
        reconciler = Reconciler(
            zoos: [zoo.name: zoo], queue: queue, observer: observer,
            askedLook: AskedLook(zoos: [zoo], startedAt: .distantPast, clock: clock),
            performer: performer,
            store: store, events: events, board: board, brake: brake, claims: ClaimRegistry(), gate: gate, workshop: workshop,
            roomWatch: RoomWatch(clock: clock, look: look, mark: { await queue.mark($0) }), jobs: jobs, health: health, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            settings: {
                var policy = Policy()
                policy.createsGists = createsGists
                if gistHost != nil { policy.host = .github }
                return (policy, ModelObserver.Settings())
            })
    }

    func id(_ path: String) throws -> ModelID { ModelID(zoo: zoo.name, path: try RelativePath(path)) }

    func write(_ text: String, to path: String) throws {
        let file = directory.appending("zoo").appending(path)
        try FileManager.default.createDirectory(atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file.string))
    }

    func text(of path: String) throws -> String {
        try String(contentsOfFile: directory.appending("zoo").appending(path).string, encoding: .utf8)
    }

    /// What a pass would see of a model now.
    func view(of path: String) async throws -> (ModelView, PresentModel) {
        let id = try id(path)
        let disk = await observer.look(at: id, in: zoo, ModelObserver.Settings())
        guard case .present(let model) = disk else { throw CocoaError(.fileNoSuchFile) }
        return (ModelView(id: id, disk: disk, memory: try await store.memory(of: id)), model)
    }

    /// Marks models and lets the lanes run until nothing is due and `condition` holds.
    func work(on paths: [String], until condition: () async throws -> Bool) async throws {
        let lanes = Task { await reconciler.run() }
        await queue.mark(try paths.map(id))
        try await eventually("nothing is due and the condition holds", within: .seconds(30)) {
            guard await queue.isDrained else { return false }
            return try await condition()
        }
        await queue.close()
        await workshop.stop()
        await lanes.value
    }
}

/// A local host that can be told to fail, and that counts what it is asked.
final class HostUnderTest: GistHost {
    struct Script {
        /// Thrown instead of asking the host.
        var outage: GistFailure?
        /// The next update is carried out, and this is thrown.
        var afterUpdate: GistFailure?
        /// What somebody else changes between the reading before the next update and that update.
        var beforeUpdate: [String: String?]?
        /// What the next update does not tell of the revision that it made.
        var updateTells = Told.everything
        /// What the next read tells in the place of the newest revision and its parent.
        var lag: (revision: String?, parent: String?)?
        /// Revisions but the newest are said not to be there.
        var losesRevisions = false
        /// Runs when a gist has just been made.
        var afterCreation: (@Sendable () async -> Void)?
        var requests = 0
    }

    /// With `lagging` the next read does not tell it either.
    enum Told { case everything, noRevision, revisionBefore, lagging }

    let kind = GistHostKind.local
    let inner: LocalGistHost
    private let script = Mutex(Script())

    init(_ inner: LocalGistHost) { self.inner = inner }

    func change(_ body: (inout Script) -> Void) { script.withLock { body(&$0) } }

    var requests: Int { script.withLock { $0.requests } }

    private func ask() throws(GistFailure) {
        let outage = script.withLock {
            $0.requests += 1
            return $0.outage
        }
        if let outage { throw outage }
    }

    func create(_ draft: GistDraft) async throws(GistFailure) -> Gist {
        try ask()
        let gist = try await inner.create(draft)
        let afterwards = script.withLock { $0.afterCreation }
        await afterwards?()
        return gist
    }

    func read(_ id: GistID) async throws(GistFailure) -> Gist {
        try ask()
        var gist = try await inner.read(id)
        let lag = script.withLock { script in
            defer { script.lag = nil }
            return script.lag
        }
        if let lag { (gist.revision, gist.parent) = lag }
        return gist
    }

    func update(_ id: GistID, _ change: GistChange) async throws(GistFailure) -> Gist {
        try ask()
        let foreign = script.withLock { script in
            defer { script.beforeUpdate = nil }
            return script.beforeUpdate
        }
        let before = try await inner.read(id)
        if let foreign { _ = try await inner.update(id, GistChange(files: foreign)) }
        var gist = try await inner.update(id, change)
        let (failure, told) = script.withLock { script in
            defer { (script.afterUpdate, script.updateTells) = (nil, .everything) }
            return (script.afterUpdate, script.updateTells)
        }
        if let failure { throw failure }
        switch told {
        case .everything: break
        case .noRevision: (gist.revision, gist.parent) = (nil, nil)
        case .revisionBefore, .lagging: (gist.revision, gist.parent) = (before.revision, before.parent)
        }
        if told == .lagging { script.withLock { $0.lag = (before.revision, before.parent) } }
        return gist
    }

    func delete(_ id: GistID) async throws(GistFailure) { try await inner.delete(id) }

    func read(_ id: GistID, at revision: String) async throws(GistFailure) -> Gist {
        try ask()
        if script.withLock({ $0.losesRevisions }) { throw .notFound("no commit found for \(revision)") }
        return try await inner.read(id, at: revision)
    }

    func revisions(of id: GistID, limit: Int) async throws(GistFailure) -> [HostedRevision] {
        try ask()
        return try await inner.revisions(of: id, limit: limit)
    }

    func listing(_ request: GistListingRequest) async throws(GistFailure) -> GistListing {
        try ask()
        return try await inner.listing(request)
    }

    func own(since: Date) async throws(GistFailure) -> [GistSummary] { try await inner.own(since: since) }
    func account() async throws(GistFailure) -> GistAccount { try await inner.account() }
}

/// A network on which no host is reached, or all fails in another way.
final class DownloadsUnderTest: Downloads {
    private let asked = Mutex<[String]>([])
    private let failure = Mutex(TransferFailure(.connect("no route")))

    /// What was asked for, in order.
    var urls: [String] { asked.withLock { $0 } }

    func fail(with other: TransferFailure) { failure.withLock { $0 = other } }

    func download(
        _ request: DownloadRequest, to destination: borrowing OwnedDescriptor,
        onStart: @escaping @Sendable (DownloadStart) throws(TransferFailure) -> Void,
        onProgress: @escaping @Sendable (DownloadProgress) throws(TransferFailure) -> Void,
        onSynced: @escaping @Sendable (ByteRanges) -> Void
    ) async throws(TransferFailure) -> DownloadResult {
        asked.withLock { $0.append(request.url) }
        throw failure.withLock { $0 }
    }
}
