import FoundationEssentials
import ModelInfo
import Planning

/// Tells which model a directory holds: the one that is remembered of it, one that came from another place, or a new one.
struct ModelPresence: Sendable {
    let store: StateStore
    let events: EventLog

    /// What is remembered of a model, with the mark that it was seen to be gone: set when it is, taken away when it is back.
    func memory(of id: ModelID, _ disk: DiskView, at now: Date) async throws -> ModelMemory {
        var memory = try await store.memory(of: id)
        guard memory.gist != nil || memory.intent != nil, memory.decisions.arrival == nil else { return memory }
        let absentSince: Date? =
            switch disk {
            case .absent, .notAModel: memory.decisions.absentSince ?? now
            // Of a gist that may have been made it is not known what went into it.
            case .present(let model): memory.gist != nil && !memory.isOfAnother(model.reading) ? nil : memory.decisions.absentSince
            case .unknown, .ignored: memory.decisions.absentSince
            }
        guard absentSince != memory.decisions.absentSince else { return memory }
        memory.decisions.absentSince = absentSince
        try await events.record(id, []) { $0.decisions.absentSince = absentSince }
        return memory
    }

    /// Whether the model that a place is known for is not there any more, but at another place, whose readme names its gist.
    func hasLeft(_ id: ModelID, _ disk: DiskView, for place: ModelID) async throws -> Bool {
        switch disk {
        case .absent: return true
        case .notAModel, .unknown, .ignored: return false
        case .present(let model):
            // A line with an id is soon pasted wrong: only two that name each other's, or another text, are proof.
            let written = model.reading.card?.gistID
            if let written, try await store.keeper(of: written) == place { return true }
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
