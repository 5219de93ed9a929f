import FoundationEssentials
import ModelInfo
import Planning
import SystemIO

/// Deletes a gist: the only place that does, and only for a person who asked for it.
struct GistRemover: Sendable {
    let gate: GistGate
    let store: StateStore
    let events: EventLog
    let troubles: GistTroubles
    let clock: any DaemonClock
    /// Whose wish it is.
    var jobs: JobDesk?

    func delete(_ id: GistID, goal: Int64, for view: ModelView, _ model: PresentModel) async throws {
        do throws(GistFailure) {
            let isThere = try await keepNewest(of: id, for: view)
            CrashPoint.reach("gist.before-delete")
            do throws(GistFailure) {
                let wishes = view.goals.filter { $0.id == goal }
                let isWanted = try await gate.write { host throws(GistFailure) -> Bool in
                    if let jobs, await !jobs.mayBeSent(for: wishes, of: view.id) { return false }
                    try await host.delete(id)
                    return true
                }
                // Taken back before its turn came.
                guard isWanted else { return }
            } catch {
                if !error.mayHaveBeenDone { await jobs?.wasNotDone(for: view.goals.filter { $0.id == goal }) }
                // Gone already: a kill came between the deletion and its record. One that could be read just now is not gone: GitHub
                // hides behind the same answer that the token may not delete it.
                guard case .notFound = error, !isThere else { throw isThere ? error.aboutWriting(to: id) : error }
            }
            CrashPoint.reach("gist.deleted")
        } catch {
            return try await troubles.note(error, for: view, model)
        }
        let now = clock.now
        let event = NewEvent(
            at: now, kind: .gistDeleted, model: view.id, message: "gist \(id) was deleted; its content is kept as a version",
            details: ["gist": id.description])
        try await events.record(view.id, [event]) { memory in
            (memory.gist, memory.intent, memory.gistTrouble, memory.editTrouble) = (nil, nil, nil, nil)
            memory.decisions.withdrawn = WithdrawnGist(id: id, at: now)
            memory.decisions.carryOut(goal, open: view.goals)
        }
        CrashPoint.reach("gist.delete-recorded")
    }

    /// - Returns: Whether there is such a gist.
    private func keepNewest(of id: GistID, for view: ModelView) async throws(GistFailure) -> Bool {
        let gist: Gist
        do throws(GistFailure) { gist = try await gate.read { host throws(GistFailure) in try await host.read(id) } } catch {
            guard case .notFound = error else { throw error }
            return false
        }
        do {
            try store.keepVersion(
                of: view.id, gist.files.mapValues { Array($0.utf8) }, reason: .unpublished, gistRevision: gist.revision, at: clock.now)
        } catch { throw .answerLost("the state: \(error)") }
        return true
    }
}
