import FoundationEssentials
import Planning

/// The only way to the gist host: one request at a time, writes apart from each other, and none at all while the host wants to be left alone.
actor GistGate {
    /// What the configuration gave.
    enum Host: Sendable {
        case usable(any GistHost)
        /// One is configured but cannot be used: why, with the way out.
        case refused(because: String)
        /// `gists.host: none`.
        case absent
    }

    private let clock: any DaemonClock
    private let store: StateStore
    private let health: HealthBoard
    private var host: (any GistHost)?
    private var closure: Closure?
    /// Since when this host is used.
    private(set) var since: Date
    private var lastWriteAt: Date?
    /// Whose gists the credentials may write to; asked once.
    private var account: GistAccount?
    /// So many times other credentials have come.
    private(set) var uses = 0
    /// Requests in a row that found no host, what the last of them met, and until when the others need not try.
    private var outage: (failures: Int, failure: GistFailure, until: Date)?

    /// The same for what these credentials may not do, which no waiting and no other model changes: reads, and writes.
    private var refusal: [Bool: (failures: Int, failure: GistFailure, until: Date)] = [:]
    /// Seconds until one request asks again whether they may.
    private static let refusalPause: TimeInterval = 3600

    /// So many failures in a row may be about single gists; more are about the host, which is then asked by one model at a time.
    private static let fewFailures = 3
    /// Longest time between two tries of a host that is down, in seconds.
    private static let longestOutage: TimeInterval = 60
    /// So many times in a row it said that it is asked too much, and not until when.
    private var untimedLimits = 0
    /// Who waits for the request before; the last task of the line.
    private var tail: Task<Void, Never>?

    /// GitHub asks for a second at least between two writes; repositories of our own need none. In seconds.
    private var writeSpacing: TimeInterval { host?.kind == .github ? 1 : 0 }

    init(_ host: Host, store: StateStore, clock: any DaemonClock, health: HealthBoard) async throws {
        (self.store, self.clock, self.health, since) = (store, clock, health, clock.now)
        closure = try await store.setting(.hostClosed, as: Closure.self)
        if let closure { await health.raise(.hostLimited(closure)) }
        switch host {
        case .usable(let usable): self.host = usable
        case .refused(let why): closure = Self.closure(for: why, until: .distantFuture)
        case .absent: break
        }
    }

    /// From now on this host, or the same one with other credentials.
    /// - Parameter isAnother: What the one before asked to be spared does not concern it.
    func use(_ host: (any GistHost)?, isAnother: Bool) async {
        (self.host, since, account, uses) = (host, clock.now, nil, uses + 1)
        // Whoever reloads may just have repaired the way to it, or the token's rights.
        (outage, refusal) = (nil, [:])
        guard isAnother || closure?.needsPerson == true else { return }
        closure = nil
        await health.clear(.hostLimited, of: "")
        try? await store.set(.hostClosed, to: Closure?.none)
    }

    /// Somebody waits for an answer: what others met at a host that is down does not put the next request off. Limits do.
    func tryNow() { outage?.until = clock.now }

    /// Until when the host may not be asked; nil when it may.
    var closed: Closure? { closure.flatMap { clock.now < $0.until ? $0 : nil } }

    /// Nil when there is none to ask.
    var kind: GistHostKind? { host?.kind }

    /// Whether what belongs to somebody may be asked for as well.
    var isSignedIn: Bool { host?.isSignedIn ?? false }

    func read<Answer: Sendable>(
        _ body: @escaping @Sendable (any GistHost) async throws(GistFailure) -> Answer
    ) async throws(GistFailure) -> Answer {
        try await inLine(isWrite: false, body)
    }

    func write<Answer: Sendable>(
        _ body: @escaping @Sendable (any GistHost) async throws(GistFailure) -> Answer
    ) async throws(GistFailure) -> Answer {
        try await inLine(isWrite: true, body)
    }

    /// Fails where a write would be refused without being sent: what is read for it alone need not be read either.
    func checkWrites() throws(GistFailure) {
        if let refusal = refusal[true], isWaiting(until: refusal.until, atMost: Self.refusalPause) { throw refusal.failure }
    }

    /// Whether the credentials are those of the gist's owner. The local host has only its own; without a token nothing is ours.
    func isOwn(_ gist: Gist) async throws(GistFailure) -> Bool {
        guard host?.kind == .github else { return true }
        guard let owner = gist.owner else { return false }
        return try await login()?.lowercased() == owner.lowercased()
    }

    /// The same as far as it is known already, without asking anybody; nil when it is not, or there is no token.
    func isKnownOwn(_ gist: Gist) -> Bool? {
        guard host?.kind == .github, let login = account?.login, let owner = gist.owner else { return nil }
        return owner.lowercased() == login.lowercased()
    }

    /// Whose gists the credentials may write to; nil without a token, and on the local host.
    func login() async throws(GistFailure) -> String? {
        if let account { return account.login }
        let asked = uses
        let answered = try await read { host throws(GistFailure) in try await host.account() }
        // Other credentials may be used by now: then it is their account that counts.
        guard uses == asked else { return try await login() }
        account = answered
        return answered.login
    }

    /// Remembers that the host wants to be left alone, also over a restart, or that it does not take the token.
    func note(_ failure: GistFailure) async {
        switch failure {
        case .limited(let until, let said):
            untimedLimits = until == nil ? untimedLimits + 1 : 0
            let closure = Closure(
                until: until ?? clock.now.addingTimeInterval(Self.wait(afterUntimed: untimedLimits)),
                because: "the gist host asks to wait: \(said)",
                hint: "nothing to do: it goes on by itself")
            self.closure = closure
            await health.raise(.hostLimited(closure))
            try? await store.set(.hostClosed, to: closure)
        case .notSignedIn(let said):
            // Not persisted: a restart may come with another token. Wrong ones again and again get an account locked.
            closure = Self.closure(for: said, until: clock.now.addingTimeInterval(3600))
        default: break
        }
    }

    /// 1, 2, 4 … 60 minutes: a secondary limit that comes without a time is to be waited for longer each time.
    private static func wait(afterUntimed limits: Int) -> TimeInterval { min(60 * Double(1 << min(limits - 1, 6)), 3600) }

    private static func closure(for why: String, until: Date) -> Closure {
        Closure(until: until, because: why, hint: "zooctl doctor looks at the token; put it right, then: zooctl reload", needsPerson: true)
    }

    /// Ten thousand models need not find out one by one that the host is down.
    private func learn(from failure: GistFailure?) {
        switch failure {
        case .unavailable, .answerLost, .nonsense, .notSignedIn:
            let failures = (outage?.failures ?? 0) + 1
            let pause = failures < Self.fewFailures ? 0 : min(Backoff.delay(failures: failures - 2, chance: 0), Self.longestOutage)
            outage = failure.map { (failures, $0, clock.now.addingTimeInterval(pause)) }
        case .cancelled: break
        default: outage = nil
        }
    }

    /// What is forbidden to several models in a row is forbidden to the account: a suspended one, blocked logins, a token without the
    /// scope. Only an answer of the same kind of request proves the contrary, since everybody may read.
    private func learn(from failure: GistFailure?, isWrite: Bool) {
        switch failure {
        case .forbidden?:
            let failures = (refusal[isWrite]?.failures ?? 0) + 1
            let pause = failures < Self.fewFailures ? 0 : Self.refusalPause
            refusal[isWrite] = failure.map { (failures, $0, clock.now.addingTimeInterval(pause)) }
        case nil: refusal[isWrite] = nil
        default: break
        }
    }

    /// False also where the time is farther off, by more than a second, than it ever was put: the clock was set back since.
    private func isWaiting(until time: Date, atMost longest: TimeInterval) -> Bool {
        let left = time.timeIntervalSince(clock.now)
        return left > 0 && left < longest + 1
    }

    private func inLine<Answer: Sendable>(
        isWrite: Bool, _ body: @escaping @Sendable (any GistHost) async throws(GistFailure) -> Answer
    ) async throws(GistFailure) -> Answer {
        let before = tail
        let request = Task { () -> Result<Answer, GistFailure> in
            await before?.value
            return await self.ask(isWrite: isWrite, body)
        }
        tail = Task { _ = await request.value }
        let answer = await withTaskCancellationHandler {
            await request.value
        } onCancel: {
            request.cancel()
        }
        return try answer.get()
    }

    private func ask<Answer: Sendable>(
        isWrite: Bool, _ body: @escaping @Sendable (any GistHost) async throws(GistFailure) -> Answer
    ) async -> Result<Answer, GistFailure> {
        if let closed { return .failure(closed.needsPerson ? .notSignedIn(closed.because) : .limited(until: closed.until, closed.because)) }
        guard !Task.isCancelled else { return .failure(.cancelled) }
        guard let host else { return .failure(.refused("gists.host is none")) }
        if let outage, isWaiting(until: outage.until, atMost: Self.longestOutage) { return .failure(outage.failure.withoutDoubt) }
        if let refusal = refusal[isWrite] ?? refusal[false], isWaiting(until: refusal.until, atMost: Self.refusalPause) {
            return .failure(refusal.failure)
        }
        if isWrite {
            if let lastWriteAt {
                // A clock that was set back must not make hours of a second.
                let due = min(lastWriteAt, clock.now).addingTimeInterval(writeSpacing)
                do { try await clock.sleep(until: due) } catch { return .failure(.cancelled) }
            }
        }
        defer { if isWrite { lastWriteAt = clock.now } }
        do throws(GistFailure) {
            let answer = try await body(host)
            learn(from: nil)
            learn(from: nil, isWrite: isWrite)
            if let met = (answer as? Gist)?.afterwards { await note(met) } else { untimedLimits = 0 }
            return .success(answer)
        } catch {
            learn(from: error)
            learn(from: error, isWrite: isWrite)
            await note(error)
            return .failure(error)
        }
    }
}
