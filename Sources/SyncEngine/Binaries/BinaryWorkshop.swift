import FoundationEssentials
import ModelInfo
import Planning
import SystemIO

/// Long work on binaries, outside the lanes: so many fetches at once, the rest waits in line, and all readings. When a piece ends it marks
/// its model.
actor BinaryWorkshop {
    private struct Key: Hashable { var model: ModelID, file: RelativePath }

    private struct Line {
        let turn = Slots(count: 1)
        var length = 0
        /// Whose turn it is.
        var current: Key?
    }

    private let fetcher: BinaryFetcher
    private let readings: ReadingRoom
    private let mark: @Sendable (ModelID, _ isDone: Bool, _ mayHaveReplaced: Bool) async -> Void
    private let stateFailed: @Sendable (ModelID, any Error) async -> Void
    private let fetchSlots: Slots
    private let placeSlots = Slots(count: 1)
    private var work: [Key: BinaryWork] = [:]
    private var tasks: [Key: Task<Void, Never>] = [:]
    private var progress: [Key: FetchProgress] = [:]
    private var fetches: [Key: FetchRequest] = [:]
    /// Fetches of the same bytes, by digest: one gets them from elsewhere, and the next takes them from the file that it left.
    private var lines: [String: Line] = [:]
    /// Fetches that a person stopped, until they have ended.
    private var cancelled: Set<Key> = []
    private var isStopping = false

    /// - Parameters:
    ///   - mark: Called with the model when a piece of work has ended, whether nothing more is under way for it, and whether a file may
    ///     have been moved to the trash.
    ///   - readingsEnded: Called with models of which files were read: that moves nothing and frees no room.
    ///   - stateFailed: Called instead when what came of it could not be remembered: at once it would only be done again.
    init(
        fetcher: BinaryFetcher, verifier: BinaryVerifier, parallelFetches: Int,
        mark: @escaping @Sendable (ModelID, _ isDone: Bool, _ mayHaveReplaced: Bool) async -> Void,
        readingsEnded: @escaping @Sendable (Set<ModelID>) async -> Void,
        stateFailed: @escaping @Sendable (ModelID, any Error) async -> Void
    ) {
        (self.fetcher, self.mark, self.stateFailed) = (fetcher, mark, stateFailed)
        fetchSlots = Slots(count: parallelFetches)
        readings = ReadingRoom(verifier: verifier, mark: readingsEnded, stateFailed: stateFailed)
    }

    /// What is under way for a model.
    func work(of model: ModelID) async -> [RelativePath: BinaryWork] {
        var found = await readings.work(of: model)
        for (key, value) in work where key.model == model { found[key.file] = shown(current(value, key), key) }
        return found
    }

    private func shown(_ value: BinaryWork, _ key: Key) -> BinaryWork {
        guard value.kind == .queuedFetch, let digest = fetches[key]?.digest, let current = lines[digest]?.current, current != key else {
            return value
        }
        var value = value
        value.waitsFor = fetches[current]?.idWord
        return value
    }

    /// Everything under way, by model.
    func allWork() async -> [ModelID: [RelativePath: BinaryWork]] {
        var found = await readings.allWork
        for (key, value) in work { found[key.model, default: [:]][key.file] = shown(current(value, key), key) }
        return found
    }

    private func current(_ value: BinaryWork, _ key: Key) -> BinaryWork { progress[key]?.shown(on: value) ?? value }

    /// So many fetches at once from now on; those under way go on.
    func use(parallelFetches: Int) async { await fetchSlots.resize(to: parallelFetches) }

    /// Runs `body` while nothing else is done with this binary. What was under way is stopped; of a download all that came is kept.
    func placing<R: Sendable>(
        _ file: RelativePath, of model: ModelID, _ body: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        let key = Key(model: model, file: file)
        guard await placeSlots.enter() else { throw CancellationError() }
        while let task = tasks[key] {
            task.cancel()
            await task.value
        }
        work[key] = BinaryWork(kind: .verifying)
        // In a task of its own: once it began, it is carried out and remembered.
        let result = await Task { try await body() }.result
        work[key] = nil
        await placeSlots.leave()
        await mark(model, true, true)
        return try result.get()
    }

    func fetch(_ declared: DeclaredBinary, _ purpose: FetchPurpose, for view: ModelView, in zoo: Zoo) {
        guard let file = declared.file else { return }
        let memory = view.memory.binaries[file] ?? BinaryMemory()
        let request = FetchRequest(
            model: view.id, idWord: view.idWord, file: file, declared: declared, purpose: purpose, memory: memory,
            allowsAnySize: view.allowsAnySize(of: declared), zoo: zoo, askedAt: view.goals.transferAskedAt)
        let key = Key(model: view.id, file: file)
        guard work[key] == nil, !isStopping else { return }
        fetches[key] = request
        start(key, inLineFor: request.digest) { [fetcher] progress in try await fetcher.run(request, progress: progress) }
    }

    /// Has files of a model read from end to end.
    func read(_ orders: [ReadingOrder], for view: ModelView, _ model: PresentModel, in zoo: Zoo) async {
        let declared = Dictionary(
            model.reading.declaredBinaries.compactMap { binary in binary.file.map { ($0, binary) } },
            uniquingKeysWith: { first, _ in first })
        await readings.read(orders.compactMap { ReadingRequest($0, for: view, model, declared[$0.file], in: zoo) })
    }

    /// Cancels what is under way for a model, as by `zooctl cancel`. Partial downloads are kept; the fetch is not begun again by itself.
    func cancel(_ model: ModelID) async {
        for (key, task) in tasks where key.model == model {
            if work[key] != nil { cancelled.insert(key) }
            task.cancel()
        }
        await readings.cancel(model)
    }

    /// Cancels what is under way for a model, and returns when it has ended.
    func end(_ model: ModelID) async {
        let ending = tasks.filter { $0.key.model == model }.map(\.value)
        for task in ending { task.cancel() }
        await readings.cancel(model)
        for task in ending { await task.value }
    }

    /// Cancels everything and returns when it has ended: for a clean stop.
    func stop() async {
        isStopping = true
        for task in tasks.values { task.cancel() }
        await readings.stop()
        for task in tasks.values { await task.value }
    }

    private func start(
        _ key: Key, inLineFor digest: String? = nil,
        _ body: @escaping @Sendable (_ progress: @escaping @Sendable (Int64, Int64?) -> Void) async throws -> Void
    ) {
        guard work[key] == nil, !isStopping else { return }
        work[key] = BinaryWork(kind: .queuedFetch)
        if let digest { lines[digest, default: Line()].length += 1 }
        let progress = FetchProgress()
        self.progress[key] = progress
        tasks[key] = Task {
            let gotTurn = await self.waitForTurn(key, digest)
            let gotSlot = if gotTurn { await self.fetchSlots.enter() } else { false }
            var failure: (any Error)?
            if gotSlot {
                self.begin(key)
                do {
                    try await withTaskExecutorPreference(BlockingExecutor.shared) { try await body { progress.tell($0, of: $1) } }
                } catch {
                    failure = error
                }
                await self.fetchSlots.leave()
            }
            await self.end(key, failure)
            self.leaveLine(digest, hadTurn: gotTurn)
        }
    }

    /// - Returns: False when it was cancelled while it waited.
    private func waitForTurn(_ key: Key, _ digest: String?) async -> Bool {
        guard let digest, let turn = lines[digest]?.turn else { return true }
        guard await turn.enter() else { return false }
        lines[digest]?.current = key
        return true
    }

    private func leaveLine(_ digest: String?, hadTurn: Bool) {
        guard let digest, let line = lines[digest] else { return }
        if hadTurn { lines[digest]?.current = nil }
        lines[digest]?.length -= 1
        if line.length == 1 { lines[digest] = nil } else if hadTurn { Task { await line.turn.leave() } }
    }

    private func begin(_ key: Key) { work[key]?.kind = .fetching }

    private func end(_ key: Key, _ failure: (any Error)?) async {
        let fetch = fetches.removeValue(forKey: key)
        // In a task of its own: nothing can be recorded from a cancelled one.
        if cancelled.remove(key) != nil, let fetch { await Task { await fetcher.wasCancelled(fetch) }.value }
        (work[key], tasks[key], progress[key]) = (nil, nil, nil)
        if isStopping { return }
        if let failure {
            await stateFailed(key.model, failure)
        } else {
            await mark(key.model, !work.keys.contains { $0.model == key.model }, fetch?.purpose != .missing)
        }
    }
}
