import FoundationEssentials
import Logging
import ModelInfo
import Planning

/// Notices changes of gists that somebody else made, by as few requests as can be, and marks their models. It reads no gist itself: what
/// is marked is read by an ordinary pass over its model.
///
/// Between two polls it sleeps until the next one is due, and nothing else wakes it.
actor GistPolling {
    /// What the configuration says, now.
    struct Settings: Equatable, Sendable {
        /// Seconds between two polls (`gists.poll`).
        var interval: TimeInterval
        /// False where nothing that a gist says is brought here (`gists.direction: publish`), or there is no host.
        var isWanted: Bool
        /// Which host the gists are on.
        var host: String
    }

    /// Polls come so much earlier or later than the interval says, so that many machines do not ask in step.
    static let jitter = 0.1

    private let gate: GistGate
    private let store: StateStore
    private let queue: LookQueue
    private let clock: any DaemonClock
    private let chance: Chance
    private let logger: Logger
    private let settings: @Sendable () -> Settings
    /// Whether a model's directory is known to be gone.
    private let isVanished: @Sendable (ModelID) async -> Bool
    private let nextPoll: UntilDue

    /// Nil until it is loaded.
    private var memory: PollingMemory?
    private var underWay: Task<Void, Never>?
    /// Begins when the one under way ends; whoever asks before that shares it.
    private var next: Task<Void, Never>?

    init(
        gate: GistGate, store: StateStore, queue: LookQueue, clock: any DaemonClock, chance: Chance, logger: Logger,
        settings: @escaping @Sendable () -> Settings, isVanished: @escaping @Sendable (ModelID) async -> Bool = { _ in false }
    ) {
        (self.isVanished, nextPoll) = (isVanished, UntilDue(clock: clock))
        (self.gate, self.store, self.queue, self.clock) = (gate, store, queue, clock)
        (self.chance, self.logger, self.settings) = (chance, logger, settings)
    }

    /// Polls whenever it is due, until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            await load()
            await nextPoll.wait(until: settings().isWanted ? memory?.dueAt : nil)
            guard !Task.isCancelled, settings().isWanted, let dueAt = memory?.dueAt, dueAt <= clock.now else { continue }
            await withTaskCancellationHandler {
                await pollNow()
            } onCancel: {
                Task { await stop() }
            }
        }
    }

    /// Asks the host now. While a poll is under way, all who ask share the one after it.
    func pollNow() async {
        if next == nil {
            let before = underWay
            next = Task {
                await before?.value
                await begin()
            }
        }
        await next?.value
    }

    /// The same for somebody who waits: returns after so many seconds, though a slow host has not answered.
    func pollNow(waitingAtMost seconds: TimeInterval) async {
        let (polled, end) = AsyncStream<Never>.makeStream()
        Task {
            await pollNow()
            end.finish()
        }
        let deadline = clock.now.addingTimeInterval(seconds)
        let alarm = Task { [clock] in
            try? await clock.sleep(until: deadline)
            end.finish()
        }
        for await _ in polled {}
        alarm.cancel()
    }

    /// The configuration is another one: the next poll may be due at another time.
    func configurationChanged() async { await nextPoll.changed() }

    private func stop() {
        underWay?.cancel()
        next?.cancel()
    }

    private func begin() async {
        (underWay, next) = (next, nil)
        if !Task.isCancelled { await poll() }
        underWay = nil
    }

    /// What the last process remembered; without any, the first poll comes some time within the first interval.
    private func load() async {
        let (settings, now) = (settings(), clock.now)
        if memory == nil { memory = (try? await store.setting(.polling, as: PollingMemory.self)) ?? nil }
        guard let known = memory, known.host == settings.host else {
            memory = PollingMemory(
                host: settings.host, interval: settings.interval, dueAt: now.addingTimeInterval(settings.interval * chance.fraction()))
            try? await store.set(.census, to: GistCensus?.none)
            return await save()
        }
        // Later than any poll can be: the interval is a shorter one now, or the clock was set back.
        let spacing = known.interval == settings.interval ? known.spacing : settings.interval
        memory?.dueAt = min(known.dueAt, now.addingTimeInterval(spacing * (1 + Self.jitter)))
    }

    /// Without it a restart would only ask sooner, and more.
    private func save() async { try? await store.set(.polling, to: memory) }

    private func poll() async {
        await load()
        let settings = settings()
        do {
            let kind = await gate.kind
            let gists = try await store.followedGists(isLocal: kind == .local)
            let isSignedIn = await gate.isSignedIn
            let tempo = PollingTempo(
                settings.interval, otherCount: gists.count { !isSignedIn || !$0.isOwn }, isSignedIn: isSignedIn)
            // Told first: whatever becomes of this poll, also by a kill, the next one is not sooner.
            memory?.dueAt = clock.now.addingTimeInterval(tempo.interval * (1 + Self.jitter * (2 * chance.fraction() - 1)))
            memory?.interval = settings.interval
            memory?.spacing = tempo.interval
            memory?.prune(to: gists)
            await save()
            guard kind != nil, settings.isWanted, !gists.isEmpty, await gate.closed == nil else { return }
            try await look(at: gists, tempo)
        } catch GistFailure.cancelled {
            return
        } catch {
            logger.notice("remote changes could not be looked for", metadata: ["because": "\(error)"])
        }
    }

    private func look(at gists: [FollowedGist], _ tempo: PollingTempo) async throws {
        let now = clock.now
        let doubtful = gists.filter { GistRereading.settlesDoubt(of: $0, rereadAt: memory?.reread[$0.id.description], now: now) }
        for gist in doubtful { memory?.reread[gist.id.description] = gist.updatedAt }
        try await notice(doubtful)
        let (own, others) = (gists.filter { tempo.listsOwn && $0.isOwn }, gists.filter { !tempo.listsOwn || !$0.isOwn })
        let due = others.filter { GistRereading.isDue($0, period: tempo.directPeriod, now: now) && !$0.isNoticed }
        try await notice(Array(due.sorted { $0.readAt ?? .distantPast < $1.readAt ?? .distantPast }.prefix(tempo.readLimit)))
        if !own.isEmpty {
            try await follow(.own, own)
            try await walk(own, tempo)
        }
        // What has no owner is on nobody's list.
        let lists = Dictionary(grouping: others.filter { $0.owner != nil }, by: { $0.owner?.lowercased() ?? "" })
        var logins: [String] = []
        for (login, gists) in lists where await isAwaited(gists) { logins.append(login) }
        for login in turns(logins.sorted()).prefix(tempo.listLimit) {
            try await follow(.of(login: login), lists[login] ?? [])
            memory?.lastAsked = login
        }
        await save()
    }

    /// Whether one of them is that of a model that is there. Where none is, their list is not asked for: the time up to which it was read is
    /// kept, so that nothing is missed when one comes back.
    private func isAwaited(_ gists: [FollowedGist]) async -> Bool {
        for gist in gists where await !isVanished(gist.model) { return true }
        return false
    }

    /// Beginning with the one whose turn it is.
    private func turns(_ logins: [String]) -> [String] {
        guard let last = memory?.lastAsked else { return logins }
        return logins.filter { $0 > last } + logins.filter { $0 <= last }
    }

    /// Asks for what changed on one list: one request where nothing did.
    private func follow(_ whose: GistListingRequest.Whose, _ gists: [FollowedGist]) async throws {
        let list = memory?[whose] ?? FollowedList(following: gists)
        var request = GistListingRequest(whose, since: list.since, validator: list.validator)
        var times: [Date] = []
        var validator: String?
        for pageNumber in 1...GistListingRequest.largestPageCount {
            let listing: GistListing
            do throws(GistFailure) { listing = try await ask(request) } catch {
                // One owner's list that cannot be had is no reason to leave out the others.
                guard case .of = whose, error.isAboutOneList else { throw error }
                return
            }
            guard case .page(let page) = listing else { return }
            try await notice(page.gists, among: gists)
            times += page.gists.map(\.updatedAt)
            (request.cursor, request.validator) = (page.next, nil)
            if page.next == nil {
                validator = pageNumber == 1 ? page.validator : nil
                break
            }
        }
        guard request.cursor == nil else { return }
        memory?[whose] = list.advanced(over: times, validator: validator, now: clock.now)
        await save()
    }

    /// Goes on with the walk over all own gists, as far as its time has come.
    private func walk(_ gists: [FollowedGist], _ tempo: PollingTempo) async throws {
        let pace = GistCensus.Pace(pollingEvery: tempo.interval * (1 + Self.jitter))
        let known = try await store.setting(.census, as: GistCensus.self)
        var census = known ?? GistCensus(startedAt: clock.now, expectedPageCount: gists.count / GistListingRequest.pageSize + 1)
        guard census.isDue(at: clock.now, pace) else { return }
        if census.isComplete { census = GistCensus(startedAt: clock.now, expectedPageCount: census.pageCount) }
        for _ in 0..<census.pageLimit(pace) where !census.isComplete && census.isDue(at: clock.now, pace) {
            let listed: GistPage
            do throws(GistFailure) {
                guard case .page(let page) = try await ask(GistListingRequest(.own, cursor: census.cursor)) else { return }
                listed = page
            } catch {
                // A place in a list that the host no longer knows: the next poll begins anew.
                if error.isAboutOneList { try await store.set(.census, to: GistCensus?.none) }
                throw error
            }
            census.take(listed, of: gists.map(\.id))
            try await notice(listed.gists, among: gists)
            // That one is not listed proves nothing: it is read, and only what the host says then counts.
            try await notice(census.missing(of: gists))
            try await store.set(.census, to: census)
        }
    }

    private func ask(_ request: GistListingRequest) async throws(GistFailure) -> GistListing {
        try await gate.read { host throws(GistFailure) in try await host.listing(request) }
    }

    /// Marks those that a list says to be younger than what is known of them.
    private func notice(_ listed: [GistSummary], among gists: [FollowedGist]) async throws {
        let times = Dictionary(listed.map { ($0.id, $0.updatedAt) }, uniquingKeysWith: max)
        // A list may lag behind, so an older time says nothing. On this machine nothing lags, and a commit may bear any time.
        let isLocal = await gate.kind == .local
        try await notice(
            gists.filter { gist in
                guard let time = times[gist.id] else { return false }
                guard let known = gist.updatedAt else { return true }
                return isLocal ? time != known : time > known
            })
    }

    private func notice(_ gists: [FollowedGist]) async throws {
        let news = gists.filter { !$0.isNoticed }
        guard !news.isEmpty else { return }
        try await store.notice(news, at: clock.now)
        await queue.mark(news.map(\.model))
    }
}

extension GistFailure {
    /// The host is well, only this list cannot be had.
    fileprivate var isAboutOneList: Bool {
        switch self {
        case .notFound, .takenDown, .refused, .forbidden, .nonsense: true
        default: false
        }
    }
}
