import ControlProtocol
import FoundationEssentials
import Glibc
import Logging
import ModelInfo
import Planning
import ServiceLifecycle
import SystemIO
import SystemPackage
import Systemd
import Transfers

/// Wires everything once: the rooms of the daemon, and the services that run in them.
public struct Engine: Sendable {
    /// What is shared by all rooms.
    let logger: Logger
    let clock: any DaemonClock
    let zoos: [Zoo]
    let watchers: [ZooWatcher]
    let daemon: Daemon
    let reconciler: Reconciler
    let polling: GistPolling
    let expiry: TrashExpiry
    let control: ControlServer
    /// Held as long as this process uses the state.
    private let stateLock: FileLock

    /// Opens state, zoos and hosts; nothing runs yet.
    /// - Parameters:
    ///   - source: Asked again at each reload.
    ///   - downloads: Nil takes libcurl.
    /// - Throws: `StartProblem`, when there is nothing to run with.
    public init(
        _ loaded: LoadedConfiguration, source: ConfigurationSource, environment: [String: String], logger: Logger,
        clock: any DaemonClock = SystemClock(), chance: Chance = .system, downloads: (any Downloads)? = nil
    ) async throws {
        (self.logger, self.clock) = (logger, clock)
        let state = try StateDirectory(loaded.state)
        stateLock = state.lock
        let store = try StateStore(directory: loaded.state, now: clock.now)
        let (health, board, claims, brake) = (HealthBoard(clock: clock), StatusBoard(), ClaimRegistry(), try await BrakeGate(store: store))
        if let sentence = store.setAside { await health.raise(.stateSetAside(sentence)) }
        zoos = try await Self.openZoos(loaded.configuration.zoos, health)
        try store.finishInPlaceEdits(in: zoos)
        try Self.sweepStaging(store, zoos, clock)

        let inForce = ConfigurationInForce(loaded, gate: Self.gate(loaded.configuration))
        let lane = BlockingLane(label: "zood.disk", width: 4)
        let zone = MachineZone()
        await health.watch {
            let every = inForce.current.configuration.verify.every
            return .verifyOverdue(await board.verification(now: clock.now, every: every?.seconds), every: every)
        }
        let events = try await EventLog(store: store)
        let gate = try await GistGate(
            await Self.host(loaded, environment: environment, health), store: store, clock: clock, health: health)
        let queue = LookQueue(clock: clock, settling: .init(loaded.configuration.watch))
        let configuration = { @Sendable in inForce.current.configuration }
        let limit = try await DownloadLimit(store: store) { configuration().binaries.bandwidth?.bytesPerSecond }
        let readingCounter = ReadingCounter()
        let downloads =
            downloads
            ?? DownloadClient(
                settings: { configuration().networkSettings }, workers: BinaryConfiguration.mostParallel,
                connections: { configuration().binaries.connections }, bandwidth: SharedBandwidth { limit.bytesPerSecond })
        let roomWatch = RoomWatch(
            clock: clock,
            look: { zoo in try? await lane.run { try zoo.staging?.room(leaving: BinaryFetcher.Settings(configuration()).minimumFree) } },
            mark: { await queue.mark($0) })
        let expiry = TrashExpiry(zoos: zoos, store: store, lane: lane, clock: clock, logger: logger)
        self.expiry = expiry
        let copying = BlockingLane(label: "zood.copies", width: 2)
        let placements = OwnPlacements()
        let placer = BinaryPlacer(store: store, events: events, lane: lane, copies: copying, clock: clock, placements: placements)
        let workshop = BinaryWorkshop(
            fetcher: BinaryFetcher(
                downloads: downloads, store: store, events: events,
                placer: placer,
                copies: LocalCopies(
                    zoos: zoos, store: store, events: events, lane: copying, clock: clock, chance: chance,
                    mark: { await queue.mark([$0]) }),
                hosts: try HostBook(store: store, clock: clock, chance: chance),
                lane: lane, clock: clock, chance: chance, settings: { BinaryFetcher.Settings(configuration()) }),
            verifier: BinaryVerifier(
                store: store, events: events, lane: BlockingLane(label: "zood.verify", width: ReadingRoom.readersOfAKind), clock: clock,
                chance: chance, bandwidth: SharedBandwidth { configuration().verify.bandwidth?.bytesPerSecond },
                isWindowOpen: { zone.isOpen(configuration().verify.window, at: clock.now) }, counter: readingCounter),
            parallelFetches: loaded.configuration.binaries.parallel,
            mark: { model, isDone, mayHaveReplaced in
                // A model with many binaries is not looked at for each: the others are soon over, too.
                if isDone { await queue.mark([model]) } else { await queue.wake(model, at: clock.now.addingTimeInterval(0.1)) }
                await roomWatch.check()
                if mayHaveReplaced { await expiry.workEnded() }
            },
            readingsEnded: { await queue.mark($0) },
            stateFailed: { model, error in
                await health.note(.stateFailing, met: model, because: "\(error)")
                await queue.wake(model, at: clock.now.addingTimeInterval(Reconciler.pauseAfterStateFailure))
            })
        let jobs = try await JobDesk(store: store, clock: clock)
        let merge = ThreeWayMerge(directory: loaded.state.appending("merges"))
        merge.clean()
        let comparison = FileComparison(directory: loaded.state.appending("comparisons"))
        comparison.clean()
        let troubles = GistTroubles(events: events, clock: clock, chance: chance)
        let reader = GistReader(
            gate: gate, store: store, events: events, clock: clock,
            maximumFileSize: { configuration().gists.maximumFileSize.byteCount })
        let writer = ModelFileWriter(store: store, clock: clock, settings: { ModelFileWriter.Settings(configuration()) })
        let askedLook = AskedLook(zoos: zoos, startedAt: clock.now, clock: clock)
        let integrator = GistIntegrator(
            merge: merge, writer: writer, store: store, events: events, troubles: troubles,
            lane: BlockingLane(label: "zood.merge", width: 1), clock: clock)
        let restorer = VersionRestorer(writer: writer, store: store, events: events, lane: lane, clock: clock, chance: chance)
        reconciler = Reconciler(
            zoos: Dictionary(uniqueKeysWithValues: zoos.map { ($0.name, $0) }), queue: queue,
            observer: ModelObserver(lane: lane, startedAt: clock.now, cards: CardShelf()),
            askedLook: askedLook,
            performer: Performer(
                publisher: GistPublisher(
                    gate: gate, reader: reader, troubles: troubles, store: store, events: events, clock: clock, chance: chance,
                    jobs: jobs),
                reader: reader,
                integrator: integrator,
                remover: GistRemover(gate: gate, store: store, events: events, troubles: troubles, clock: clock, jobs: jobs),
                troubles: troubles,
                adder: ModelAdder(
                    gate: gate, reader: reader, store: store, events: events, lane: lane, clock: clock, chance: chance,
                    settings: { ModelAdder.Settings(configuration()) }),
                editor: ReadmeEditor(store: store, events: events, lane: lane, clock: clock, chance: chance),
                restorer: restorer,
                workshop: workshop, brake: brake, clock: clock),
            store: store, events: events, board: board, brake: brake, claims: claims, gate: gate, workshop: workshop,
            roomWatch: roomWatch, jobs: jobs, health: health, clock: clock, logger: logger,
            settings: {
                let now = clock.now
                var policy = Policy(configuration(), zone.hours(configuration().verify.window, at: now))
                policy.zone = zone.offsets(around: now)
                return (policy, ModelObserver.Settings(configuration()))
            })

        let polling = GistPolling(
            gate: gate, store: store, queue: queue, clock: clock, chance: chance, logger: logger,
            settings: { GistPolling.Settings(configuration().gists) },
            isVanished: { model in if case .absent? = await board[model]?.view.disk { true } else { false } })
        self.polling = polling

        let marks = Marks(queue: queue, board: board, store: store, clock: clock)
        var watchers: [ZooWatcher] = []
        for zoo in zoos {
            watchers.append(
                await ZooWatcher(zoo: zoo, lane: lane, health: health, placements: placements) { await marks.take($0, of: zoo) })
        }
        self.watchers = watchers
        let reloading = Reloading(
            source: source, environment: environment, inForce: inForce, queue: queue, gate: gate, health: health, board: board, store: store
        )
        let shelf = TrashShelf(zoos: zoos, store: store, events: events, lane: BlockingLane(label: "zood.trash", width: 2), clock: clock)
        daemon = Daemon(
            startedAt: clock.now, store: store, board: board, jobs: jobs, queue: queue, workshop: workshop, downloadLimit: limit,
            importer: BinaryImporter(
                store: store, placer: placer, workshop: workshop, lane: BlockingLane(label: "zood.import", width: 2), clock: clock,
                chance: chance, settings: { BinaryFetcher.Settings(configuration()) }),
            readings: readingCounter, brake: brake,
            history: VersionHistory(store: store, comparison: comparison, lane: BlockingLane(label: "zood.history", width: 1)),
            trash: shelf,
            garbage: GarbageCollector(
                zoos: zoos, store: store, events: events, shelf: shelf, board: board, workshop: workshop,
                lane: BlockingLane(label: "zood.garbage", width: 1), clock: clock),
            events: events, health: health, phase: DaemonPhase(), clock: clock, configuration: inForce,
            doctor: Doctor(
                zoos: ZooDoctor(zoos: zoos, clock: clock), store: store, health: health, configuration: inForce, gate: gate, board: board,
                environment: environment, clock: clock),
            gists: GistRequests(
                zoos: zoos, gate: gate, reader: reader, catalogs: CatalogReader(directory: loaded.state, configuration: configuration),
                store: store, events: events, board: board, queue: queue, workshop: workshop, askedLook: askedLook,
                clock: clock, configuration: configuration),
            owners: OwnersShare(
                integrator: integrator, restorer: restorer, writer: writer, lane: BlockingLane(label: "zood.owners", width: 1)),
            foresee: { [reconciler] in try await reconciler.foresight(on: $0) },
            rescan: { [watchers] in for watcher in watchers { await watcher.rescan() } },
            poll: { await polling.pollNow(waitingAtMost: 10) },
            reload: { [zoos] () async throws(ControlError) in
                ServiceNotification.reloading()
                defer { ServiceNotification.ready(status: Self.status(of: zoos)) }
                let report = try await reloading.reload()
                await polling.configurationChanged()
                // Nobody waits for a host that may be slow.
                Task { _ = try? await polling.tellOwn() }
                await workshop.use(parallelFetches: configuration().binaries.parallel)
                return report
            })
        control = Self.controlServer(loaded, daemon, logger: logger)
    }

    private static func openZoos(_ configured: [ZooConfiguration], _ health: HealthBoard) async throws -> [Zoo] {
        var zoos: [Zoo] = []
        for configuration in configured {
            do throws(ZooProblem) {
                let zoo = try Zoo.open(configuration)
                if let refusal = zoo.refusal { await health.raise(.zooReadOnly(zoo: zoo.name, because: refusal)) }
                if let kind = try? FileSystemKind.of(zoo.root), kind.isNetwork {
                    await health.raise(.networkFileSystem(zoo: zoo.name, kind: kind.name))
                }
                zoos.append(zoo)
            } catch {
                // A zoo of another zood is a mistake in the set-up; one that is missing may be a disk that is not mounted.
                if error.kind == .taken || configured.count == 1 { throw StartProblem(error) }
                await health.raise(.zooMissing(error, zoo: configuration.name))
            }
        }
        if zoos.isEmpty { throw StartProblem("no zoo can be served", hint: "zood --check") }
        return zoos
    }

    private static func host(_ loaded: LoadedConfiguration, environment: [String: String], _ health: HealthBoard) async -> GistGate.Host {
        do throws(ConfiguredGistHost.Problem) {
            return try ConfiguredGistHost.make(loaded, environment: environment).map { .usable($0) } ?? .absent
        } catch {
            await health.raise(.tokenRefused(because: error.description))
            return .refused(because: error.description)
        }
    }

    /// What `systemctl status` shows.
    static func status(of zoos: [Zoo]) -> String { "watching \(zoos.map(\.path.string).joined(separator: ", "))" }

    static func gate(_ configuration: Configuration) -> PeerGate {
        PeerGate(configuration.control.roles, ownUser: geteuid(), groupID: AccountNames.groupID)
    }

    /// Finishes or undoes what a kill interrupted, and removes downloads that nobody will take up again.
    private static func sweepStaging(_ store: StateStore, _ zoos: [Zoo], _ clock: any DaemonClock) throws {
        for zoo in zoos {
            try sweepIncoming(store, zoo)
            guard let downloads = zoo.staging?.downloads, let listing = try? downloads.entries() else { continue }
            var wanted: Set<String> = []
            for (model, file, partial) in try store.partials(of: zoo.name) {
                // What cannot be recovered now is kept, for the next fetch to try again.
                var left: PartialDownload? = partial
                do { left = try partial.recovered(of: file, in: model, zoo, store, clock) } catch {}
                if left != partial { try store.setPartial(left, of: file, in: model) }
                if let left { wanted.insert(left.stagingName.description) }
            }
            for entry in listing.entries where entry.kind == .file && !wanted.contains(entry.name.description) {
                // What an earlier state had begun to exchange nobody knows any more.
                if store.setAside != nil, let staging = zoo.staging, Trash.takesIn(entry.name, from: staging) { continue }
                try? downloads.remove(entry.name)
            }
            if let staging = zoo.staging { try? Trash.sweep(staging, of: zoo.name, store, at: clock.now) }
        }
    }

    private static func sweepIncoming(_ store: StateStore, _ zoo: Zoo) throws {
        guard let incoming = zoo.staging?.incoming, let listing = try? incoming.entries() else { return }
        let arriving = try store.arrivals(in: zoo.name)
        for entry in listing.entries where !arriving.contains(entry.name.description) { try? incoming.removeTree(entry.name) }
    }

    private static func controlServer(_ loaded: LoadedConfiguration, _ daemon: Daemon, logger: Logger) -> ControlServer {
        let inherited = ServiceNotification.listenDescriptors().first { $0.isListeningUnixSocket }
        let endpoint: ControlServer.Endpoint = inherited.map { .inherited($0.descriptor) } ?? .path(loaded.socket)
        return ControlServer(
            endpoint, routes: ControlRoutes(daemon: daemon).all, logger: logger, gate: { daemon.configuration.gate },
            audit: { audit in Task { await daemon.record(audit) } }, onListening: { daemon.phase.startedListening() })
    }
}

/// Why zood does not start: a sentence, and the way out.
public struct StartProblem: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    public let hint: String?

    init(_ description: String, hint: String?) { (self.description, self.hint) = (description, hint) }

    init(_ problem: ZooProblem) { self.init(problem.description, hint: problem.hint) }
}

extension Chance {
    /// The kernel's randomness.
    public static let system = Chance(
        fraction: { Double.random(in: 0..<1) }, hex: { SystemRandom.hex(byteCount: $0) })
}
