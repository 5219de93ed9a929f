import FoundationEssentials
import Glibc
import ModelInfo
import Planning
import SystemIO

/// Makes a model's directory from a gist. It grows in staging and gets its name in one step, over nothing that is there.
///
/// What is remembered of the model is saved before that step, with the inode that the directory has: whatever interrupts, the next look
/// tells by it whether the step was made. If not, all of it is taken back.
struct ModelAdder: Sendable {
    struct Settings: Sendable {
        /// Permission bits of what is made.
        var fileMode: UInt32 = 0o664
        var directoryMode: UInt32 = 0o775
    }

    let gate: GistGate
    let reader: GistReader
    let store: StateStore
    let events: EventLog
    let lane: BlockingLane
    let clock: any DaemonClock
    let chance: Chance
    let settings: @Sendable () -> Settings

    func add(_ wish: AddWish, goal: Int64, for view: ModelView, in zoo: Zoo) async throws {
        if let keeper = try await store.keeper(of: wish.gist) {
            let why = "gist \(wish.gist) is that of \(keeper.path) already"
            return try await fail(
                .needsPerson(kind: .refused, why: why, hint: "zooctl show \(ShellWord.of(keeper.path.description))"), wish, view)
        }
        let (gist, isOwn): (Gist, Bool)
        do throws(GistFailure) {
            gist = try await gate.read { host throws(GistFailure) in try await host.read(wish.gist) }
            isOwn = try await gate.isOwn(gist)
        } catch {
            // What concerns every model is the gate's to remember.
            if error == .cancelled || error.closesHost { return }
            return try await fail(OutcomeJudge.judge(error, model: view.idWord, now: clock.now), wish, view)
        }
        let content = reader.taken(gist)
        // It was asked before, and may have been changed meanwhile.
        let readme = ReadmeNames.choose(from: Array(content.files.keys))
        let card = readme.flatMap { name in content.files[name].map { ModelCard(readme: Array($0.utf8), fileName: name) } }
        guard card?.makesModel(withFiles: content.files.keys) == true else {
            let why = "gist \(gist.id) has no \(readme == nil ? "readme" : "key that zood knows in its readme"), so it is no model's"
            return try await fail(.needsPerson(kind: .refused, why: why, hint: nil), wish, view)
        }
        CrashPoint.reach("add.read")
        let (files, settings) = (content.files, settings())
        let arrival: Arrival
        do {
            arrival = try await lane.run { try stage(files, settings, wish, goal, view.id, in: zoo) }
        } catch {
            return try await fail(outcome(of: error, view), wish, view)
        }
        CrashPoint.reach("add.staged")
        try await remember(gist, content, isOwn: isOwn, arrival, view.id)
        CrashPoint.reach("add.intended")
        do {
            try await lane.run { try name(arrival, view.id, in: zoo) }
        } catch {
            return try await takeBack(arrival, because: outcome(of: error, view), view, in: zoo)
        }
        try await record(arrival, notTaken: reader.refused(gist), view)
    }

    /// An addition that was interrupted.
    func settle(_ arrival: Arrival, for view: ModelView, in zoo: Zoo) async throws {
        let hasArrived = try await lane.run { () throws(SystemError) in
            do throws(SystemError) {
                guard let (found, _) = try zoo.root.status(of: view.id.path) else { return false }
                return (found.device, found.inode) == (arrival.device, arrival.inode)
            } catch {
                if error.errno == ENOTDIR || error.errno == ELOOP { return false }
                throw error
            }
        }
        if hasArrived { return try await record(arrival, notTaken: [], view) }
        try await takeBack(arrival, because: nil, view, in: zoo)
    }

    // On the disk. All of it blocks.

    private enum Refusal: Error {
        case readOnly
        case taken(by: String)
    }

    private func stage(
        _ files: [String: String], _ settings: Settings, _ wish: AddWish, _ goal: Int64, _ id: ModelID, in zoo: Zoo
    ) throws -> Arrival {
        guard let incoming = zoo.staging?.incoming else { throw Refusal.readOnly }
        try zoo.root.createParents(of: id.path, permissions: settings.directoryMode)
        let parent = try id.path.parent.map { try zoo.root.directory($0) } ?? zoo.root
        // One that differs only in case would be the same directory on many a machine that mounts this one.
        let rival = try parent.entries().entries.first { $0.name.description.lowercased() == id.path.name.lowercased() }
        if let rival { throw Refusal.taken(by: rival.name.description) }
        let staged = try RelativePath("model-\(SystemRandom.hex(byteCount: 6))")
        do {
            try incoming.createDirectory(staged, asIn: parent, permissions: settings.directoryMode)
            let directory = try incoming.directory(staged)
            for (name, text) in files.sorted(by: { $0.key < $1.key }) {
                let file = try directory.open(
                    try RelativePath(nameFromOutside: name), .write, creating: .mustBeNew, permissions: settings.fileMode)
                try file.write(text.utf8, at: 0)
                try file.sync()
                CrashPoint.reach("add.written")
            }
            try directory.sync()
            try incoming.sync()
            let identity = try directory.status()
            return Arrival(wish: wish, goal: goal, staged: staged.description, device: identity.device, inode: identity.inode)
        } catch {
            try? incoming.removeTree(staged)
            throw error
        }
    }

    private func name(_ arrival: Arrival, _ id: ModelID, in zoo: Zoo) throws {
        guard let incoming = zoo.staging?.incoming else { throw Refusal.readOnly }
        try incoming.rename(try RelativePath(arrival.staged), to: id.path, in: zoo.root, .refuse)
        CrashPoint.reach("add.named")
        try zoo.root.syncParent(of: id.path)
        try incoming.sync()
    }

    private func outcome(of error: any Error, _ view: ModelView) -> Outcome {
        func left(_ name: String) -> Outcome {
            .needsPerson(
                kind: .refused, why: "\(name) is there already; it is left as it is", hint: "name another directory: zooctl add GIST DIR")
        }
        switch error {
        case Refusal.readOnly: return .needsPerson(kind: .refused, why: "this zoo is read-only", hint: nil)
        case Refusal.taken(let name): return left(name)
        case let error as SystemError where error.errno == EEXIST: return left(view.id.path.description)
        case let error as SystemError: return OutcomeJudge.judge(error, model: view.idWord)
        default: return .retry(after: nil, kind: .local, because: "\(error)", hint: nil)
        }
    }

    // In the state.

    private func remember(_ gist: Gist, _ content: RemoteContent, isOwn: Bool, _ arrival: Arrival, _ id: ModelID) async throws {
        var known = GistMemory(
            id: gist.id, url: gist.url, revision: gist.revision, publishedAt: gist.updatedAt, files: content.files,
            everPublished: Set(content.files.keys), owner: gist.owner, isOwn: isOwn)
        (known.isProven, known.isPublic) = (reader.namesItself(gist), gist.isPublic)
        (known.updatedAt, known.readAt) = (gist.updatedAt, clock.now)
        let memory = known
        try await events.record(id, []) {
            ($0.gist, $0.gistTrouble) = (memory, nil)
            $0.decisions.arrival = arrival
        }
    }

    private func record(_ arrival: Arrival, notTaken: [String], _ view: ModelView) async throws {
        let (now, id, goals) = (clock.now, view.id, view.goals)
        try await events.record(id) { memory in
            let gist = memory.gist
            memory.decisions.arrival = nil
            memory.decisions.addedBy = arrival.wish.by
            memory.decisions.carryOut(arrival.goal, open: goals)
            let files = gist?.files.keys.sorted() ?? []
            let left = notTaken.isEmpty ? "" : "; not taken: \(notTaken.joined(separator: "; "))"
            return [
                NewEvent(
                    at: now, kind: .modelAdded, model: id, message: "added from gist \(arrival.wish.gist)\(left)",
                    details: [
                        "gist": arrival.wish.gist.description, "revision": gist?.revision ?? "", "owner": gist?.owner ?? "",
                        "files": files.joined(separator: ","),
                    ], uid: arrival.wish.by)
            ]
        }
        CrashPoint.reach("add.recorded")
    }

    /// First the state, then the disk: what is left in staging is removed at the next start.
    private func takeBack(_ arrival: Arrival, because outcome: Outcome?, _ view: ModelView, in zoo: Zoo) async throws {
        let (now, chance) = (clock.now, chance.fraction())
        try await events.record(view.id, []) { memory in
            if memory.gist?.id == arrival.wish.gist { memory.gist = nil }
            memory.decisions.arrival = nil
            memory.gistTrouble = outcome.flatMap {
                Trouble.left(by: $0, about: arrival.wish.mark, before: memory.gistTrouble, now: now, chance: chance)
            }
        }
        CrashPoint.reach("add.taken-back")
        try? await lane.run { try zoo.staging?.incoming.removeTree(try RelativePath(arrival.staged)) }
    }

    private func fail(_ outcome: Outcome, _ wish: AddWish, _ view: ModelView) async throws {
        let (now, chance) = (clock.now, chance.fraction())
        try await events.record(view.id, []) { memory in
            memory.gistTrouble = Trouble.left(by: outcome, about: wish.mark, before: memory.gistTrouble, now: now, chance: chance)
        }
    }
}
