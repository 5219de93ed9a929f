import FoundationEssentials
import Planning

/// The only way to the gist host: one request at a time, writes apart from each other, and none at all while the host wants to be left alone.
actor GistGate {
    private let clock: any DaemonClock
    private let store: StateStore
    private var host: (any GistHost)?
    private var closure: Closure?
    private var lastWriteAt: Date?
    /// Who waits for the request before; the last task of the line.
    private var tail: Task<Void, Never>?

    /// GitHub asks for a second at least between two writes; repositories of our own need none. In seconds.
    private var writeSpacing: TimeInterval { host?.kind == .github ? 1 : 0 }

    init(host: (any GistHost)?, store: StateStore, clock: any DaemonClock) async throws {
        (self.host, self.store, self.clock) = (host, store, clock)
        closure = try await store.setting(.hostClosed, as: Closure.self)
    }

    /// What the host before asked for binds nobody to the new one.
    func use(_ host: (any GistHost)?) async {
        self.host = host
        closure = nil
        try? await store.set(.hostClosed, to: Closure?.none)
    }

    /// Until when the host may not be asked; nil when it may.
    var closed: Closure? { closure.flatMap { clock.now < $0.until ? $0 : nil } }

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

    /// Remembers that the host wants to be left alone, also over a restart.
    func note(_ failure: GistFailure) async {
        guard case .limited(let until, let said) = failure else { return }
        let closure = Closure(until: until ?? clock.now.addingTimeInterval(60), because: "the gist host asks to wait: \(said)")
        self.closure = closure
        try? await store.set(.hostClosed, to: closure)
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
        guard !Task.isCancelled else { return .failure(.cancelled) }
        guard let host else { return .failure(.refused("gists.host is none")) }
        if let closed { return .failure(.limited(until: closed.until, closed.because)) }
        if isWrite {
            if let lastWriteAt {
                do { try await clock.sleep(until: lastWriteAt.addingTimeInterval(writeSpacing)) } catch { return .failure(.cancelled) }
            }
        }
        defer { if isWrite { lastWriteAt = clock.now } }
        do throws(GistFailure) {
            return .success(try await body(host))
        } catch {
            await note(error)
            return .failure(error)
        }
    }
}
