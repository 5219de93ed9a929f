import FoundationEssentials
import ModelInfo
import Planning
import SystemIO
import Transfers

/// Where binaries are read: two at once that somebody waits for and two that nobody does, the rest in line.
///
/// What readings come to is remembered in groups, and a model is marked when the last of its readings has ended, or at once when one of
/// them showed something that is to be acted on: a file and a commit cost as little as they can.
actor ReadingRoom {
    private struct Key: Hashable { var model: ModelID, file: RelativePath }

    private enum Stage {
        case waiting(ticket: Int)
        case running
        /// Read, and not yet remembered.
        case unrecorded
    }

    private struct Entry {
        var stage: Stage
        var request: ReadingRequest
        let gauge: ReadingGauge
        var reason: ReadingReason
    }

    private struct Batch {
        var items: [(request: ReadingRequest, gauge: ReadingGauge)] = []
        var byteCount: Int64 = 0
    }

    static let readersOfAKind = 2
    /// Small files are handed over together, up to so many bytes.
    private static let batchSize: Int64 = 4 << 20
    /// Readers wait when so many readings wait to be remembered.
    private static let unrecordedLimit = 1024
    /// So long a reading waits for others to be remembered with it: one that somebody waits for, and one that nobody does.
    private static let (askedPause, ownPause) = (Duration.milliseconds(30), Duration.seconds(1))
    /// So many wait for no more.
    private static let groupSize = 256
    /// A model with many files is looked at again while the rest of them is still read, so often. In seconds.
    private static let markInterval: TimeInterval = 2

    private let verifier: BinaryVerifier
    private let newLane = BlockingLane(label: "zood.new", width: readersOfAKind)
    private let mark: @Sendable (Set<ModelID>) async -> Void
    private let stateFailed: @Sendable (ModelID, any Error) async -> Void

    private var entries: [ModelID: [RelativePath: Entry]] = [:]
    private var line = ReadingLine()
    /// How many readers there are of those that somebody waits for, and of the others.
    private var urgentReaders = 0
    private var otherReaders = 0
    private var ended: [(key: Key, reading: EndedReading, isFailure: Bool)] = []
    private var recording: Task<Void, Never>?
    /// What `recording` waits for first.
    private var pause: Task<Void, Never>?
    private var pausedReaders: [CheckedContinuation<Void, Never>] = []
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []
    private var lastMark: [ModelID: ContinuousClock.Instant] = [:]
    private var isStopping = false

    /// - Parameters:
    ///   - mark: Called with models whose readings have ended.
    ///   - stateFailed: Called instead when what came of one could not be remembered.
    init(
        verifier: BinaryVerifier, mark: @escaping @Sendable (Set<ModelID>) async -> Void,
        stateFailed: @escaping @Sendable (ModelID, any Error) async -> Void
    ) {
        (self.verifier, self.mark, self.stateFailed) = (verifier, mark, stateFailed)
    }

    /// Has these read. What is in line or under way already is read once, for all who want it.
    func read(_ requests: [ReadingRequest]) {
        guard !isStopping else { return }
        for request in requests { take(request) }
        startReaders()
    }

    private func take(_ request: ReadingRequest) {
        let (model, file, reason) = (request.model, request.order.file, request.order.reason)
        guard let entry = entries[model]?[file] else { return enter(request) }
        switch entry.stage {
        case .waiting(let ticket) where reason.isUrgent:
            line.remove(ticket)
            enter(request)
        case .running where entry.reason.isUrgent:
            guard reason.isUrgent else { break }
            entry.gauge.join(goal: reason.goal)
            entries[model]?[file]?.reason = reason
        case .running where reason.isUrgent:
            // It is slow, and it began before somebody asked: the pass that its end brings about has it read anew, at full speed.
            entry.gauge.requestStop()
        default: break
        }
    }

    private func enter(_ request: ReadingRequest) {
        let entry = Entry(
            stage: .waiting(ticket: line.add(request)), request: request, gauge: ReadingGauge(goal: request.order.reason.goal),
            reason: request.order.reason)
        entries[request.model, default: [:]][request.order.file] = entry
    }

    /// What is under way for a model.
    func work(of model: ModelID) -> [RelativePath: BinaryWork] { (entries[model] ?? [:]).mapValues(Self.work) }

    /// Everything under way, by model.
    var allWork: [ModelID: [RelativePath: BinaryWork]] { entries.mapValues { $0.mapValues(Self.work) } }

    private static func work(_ entry: Entry) -> BinaryWork {
        if case .waiting = entry.stage { return BinaryWork(kind: .queuedVerification, reason: entry.reason) }
        return entry.gauge.work(because: entry.reason)
    }

    /// Stops what is read for a model. How far a large file was read is kept.
    func cancel(_ model: ModelID) {
        var wasWaiting = false
        for (file, entry) in entries[model] ?? [:] {
            entry.gauge.requestStop()
            guard case .waiting(let ticket) = entry.stage else { continue }
            line.remove(ticket)
            wasWaiting = true
            leave(Key(model: model, file: file))
        }
        if wasWaiting { Task { await mark([model]) } }
    }

    /// Stops all readings and returns when what they came to is remembered.
    func stop() async {
        isStopping = true
        line = ReadingLine()
        for files in entries.values { for entry in files.values { entry.gauge.requestStop() } }
        hurry()
        while urgentReaders + otherReaders > 0 || recording != nil {
            await withCheckedContinuation { idleWaiters.append($0) }
        }
        entries = [:]
    }

    // Reading.

    private func startReaders() {
        while urgentReaders < Self.readersOfAKind, let batch = nextUrgentBatch() {
            urgentReaders += 1
            Task { await readUrgent(batch) }
        }
        while otherReaders < Self.readersOfAKind, let item = nextOther() {
            otherReaders += 1
            Task { await readOthers(item) }
        }
    }

    private func readUrgent(_ first: Batch) async {
        var next: Batch? = first
        let buffer = LentBuffer()
        while let batch = next {
            let (verifier, items) = (verifier, batch.items)
            let endings = try? await verifier.lane.run { verifier.read(items, by: buffer.bytes) }
            for (request, ending) in endings ?? [] { note(ending, of: request) }
            await waitForRecording()
            next = isStopping ? nil : nextUrgentBatch()
        }
        urgentReaders -= 1
        readerLeft()
    }

    private func readOthers(_ first: (request: ReadingRequest, gauge: ReadingGauge)) async {
        var next: (request: ReadingRequest, gauge: ReadingGauge)? = first
        while let (request, gauge) = next {
            let verifier = verifier
            // Whoever put a new file there may wait for it, said or not; what was verified before may wait itself.
            let read = { @Sendable in verifier.read([(request, gauge)], by: ReadingBuffer()) }
            let endings = request.order.reason == .due ? await IdleThread.run(read) : try? await newLane.run(read)
            for (request, ending) in endings ?? [] { note(ending, of: request) }
            await waitForRecording()
            next = isStopping ? nil : nextOther()
        }
        otherReaders -= 1
        readerLeft()
    }

    /// For one reader, which uses it on one thread at a time.
    private final class LentBuffer: @unchecked Sendable {
        let bytes = ReadingBuffer()
    }

    private func readerLeft() {
        if !isStopping { startReaders() }
        if urgentReaders == 0 { hurry() }
        wakeIdleWaiters()
    }

    private func nextUrgentBatch() -> Batch? {
        var batch = Batch()
        // A large one comes by itself: the others of its batch would be remembered only with it.
        while batch.byteCount < Self.batchSize,
            let request = line.takeUrgent(atMost: batch.items.isEmpty ? .max : Self.batchSize - batch.byteCount), let gauge = begin(request)
        {
            batch.items.append((request, gauge))
            batch.byteCount += max(request.byteCount, 1 << 16)
        }
        return batch.items.isEmpty ? nil : batch
    }

    private func nextOther() -> (request: ReadingRequest, gauge: ReadingGauge)? {
        closeWindow()
        return line.takeOther().flatMap { request in begin(request).map { (request, $0) } }
    }

    private func begin(_ request: ReadingRequest) -> ReadingGauge? {
        entries[request.model]?[request.order.file]?.stage = .running
        return entries[request.model]?[request.order.file]?.gauge
    }

    /// Behind a closed window nobody waits in line: the planner knows when it opens.
    private func closeWindow() {
        guard !verifier.isWindowOpen() else { return }
        let due = line.removeDue()
        for request in due { leave(Key(model: request.model, file: request.order.file)) }
        if !due.isEmpty { Task { await mark(Set(due.map(\.model))) } }
    }

    // Remembering.

    private func note(_ ending: BinaryVerifier.Ending, of request: ReadingRequest) {
        let key = Key(model: request.model, file: request.order.file)
        switch ending {
        case .putDown:
            leave(key)
            if !isStopping { Task { await mark([key.model]) } }
        case .read(let reading): remember(reading, isFailure: false, key, isUrgent: request.order.reason.isUrgent)
        case .failed(let reading): remember(reading, isFailure: true, key, isUrgent: request.order.reason.isUrgent)
        }
    }

    private func remember(_ reading: EndedReading, isFailure: Bool, _ key: Key, isUrgent: Bool) {
        entries[key.model]?[key.file]?.stage = .unrecorded
        ended.append((key, reading, isFailure))
        if recording == nil {
            let pause = Task { _ = try? await Task.sleep(for: isUrgent ? Self.askedPause : Self.ownPause) }
            self.pause = pause
            recording = Task {
                await pause.value
                await record()
            }
        } else if isUrgent, urgentReaders == 0 {
            hurry()
        }
        if ended.count >= Self.groupSize { hurry() }
    }

    /// What was read is remembered at once: nothing comes that could share the commit, or enough has come.
    private func hurry() { pause?.cancel() }

    /// In a task of its own, which nobody cancels: what was read is remembered also when stopping.
    private func record() async {
        while !ended.isEmpty {
            let group = ended
            ended = []
            for reader in pausedReaders { reader.resume() }
            pausedReaders = []
            do {
                let events = try await verifier.events.record(group.map(\.reading))
                CrashPoint.reach("verify.recorded")
                for member in group { leave(member.key) }
                // What is well waits for the rest of its model; what is not is acted on at once.
                var alarming = Set(group.filter(\.isFailure).map(\.key.model))
                for event in events where event.event.kind != EventKind.binaryVerified.rawValue {
                    if let model = event.event.model { alarming.insert(model) }
                }
                let marked = alarming.union(restedModels(of: Set(group.map(\.key.model)).subtracting(alarming)))
                if !marked.isEmpty, !isStopping { await mark(marked) }
            } catch {
                for member in group { leave(member.key) }
                for model in Set(group.map(\.key.model)) where !isStopping { await stateFailed(model, error) }
            }
        }
        recording = nil
        wakeIdleWaiters()
    }

    /// Those of which nothing is read any more, or that were not looked at for a while.
    private func restedModels(of models: Set<ModelID>) -> Set<ModelID> {
        let now = ContinuousClock().now
        return models.filter { model in
            guard entries[model] != nil else {
                lastMark[model] = nil
                return true
            }
            let last = lastMark[model] ?? now
            if lastMark[model] == nil { lastMark[model] = now }
            guard last.duration(to: now).seconds >= Self.markInterval else { return false }
            lastMark[model] = now
            return true
        }
    }

    private func leave(_ key: Key) {
        entries[key.model]?[key.file] = nil
        if entries[key.model]?.isEmpty == true { entries[key.model] = nil }
    }

    private func waitForRecording() async {
        while ended.count >= Self.unrecordedLimit { await withCheckedContinuation { pausedReaders.append($0) } }
    }

    private func wakeIdleWaiters() {
        for waiter in idleWaiters { waiter.resume() }
        idleWaiters = []
    }
}
