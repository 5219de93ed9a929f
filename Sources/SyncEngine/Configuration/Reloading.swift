import ControlProtocol
import Planning
import SystemIO

/// `SIGHUP` and `zooctl reload`: the whole new configuration, or the old one and a sentence in `status`.
actor Reloading {
    private let source: ConfigurationSource
    private let environment: [String: String]
    private let inForce: ConfigurationInForce
    private let queue: LookQueue
    private let gate: GistGate
    private let health: HealthBoard
    private let board: StatusBoard
    private let store: StateStore

    /// What is opened once: a change waits for the next start.
    private static let fixedSections: Set<String> = ["zoos"]

    /// What may end by what is configured.
    static let triedAnew: [Trouble.Kind] = [.permission, .refused, .network, .waiting, .space, .gone]

    init(
        source: ConfigurationSource, environment: [String: String], inForce: ConfigurationInForce, queue: LookQueue, gate: GistGate,
        health: HealthBoard, board: StatusBoard, store: StateStore
    ) {
        (self.source, self.environment, self.inForce, self.queue) = (source, environment, inForce, queue)
        (self.gate, self.health, self.board, self.store) = (gate, health, board, store)
    }

    func reload() async throws(ControlError) -> ReloadReport {
        let loaded: LoadedConfiguration
        let host: (any GistHost)?
        do {
            loaded = try source.load()
            host = try ConfiguredGistHost.make(loaded, environment: environment)
        } catch {
            let why = "\(error)"
            await health.raise(.reloadRefused(because: why))
            throw ControlError(
                .configurationInvalid, "the old configuration stays in force: \(why)",
                hint: "correct it, check it by zood --check, and reload again")
        }
        let before = inForce.current
        let changed = loaded.configuration.sectionsDiffering(from: before.configuration)
        inForce.replace(by: loaded, gate: Engine.gate(loaded.configuration))
        await queue.use(LookQueue.Settling(loaded.configuration.watch))
        let (now, then) = (loaded.configuration.gists, before.configuration.gists)
        // Neither another pace nor another token is a reason to ask a host that wants to be left alone.
        await gate.use(host, isAnother: now.host != then.host || now.apiURL != then.apiURL)
        await health.clear(.reloadRefused, of: "")
        await health.clear(.tokenRefused, of: "")
        // A new token, a raised limit, an address that is allowed now: what was refused before is tried again, and what was gone, since
        // a token may be what did not see it.
        try? await store.forgetTroubles(of: Self.triedAnew)
        await queue.mark(await board.ids)
        return ReloadReport(
            configuration: loaded.file?.string, changed: changed.filter { !Self.fixedSections.contains($0) },
            atNextStart: changed.filter { Self.fixedSections.contains($0) } + (loaded.socket == before.socket ? [] : ["control.socket"]))
    }
}
