import FoundationEssentials
import ModelInfo
import Planning
import Synchronization

/// Records what happened and tells those who follow. The table is the truth: a follower that is woken reads on from its own number.
public final class EventLog: Sendable {
    private struct State {
        /// Who waits for an event after which number.
        var followers: [Int: (after: Int64, wake: CheckedContinuation<Void, Never>)] = [:]
        var nextFollower = 0
        var newest: Int64
    }

    private let store: StateStore
    /// No actor: whoever records something, and that is everybody, would have to hand over to it and back.
    private let state: Mutex<State>

    public init(store: StateStore) async throws {
        self.store = store
        state = Mutex(State(newest: try await store.eventRange().newest))
    }

    /// Changes what is remembered of a model and records what happened, in one transaction.
    func record(_ id: ModelID, _ news: [NewEvent], _ change: @escaping @Sendable (inout ModelMemory) -> Void) async throws {
        announce(try await store.record(id, events: news, change))
    }

    /// The same, where only the change tells what happened.
    func record(_ id: ModelID, telling change: @escaping @Sendable (inout ModelMemory) -> [NewEvent]) async throws {
        announce(try await store.recordTelling(id, change))
    }

    /// Changes what is remembered of one binary and records what happened, in one transaction.
    /// - Parameter endsDownload: Whether nothing of a download is left to go on with.
    func record(
        _ file: RelativePath, of id: ModelID, endsDownload: Bool = false, _ change: @escaping @Sendable (inout BinaryRecord) -> [NewEvent]
    ) async throws {
        announce(try await store.record(file, of: id, endsDownload: endsDownload, change))
    }

    /// Remembers that a download begins, and records that.
    func recordBeginning(_ partial: PartialDownload?, of file: RelativePath, in id: ModelID, _ event: NewEvent?) async throws {
        announce(try await store.begin(partial, of: file, in: id, event).map { [$0] } ?? [])
    }

    /// Remembers what readings came to and tells of it, all in one transaction.
    func record(_ readings: [EndedReading]) async throws -> [RecordedEvent] {
        let recorded = try await store.record(readings)
        announce(recorded)
        return recorded
    }

    /// Records what concerns no model's memory.
    func record(_ event: NewEvent) async throws {
        announce([try await store.append(event)])
    }

    /// Drops what is known of a model, and records that.
    func recordForgetting(_ id: ModelID, _ event: NewEvent) async throws { announce([try await store.forget(id, event)]) }

    /// Records that a person has a file of the trash back.
    func recordRestore(of item: String, _ event: NewEvent) async throws { announce([try await store.takeFromTrash(item, event)]) }

    /// Remembers that a source served other bytes for a digest, and records that.
    func recordBadSource(_ source: BadSource, _ url: String, for digest: String, _ event: NewEvent) async throws {
        announce([try await store.blame(source, url, for: digest, event)])
    }

    /// Records that a file of the trash was removed.
    func recordRemoval(of item: String, _ event: NewEvent) async throws { announce([try await store.takeFromTrash(item, event)]) }

    /// Drops versions beyond their bounds, and records that.
    /// - Returns: False when there were none.
    func recordDrop(ofVersionsOf model: ModelID, _ event: NewEvent) async throws -> Bool {
        guard let recorded = try await store.dropSurplusVersions(of: model, event) else { return false }
        announce([recorded])
        return true
    }

    /// Records that a model's directory was renamed; it keeps what is remembered of it.
    /// - Parameter displaced: The gist of the model that the new place was known for; the old place is known for that one then.
    func recordMove(of old: ModelID, to new: ModelID, displacing displaced: GistID? = nil, at now: Date) async throws {
        func event(_ old: ModelID, _ new: ModelID, _ message: String) -> NewEvent {
            NewEvent(at: now, kind: .modelMoved, model: new, message: message, details: ["from": old.description])
        }
        var news = [event(old, new, "\(old.path) is \(new.path) now and keeps its gist")]
        if let displaced { news.append(event(new, old, "what had gist \(displaced) at \(new.path) is looked for at \(old.path) now")) }
        announce(try await store.move(old, to: new, isExchange: displaced != nil, news))
    }

    private func announce(_ recorded: [RecordedEvent]) {
        guard let last = recorded.last else { return }
        let woken = state.withLock { state in
            state.newest = max(state.newest, last.seq)
            let due = state.followers.filter { $0.value.after < state.newest }
            for key in due.keys { state.followers[key] = nil }
            return due.values.map(\.wake)
        }
        for follower in woken { follower.resume() }
    }

    /// Returns when there is an event after `seq`, or the task was cancelled.
    func wait(after seq: Int64) async {
        let key = state.withLock { state in
            state.nextFollower += 1
            return state.nextFollower
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    // Cancelling sets the task's mark first and looks for the follower second, so one of the two sees the other.
                    guard state.newest <= seq, !Task.isCancelled else { return false }
                    state.followers[key] = (seq, continuation)
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.followers.removeValue(forKey: key)?.wake }?.resume()
        }
    }

    /// How many wait for an event.
    var followerCount: Int { state.withLock { $0.followers.count } }
}
