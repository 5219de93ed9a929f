import GRDB
import Synchronization

/// Writes that come while a transaction runs go together into the next one: one wait for the disk for all of them.
///
/// Each is still all or nothing, and durable when it has returned; a failure of one is no failure of the others.
final class CommitGroup: Sendable {
    /// One write: its body runs inside the group's transaction, and `end` is called once it is known what became of that.
    private struct Member: Sendable {
        /// Throws what the change threw.
        var body: @Sendable (Database) throws -> Void
        /// Nil when the transaction holds.
        var end: @Sendable ((any Error)?) -> Void
    }

    /// As many as this wait for one commit at most, so that the first of them does not wait for long.
    private static let sizeLimit = 256

    private let database: DatabaseQueue
    private let state = Mutex((waiting: [Member](), isRunning: false))

    init(_ database: DatabaseQueue) { self.database = database }

    /// How many wait for the next transaction.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Returns once the change is on the disk.
    /// - Parameter change: May run twice: when the group as a whole failed, each runs by itself.
    func write<Value: Sendable>(_ change: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let result = Mutex<Value?>(nil)
            let box = Box(result)
            enqueue(
                Member { db in
                    let value = try change(db)
                    box.value.withLock { $0 = value }
                } end: { error in
                    if let error { return continuation.resume(throwing: error) }
                    continuation.resume(returning: box.value.withLock { $0! })
                })
        }
    }

    private final class Box<Value: Sendable>: Sendable {
        let value: Mutex<Value?>
        init(_ value: consuming sending Mutex<Value?>) { self.value = value }
    }

    private func enqueue(_ member: Member) {
        let starts = state.withLock { state in
            state.waiting.append(member)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if starts { database.asyncWriteWithoutTransaction { self.run($0) } }
    }

    /// Blocks the database's own thread for one transaction. Others that want it come in between.
    private func run(_ db: Database) {
        let group = state.withLock { state in
            let group = Array(state.waiting.prefix(Self.sizeLimit))
            state.waiting.removeFirst(group.count)
            return group
        }
        commit(group, in: db)
        let isDone = state.withLock { state in
            state.isRunning = !state.waiting.isEmpty
            return !state.isRunning
        }
        if !isDone { database.asyncWriteWithoutTransaction { self.run($0) } }
    }

    private func commit(_ group: [Member], in db: Database) {
        guard group.count > 1 else { return commitAlone(group[0], in: db) }
        var errors = [(any Error)?](repeating: nil, count: group.count)
        do {
            try db.inTransaction(.immediate) {
                for (index, member) in group.enumerated() {
                    do {
                        try db.inSavepoint {
                            try member.body(db)
                            return .commit
                        }
                    } catch {
                        // A full disk, for example, undoes the whole transaction.
                        guard db.isInsideTransaction else { throw error }
                        errors[index] = error
                    }
                }
                return .commit
            }
        } catch {
            for member in group { commitAlone(member, in: db) }
            return
        }
        for (member, error) in zip(group, errors) { member.end(error) }
    }

    private func commitAlone(_ member: Member, in db: Database) {
        do {
            try db.inTransaction(.immediate) {
                try member.body(db)
                return .commit
            }
        } catch {
            return member.end(error)
        }
        member.end(nil)
    }
}
