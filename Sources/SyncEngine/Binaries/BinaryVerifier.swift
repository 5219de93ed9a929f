import FoundationEssentials
import ModelInfo
import Planning
import Synchronization
import SystemIO
import Transfers

/// Reads a binary from end to end and says what it has, together with the inode that was read. The planner says what that means.
struct BinaryVerifier: Sendable {
    let store: StateStore
    let events: EventLog
    /// For what somebody waits for. The rest has threads of its own, at idle priority.
    let lane: BlockingLane
    let clock: any DaemonClock
    let chance: Chance
    /// `verify.bandwidth`, of all readings together that nobody waits for.
    let bandwidth: SharedBandwidth
    /// Whether `verify.window` is open now.
    var isWindowOpen: @Sendable () -> Bool = { true }
    /// Counts every byte that is read.
    var counter = ReadingCounter()

    /// How a reading ended.
    enum Ending: Sendable {
        case read(EndedReading)
        /// It stopped before the end; what was read so far is kept.
        case putDown
        case failed(EndedReading)
    }

    /// So many bytes are read again at most after a kill.
    static let keptEvery: Int64 = 256 << 20
    /// A smaller file begins anew. What is larger may take longer than its window is open, at a low `verify.bandwidth`.
    static let leastKept: Int64 = 8 << 20

    /// The directory of the file that was read last: the next one mostly lies there, too.
    struct OpenedDirectory {
        private var last: (model: ModelID, directory: RootedDirectory)?

        mutating func directory(of request: ReadingRequest) throws(SystemError) -> RootedDirectory {
            if let last, last.model == request.model { return last.directory }
            let directory = try request.zoo.root.directory(request.model.path)
            last = (request.model, directory)
            return directory
        }
    }

    /// A file that was opened to be read, with its first bytes on their way from the disk.
    private final class OpenedBinary {
        let file: OwnedDescriptor
        var cache: CachedSpans

        init(_ file: consuming OwnedDescriptor, byteCount: Int64) {
            cache = CachedSpans(of: file, byteCount: byteCount)
            cache.readAhead(of: file)
            self.file = file
        }
    }

    private func open(_ request: ReadingRequest, in opened: inout OpenedDirectory) -> Result<OpenedBinary, SystemError> {
        do throws(SystemError) {
            return .success(
                OpenedBinary(try opened.directory(of: request).open(request.order.file), byteCount: request.byteCount))
        } catch {
            return .failure(error)
        }
    }

    /// Reads one after the other; while one is hashed the next is on its way. Blocks.
    func read(_ items: [(request: ReadingRequest, gauge: ReadingGauge)], by buffer: ReadingBuffer) -> [(ReadingRequest, Ending)] {
        var directory = OpenedDirectory()
        var next = items.first.map { open($0.request, in: &directory) }
        return items.indices.compactMap { index in
            guard let current = next else { return nil }
            let (request, gauge) = items[index]
            next = index + 1 < items.count ? open(items[index + 1].request, in: &directory) : nil
            switch current {
            case .success(let binary): return (request, read(binary, request, gauge, by: buffer))
            case .failure(let error): return (request, failed(request, gauge, OutcomeJudge.judge(error, model: request.idWord)))
            }
        }
    }

    private func read(_ binary: OpenedBinary, _ request: ReadingRequest, _ gauge: ReadingGauge, by buffer: ReadingBuffer) -> Ending {
        do throws(DigestFailure) {
            return try read(binary.file, &binary.cache, request, gauge, by: buffer)
        } catch {
            return failed(request, gauge, OutcomeJudge.judge(error, model: request.idWord))
        }
    }

    private func read(
        _ file: borrowing OwnedDescriptor, _ cache: inout CachedSpans, _ request: ReadingRequest, _ gauge: ReadingGauge,
        by buffer: ReadingBuffer
    ) throws(DigestFailure) -> Ending {
        let reason = request.order.reason
        var begunAt = clock.now
        let earlier = earlierReading(of: request, answering: reason.goal)
        var reading = try FileReading(of: file, sha1: request.order.wantsSHA1, sha256: true, from: earlier?.place)
        if reading.offset > 0, let earlier { begunAt = earlier.begunAt }
        var keptAt = reading.offset
        gauge.begin(at: reading.offset, of: reading.identity.size)
        if reading.identity.size != request.byteCount { cache = CachedSpans(of: file, byteCount: reading.identity.size) }
        while !reading.isComplete {
            if gauge.shouldStop || reason == .due && !isWindowOpen() {
                keep(reading.place, of: request, begunAt, gauge)
                cache.dropRead(upTo: reading.offset, of: file)
                return .putDown
            }
            let before = reading.offset
            try reading.advance(file, by: buffer)
            gauge.reach(reading.offset)
            counter.add(reading.offset - before)
            cache.dropRead(upTo: reading.offset, of: file)
            if reading.offset - keptAt >= Self.keptEvery, !reading.isComplete {
                keep(reading.place, of: request, begunAt, gauge)
                keptAt = reading.offset
            }
            if !reason.isUrgent { bandwidth.spend(reading.offset - before, unless: { gauge.shouldStop }) }
        }
        CrashPoint.reach("verify.read")
        return ended(request, gauge, try reading.finish(file), begunAt)
    }

    /// What is left of a reading that was put down, when it is of use: whoever asked for a reading gets one that began after that.
    private func earlierReading(of request: ReadingRequest, answering goal: Int64) -> PutDownReading? {
        // What somebody waits for is fast: looking whether a small one was begun would cost more than it saves.
        let least = request.order.reason == .due ? Self.leastKept : Self.keptEvery
        guard request.byteCount > least else { return nil }
        return (try? store.putDownReading(of: request.order.file, in: request.model)).flatMap { $0.goal >= goal ? $0 : nil }
    }

    /// A state that cannot be written shows when the reading ends, at the latest; until then it is only begun anew after a kill.
    private func keep(_ place: FileReading.Place?, of request: ReadingRequest, _ begunAt: Date, _ gauge: ReadingGauge) {
        guard request.byteCount > Self.leastKept, let place, place.offset > 0 else { return }
        try? store.putDown(
            PutDownReading(place: place, begunAt: begunAt, goal: gauge.answeredGoal), of: request.order.file, in: request.model)
        CrashPoint.reach("verify.kept")
    }

    private func ended(_ request: ReadingRequest, _ gauge: ReadingGauge, _ digest: FileDigest, _ begunAt: Date) -> Ending {
        let (model, file, declared) = (request.model, request.order.file, request.declared)
        guard let sha256 = digest.sha256 else { return .putDown }
        let hashed = HashedFile(identity: digest.identity, sha1: digest.sha1, sha256: sha256, at: begunAt)
        let now = clock.now
        return .read(
            EndedReading(model: model, file: file, isLong: digest.identity.size > Self.leastKept) { memory in
                let (known, before) = (memory.shown(by: declared), memory.hashed)
                memory.wasRead(hashed, declared: declared, answering: gauge.answeredGoal)
                guard let shown = memory.shown(by: declared) else { return [] }
                // As it was when it was last read, and well: of thousands of files each month that would be all that the log holds.
                if shown == .verified || shown == .unverifiable, shown == known, let before, before.sha256 == sha256,
                    before.identity.isSameFile(as: hashed.identity)
                {
                    return []
                }
                return [NewEvent(readingOf: file, in: model, showed: shown, hashed, at: now)]
            })
    }

    private func failed(_ request: ReadingRequest, _ gauge: ReadingGauge, _ outcome: Outcome) -> Ending {
        let (now, chance, mark) = (clock.now, chance.fraction(), request.declared.readMark)
        return .failed(
            EndedReading(model: request.model, file: request.order.file, isLong: false) { memory in
                memory.trouble = Trouble.left(by: outcome.asLocal, about: mark, before: memory.trouble, now: now, chance: chance)
                memory.answered = max(memory.answered, gauge.answeredGoal)
                return []
            })
    }
}

/// Bytes that were read for verification since the daemon started.
final class ReadingCounter: Sendable {
    private let bytes = Atomic<Int64>(0)

    var total: Int64 { bytes.load(ordering: .relaxed) }

    func add(_ byteCount: Int64) { bytes.add(byteCount, ordering: .relaxed) }
}

extension NewEvent {
    fileprivate init(readingOf file: RelativePath, in model: ModelID, showed state: BinaryState, _ hashed: HashedFile, at now: Date) {
        let (kind, words): (EventKind, String) =
            switch state {
            case .unverifiable: (.binaryVerified, "was read; its bytes are those that were first recorded")
            case .corrupt: (.binaryCorrupt, "was read; its bytes changed although nobody wrote to it")
            case .outdated: (.binaryOutdated, "was read; it is as it was, but the readme names another checksum")
            case .modified: (.binaryModified, "was read; it is not what was verified, nor what the readme names")
            default: (.binaryVerified, "was read and verified")
            }
        var details = ["sha256": hashed.sha256.description, "bytes": String(hashed.identity.size)]
        details["sha1"] = hashed.sha1?.description
        self.init(at: now, kind: kind, model: model, message: "\(file) \(words)", details: details)
    }
}

extension Outcome {
    /// A file that cannot be read is a local trouble, whatever its cause, so that the planner tells it from a fetch that failed.
    fileprivate var asLocal: Outcome {
        switch self {
        case .done: self
        case .retry(let after, _, let because, let hint): .retry(after: after, kind: .local, because: because, hint: hint)
        case .waits: .retry(after: nil, kind: .local, because: "it waits for a host", hint: nil)
        case .needsRoom(_, let because, let hint): .retry(after: nil, kind: .local, because: because, hint: hint)
        case .later(let at, _, let because, let hint): .later(at: at, kind: .local, because: because, hint: hint)
        case .needsPerson(_, let why, let hint): .needsPerson(kind: .local, why: why, hint: hint)
        }
    }
}
