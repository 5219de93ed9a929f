import FoundationEssentials
import ModelInfo
import Planning

/// Records what happened and tells those who follow. The table is the truth: a follower that is woken reads on from its own number.
public actor EventLog {
    private let store: StateStore
    /// Who waits for an event after which number.
    private var followers: [Int: (after: Int64, wake: CheckedContinuation<Void, Never>)] = [:]
    private var nextFollower = 0
    private var newest: Int64

    public init(store: StateStore) async throws {
        self.store = store
        newest = try await store.eventRange().newest
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
        newest = max(newest, last.seq)
        for (key, follower) in followers where follower.after < newest { release(key) }
    }

    /// Returns when there is an event after `seq`, or the task was cancelled.
    func wait(after seq: Int64) async {
        guard newest <= seq, !Task.isCancelled else { return }
        let key = nextFollower
        nextFollower += 1
        await withTaskCancellationHandler {
            await withCheckedContinuation { followers[key] = (seq, $0) }
        } onCancel: {
            Task { await self.release(key) }
        }
    }

    /// How many wait for an event.
    var followerCount: Int { followers.count }

    private func release(_ key: Int) { followers.removeValue(forKey: key)?.wake.resume() }
}
