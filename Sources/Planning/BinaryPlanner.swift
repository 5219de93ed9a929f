import FoundationEssentials
import ModelInfo

/// Decides about one binary of one model.
struct BinaryPlanner {
    let declared: DeclaredBinary
    let view: ModelView
    let model: PresentModel
    let policy: Policy
    let now: Date
    /// Whether the model's gist is about to be read, or what was read of it to come here: it may name another URL or checksum.
    let isGistComing: Bool

    struct Decision {
        var verdict: BinaryVerdict
        var actions: [Action] = []
    }

    func decide() -> Decision {
        guard let file = declared.file else {
            return told(
                .blocked, note: "the file name '\(declared.fileText ?? "")' cannot be used", hint: "zooctl lint \(view.directoryWord)")
        }
        if let why = model.refusedBinaries[file] {
            return told(.blocked, note: "\(file) \(why)", hint: "replace it by a regular file, or move it away")
        }
        let memory = view.memory.binaries[file] ?? BinaryMemory()
        if let work = view.inFlight[file] { return underWay(work, memory) }
        guard let identity = model.binaries[file] else { return absent(file, memory) }
        return present(file, identity, memory)
    }

    private func underWay(_ work: BinaryWork, _ memory: BinaryMemory) -> Decision {
        let state: BinaryState =
            switch work.kind {
            case .queuedFetch: .queued
            case .fetching: .fetching
            case .queuedVerification, .verifying: .verifying
            }
        var decision = told(state, note: work.note, verifiedAt: memory.good?.at)
        // What was to be read when its time comes is read now, and what another person has read is read for this one, too.
        if let file = declared.file, let reason = work.reason {
            let wantsSHA1 = needsSHA1(memory, model.binaries[file])
            if reason.goal < view.goals.verification, !isAnswered(memory) {
                decision.actions = [.verify(file, sha1: wantsSHA1, because: .asked(goal: view.goals.verification))]
            } else if !reason.isUrgent, view.goals.contains(where: { $0.kind.isLongWork && $0.kind != .verify }) {
                decision.actions = [.verify(file, sha1: wantsSHA1, because: .awaited)]
            }
        }
        return decision
    }

    /// Whether the file was read since the newest wish for it, be it by a fetch.
    private func isAnswered(_ memory: BinaryMemory) -> Bool {
        if memory.answered >= view.goals.verification { return true }
        guard let readAt = memory.hashed?.at, let askedAt = view.goals.verificationAskedAt else { return false }
        // A reading from the future was made before the clock was set back, and so before the wish.
        return askedAt <= readAt && readAt <= now
    }

    // Not there.

    private static let writableHint = "let zood write there: mode: read-write in zoos"

    private func absent(_ file: RelativePath, _ memory: BinaryMemory) -> Decision {
        guard declared.url != nil || declared.urlText != nil else {
            let why = "\(file) is missing, and the readme names no URL"
            guard !policy.zooIsReadOnly else { return told(.none, note: "\(why); this zoo is read-only", hint: Self.writableHint) }
            return told(.none, note: why, hint: "\(view.importCommand), or add caffemodel_url to the readme")
        }
        return fetching(file, memory, purpose: .missing, otherwise: .missing)
    }

    /// A fetch where it is allowed, else `otherwise` with the reason: a file that is there keeps its word whatever hinders the fetch.
    private func fetching(
        _ file: RelativePath, _ memory: BinaryMemory, purpose: FetchPurpose, otherwise state: BinaryState, note: String? = nil
    ) -> Decision {
        let asked = view.goals.wantFetch || purpose == .repair && view.goals.wantRepair
        let again = "zooctl \(purpose == .repair ? "repair" : "fetch") \(view.idWord)"
        func left(_ state: BinaryState, _ note: String?, hint: String?, until: Date? = nil) -> Decision {
            var decision = told(state, note: note, hint: hint, verifiedAt: memory.good?.at)
            decision.actions = until.map { [.sleep(until: $0)] } ?? []
            return decision
        }
        let other = "have it from disk: \(view.importCommand)"
        if policy.zooIsReadOnly {
            return left(state, note ?? "\(file) is missing; this zoo is read-only", hint: Self.writableHint)
        }
        if purpose != .missing, let owner = model.foreignBinaries[file] {
            let why = purpose == .repair ? note : "the readme names another checksum now"
            var decision = left(
                state, "\(why.map { "\($0); " } ?? "")it belongs to uid \(owner), and zood replaces nobody else's file",
                hint: "\(view.movingAway(file)), then: zooctl fetch \(view.idWord)")
            decision.verdict.hindrance = .refused
            return decision
        }
        if let problem = model.reading.fetchProblem(isAsked: asked) {
            let why = note.map { "\($0); \(problem.message)" } ?? problem.message
            return left(state == .missing ? .blocked : state, why, hint: problem.hint ?? other)
        }
        guard declared.url != nil else {
            return left(state == .missing ? .blocked : state, note ?? "the URL of \(file) cannot be fetched", hint: other)
        }
        let hasChecksum = declared.sha1 != nil || declared.sha256 != nil
        let isAllowed = asked || policy.fetchesBinaries && (hasChecksum || policy.fetchesUnverified)
        // What failed says so, also where nobody tries again by itself.
        if let trouble = memory.trouble,
            isAllowed
                ? trouble.blocks(mark, goals: view.goals, room: view.room, now: now) : trouble.about == mark && !trouble.isWaitOver(now)
        {
            if trouble.kind == .verification, isGistComing, note == nil {
                let why = "what came for \(file) is not what the readme names; its gist is read, since it may have been corrected there"
                return left(state == .missing ? .queued : state, why, hint: nil)
            }
            let shown: BinaryState =
                switch trouble.kind {
                case .verification: .mismatch
                case .refused: .blocked
                case .cancelled: .missing
                case .waiting: isAllowed ? .queued : .missing
                default: .failed
                }
            let words = TroubleWords(
                trouble, again: again, isByItself: policy.fetchesBinaries && (hasChecksum || policy.fetchesUnverified), zone: policy.zone,
                now: now)
            var decision = left(
                state == .missing ? shown : state, words.note(beside: note), hint: words.hint,
                until: isAllowed ? trouble.notBefore : trouble.pause.flatMap { $0.isOver(now) ? nil : $0.until })
            decision.verdict.hindrance = trouble.kind
            decision.verdict.wait = words.wait
            if isAllowed { decision.verdict.awaitedRoom = trouble.neededRoom }
            return decision
        }
        let isWanted = view.goals.fetchAskedAt.map { $0 >= view.memory.decisions.unconfirmedAt ?? .distantPast } ?? false
        if !isWanted, view.memory.decisions.unconfirmedSources.contains(mark) {
            return left(
                state, note ?? "somebody else's gist names another source or checksum of \(file): a person has to want it",
                hint: "look at it, then: zooctl fetch \(view.idWord)")
        }
        if !hasChecksum, !policy.fetchesUnverified, !asked {
            return left(state, note ?? "no sha1 in the readme, so it is fetched only on request", hint: "zooctl fetch \(view.idWord)")
        }
        guard policy.fetchesBinaries || asked else {
            return left(state, note ?? "binaries.fetch is manual", hint: "zooctl fetch \(view.idWord)")
        }
        let news = purpose == .repair ? note.map { "\($0); it is replaced now" } : note
        var decision = left(state == .missing ? .queued : state, news, hint: nil)
        decision.actions = [.fetch(declared, purpose: purpose)]
        return decision
    }

    /// What a failed fetch was about: a corrected URL or checksum makes the failure void.
    private var mark: String { declared.fetchMark }

    // There.

    private func present(_ file: RelativePath, _ identity: FileIdentity, _ memory: BinaryMemory) -> Decision {
        guard let hashed = memory.hashed, hashed.identity.isSameFile(as: identity) else {
            return reading(file, memory, wantsSHA1: true, because: .new)
        }
        if !isAnswered(memory) { return reading(file, memory, wantsSHA1: needsSHA1(memory, identity), because: .new) }
        let next = policy.verifyEvery.map {
            ReadingSchedule(every: $0, hours: policy.readingHours, name: "\(view.id)/\(file)").next(after: hashed.at, now: now)
        }
        if let next, next <= now { return reading(file, memory, wantsSHA1: needsSHA1(memory, identity), because: .due) }
        var decision: Decision
        switch fit(of: hashed, memory) {
        case .fits(missingSHA1: true): return reading(file, memory, wantsSHA1: true, because: .new)
        case .fits(missingSHA1: false): decision = settled(hashed)
        case .differs: decision = differing(file, identity, hashed, memory)
        }
        decision.verdict.nextVerifyAt = next
        if let next { decision.actions.append(.sleep(until: next)) }
        return decision
    }

    private enum Fit: Equatable { case fits(missingSHA1: Bool), differs }

    /// How what was read stands to the checksum that the info gives now.
    private func fit(of hashed: HashedFile, _ memory: BinaryMemory) -> Fit {
        if let expected = declared.sha256, expected != hashed.sha256 { return .differs }
        guard let expected = declared.sha1 else {
            if declared.sha256 != nil { return .fits(missingSHA1: false) }
            // Without a checksum the first digest stands in for it.
            guard let good = memory.good else { return .fits(missingSHA1: false) }
            return good.sha256 == hashed.sha256 ? .fits(missingSHA1: false) : .differs
        }
        // SHA-1 can be forged: bytes that were once recorded for this SHA-1 are the only ones that pass for it.
        if let good = memory.good, good.sha1 == expected {
            return good.sha256 == hashed.sha256 ? .fits(missingSHA1: false) : .differs
        }
        guard let sha1 = hashed.sha1 ?? (memory.good?.sha256 == hashed.sha256 ? memory.good?.sha1 : nil) else {
            return .fits(missingSHA1: true)
        }
        return sha1 == expected ? .fits(missingSHA1: false) : .differs
    }

    /// The SHA-1 of good bytes is read again only when it was never seen to fit what the readme says now. That of others always: who
    /// keeps them is told what to write.
    private func needsSHA1(_ memory: BinaryMemory, _ identity: FileIdentity?) -> Bool {
        guard let good = memory.good, let hashed = memory.hashed, hashed.sha256 == good.sha256,
            let identity, hashed.identity.isSameFile(as: identity)
        else { return true }
        return declared.sha1.map { good.sha1 != $0 } ?? false
    }

    private func reading(_ file: RelativePath, _ memory: BinaryMemory, wantsSHA1: Bool, because reason: ReadingReason) -> Decision {
        // Whoever wants it verified has it tried again, once.
        let others = view.goals.filter { $0.kind != .verify }
        if let trouble = memory.trouble, isAnswered(memory), trouble.blocks(declared.readMark, goals: others, now: now) {
            var decision = told(
                .failed, note: trouble.message, hint: trouble.hint ?? "zooctl verify \(view.idWord)", verifiedAt: memory.good?.at)
            decision.verdict.hindrance = trouble.kind
            decision.actions = trouble.notBefore.map { [.sleep(until: $0)] } ?? []
            return decision
        }
        var decision = told(.verifying, note: nil, verifiedAt: memory.good?.at)
        let goal = view.goals.verification
        let isAwaited = view.goals.awaitBinaries
        decision.actions = [
            .verify(file, sha1: wantsSHA1, because: isAnswered(memory) ? isAwaited ? .awaited : reason : .asked(goal: goal))
        ]
        return decision
    }

    private func settled(_ hashed: HashedFile) -> Decision {
        if declared.sha1 != nil || declared.sha256 != nil { return told(.verified, note: nil, verifiedAt: hashed.at) }
        return told(
            .unverifiable, note: "no sha1 in the readme; its digest was recorded and is watched",
            hint: "zooctl fetch \(view.idWord) --pin", verifiedAt: hashed.at)
    }

    /// The bytes are not what the info says: damage, an edit, or an old good file under new info.
    private func differing(_ file: RelativePath, _ identity: FileIdentity, _ hashed: HashedFile, _ memory: BinaryMemory) -> Decision {
        guard let good = memory.good else {
            return told(
                .modified, note: "\(file) does not have the checksum that the readme names",
                hint: keeping(hashed))
        }
        if good.sha256 == hashed.sha256 {
            return fetching(
                file, memory, purpose: .replaceOutdated, otherwise: .outdated,
                note: "the readme names another checksum now; the old file stays until the new one is verified")
        }
        guard identity.isUntouched(since: good.identity) else {
            return told(
                .modified, note: "\(file) was changed after it was verified; it is left as it is",
                hint: keeping(hashed), verifiedAt: good.at)
        }
        let note = "\(file) rotted: its bytes changed although nobody wrote to it"
        let isForeign = model.foreignBinaries[file] != nil
        guard policy.repairs || isForeign || view.goals.wantFetch || view.goals.wantRepair else {
            return told(.corrupt, note: note, hint: "zooctl repair \(view.idWord)", verifiedAt: good.at)
        }
        return fetching(file, memory, purpose: .repair, otherwise: .corrupt, note: note)
    }

    /// Both ways on with a file that somebody changed.
    private func keeping(_ hashed: HashedFile) -> String {
        let away = "move it away, then \(declared.url == nil ? view.importCommand : "zooctl fetch \(view.idWord)")"
        guard hashed.identity.size > 0 else { return "it is empty: \(away)" }
        let keep: String
        if declared.sha256 != nil {
            keep = "write its sha256 into the readme: \(hashed.sha256)"
        } else if let sha1 = hashed.sha1 {
            // One of several keys of that name is edited by nobody but a person.
            let isOnly = model.reading.declaredBinaries.count == 1
            keep = isOnly ? "zooctl set \(view.directoryWord) sha1=\(sha1)" : "write its sha1 into the readme: \(sha1)"
        } else {
            keep = "zooctl verify \(view.idWord) tells its sha1"
        }
        return "to keep it: \(keep); to drop it: \(away)"
    }

    private func told(_ state: BinaryState, note: String?, hint: String? = nil, verifiedAt: Date? = nil) -> Decision {
        Decision(verdict: BinaryVerdict(declared, state, note: note, hint: hint, verifiedAt: verifiedAt))
    }
}

extension DeclaredBinary {
    /// What a fetch is about: where from, and what for. A failure counts only as long as this stays the same.
    public var fetchMark: String {
        [url ?? "", sha1?.description ?? "", sha256?.description ?? ""].joined(separator: " ")
    }

    /// What reading the file is about: a failure to fetch it says nothing about that.
    public var readMark: String { "read " + fetchMark }
}

extension ModelMemory {
    /// When something else came last than what the info names now.
    func mismatchedAt(_ reading: ModelReading) -> Date? {
        reading.declaredBinaries.compactMap { declared -> Date? in
            guard let trouble = declared.file.flatMap({ binaries[$0]?.trouble }) else { return nil }
            return trouble.kind == .verification && trouble.about == declared.fetchMark ? trouble.at : nil
        }.max()
    }
}

extension ModelReading {
    /// Every binary that the info declares, in order.
    public var declaredBinaries: [DeclaredBinary] { card?.binaries ?? [] }

    /// Why nothing may be fetched by what is written: the first error about the URL or the name, or else, unless somebody asks, whatever
    /// makes the info doubtful. Nil when it may.
    func fetchProblem(isAsked: Bool) -> Diagnostic? {
        let codes: Set<DiagnosticCode> = [
            .urlInvalid, .urlUnsupportedScheme, .urlHasCredentials, .urlAddressRefused, .caffemodelUnsafePath, .caffemodelOverwritesInfo,
        ]
        if let problem = diagnostics.first(where: { codes.contains($0.code) }) { return problem }
        guard !canDownload, !isAsked else { return nil }
        return diagnostics.first { $0.severity == .error } ?? diagnostics.first { $0.code == .duplicateKey }
    }
}
