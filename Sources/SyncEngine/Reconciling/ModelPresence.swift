import FoundationEssentials
import ModelInfo
import Planning

/// Tells which model a directory holds: the one that is remembered of it, one that came from another place, or a new one.
struct ModelPresence: Sendable {
    let store: StateStore
    let events: EventLog

    /// What is remembered of a model, with the mark that it was seen to be gone (set when it is, taken away when it is back) and the
    /// directory that it is known by.
    func memory(of id: ModelID, _ disk: DiskView, at now: Date) async throws -> ModelMemory {
        var memory = try await store.memory(of: id)
        let isTied = memory.gist != nil || memory.intent != nil
        guard isTied || memory.home != nil, memory.decisions.arrival == nil else { return memory }
        var (absentSince, home) = (memory.decisions.absentSince, isTied ? memory.home : nil)
        switch disk {
        case .absent, .notAModel: if isTied { absentSince = absentSince ?? now }
        case .present(let model):
            if memory.gist != nil, !memory.isOfAnother(model.reading) { (absentSince, home) = (nil, model.home) }
            // Of a gist that may have been made it is not known what went into it, only which directory's it is.
            if memory.gist == nil, isTied { home = home ?? model.home }
        case .unknown, .ignored: break
        }
        guard absentSince != memory.decisions.absentSince || home != memory.home else { return memory }
        (memory.decisions.absentSince, memory.home) = (absentSince, home)
        let (since, directory) = (absentSince, home)
        try await events.record(id, []) { ($0.decisions.absentSince, $0.home) = (since, directory) }
        return memory
    }

    /// The other place that what lies at `id` is remembered for: by the gist that its readme names or, where it names none (yet), by the
    /// directory itself, if its text is recognisably the one that was sent.
    /// - Parameter asksDirectory: Whether a readme without an id is worth the question: not where there are no gists.
    func origin(of id: ModelID, _ model: PresentModel, asksDirectory: Bool) async throws -> ModelID? {
        if let written = model.reading.card?.gistID {
            let keeper = try await store.keeper(of: written)
            return keeper == id ? nil : keeper
        }
        guard asksDirectory, let home = model.home else { return nil }
        let residents = try await store.residents(of: home)
        if residents.contains(id) { return nil }
        for resident in residents {
            var memory = try await store.memory(of: resident)
            memory.decisions.absentSince = nil
            if !memory.isOfAnother(model.reading) { return resident }
        }
        return nil
    }

    /// Whether the model that a place is known for is not there any more, but at another place (see ``origin(of:_:)``).
    func hasLeft(_ id: ModelID, _ disk: DiskView, for place: ModelID) async throws -> Bool {
        switch disk {
        case .absent: return true
        case .notAModel, .unknown, .ignored: return false
        case .present(let model):
            // A line with an id is soon pasted wrong: only two that name each other's, or another text, are proof.
            let written = model.reading.card?.gistID
            if let written, try await store.keeper(of: written) == place { return true }
            if written == nil, let home = model.home, try await store.residents(of: home).contains(place) { return true }
            guard try await store.memory(of: id).isOfAnother(model.reading) else { return false }
            return if let written { try await store.keeper(of: written) != nil } else { true }
        }
    }

    /// The model is at another place now. Where that one is known for a model, too, they change places, so that nothing is forgotten: it
    /// is found again by the id in its readme, wherever that has gone.
    func move(_ old: ModelID, to new: ModelID, at now: Date) async throws {
        let displaced = try await store.memory(of: new).gist?.id
        try await events.recordMove(of: old, to: new, displacing: displaced, at: now)
    }
}
