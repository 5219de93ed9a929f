import FoundationEssentials
import GRDB
import Glibc
import ModelInfo
import SystemIO

/// A write into somebody else's file: journalled, since it cannot be one step.
struct InPlaceEdit: Codable, Equatable, Sendable {
    var model: ModelID
    var file: RelativePath
    var before: [UInt8]
    var after: [UInt8]

    /// Keeps both images as versions, writes by the journal, and closes that. Blocks.
    /// - Throws: `SystemError` (`ESTALE` when the file is no longer what was read), `DatabaseError`.
    func perform(in directory: RootedDirectory, expected: FileIdentity, store: StateStore, at now: Date) throws {
        for (reason, content) in [(VersionReason.replaced, before), (.edited, after)] {
            try store.keepVersion(of: model, [file.description: content], reason: reason, gistRevision: nil, at: now)
        }
        try store.keep(self)
        CrashPoint.reach("inplace.journalled")
        let descriptor = try directory.open(file, .readWrite)
        guard try descriptor.status().identity.isSameFile(as: expected) else {
            try store.drop(self)
            throw SystemError(errno: ESTALE, operation: "edit", path: file.description)
        }
        try write(to: descriptor)
        CrashPoint.reach("inplace.written")
        try store.drop(self)
    }

    /// After a crash: finishes the write, but only when the file is the image from before or a torn mix of the two. Anything else is
    /// what a person saved since.
    func finish(in directory: RootedDirectory) throws(SystemError) {
        let descriptor = try directory.open(file, .readWrite)
        let found = try descriptor.read(count: max(before.count, after.count) + 1, at: 0)
        guard found != after, isTorn(found) else { return }
        try write(to: descriptor)
    }

    /// Written from the front, then cut or grown: a prefix of the new bytes, then the old ones.
    func isTorn(_ found: [UInt8]) -> Bool {
        let newPrefix = zip(found, after).prefix { $0 == $1 }.count
        if newPrefix == found.count, found.count >= min(before.count, after.count) { return true }
        let oldSuffix = zip(found.reversed(), before.reversed()).prefix { $0 == $1 }.count
        return found.count == before.count && newPrefix + oldSuffix >= found.count
    }

    private func write(to descriptor: borrowing OwnedDescriptor) throws(SystemError) {
        try descriptor.write(after, at: 0)
        CrashPoint.reach("inplace.torn")
        try descriptor.truncate(to: Int64(after.count))
        try descriptor.sync()
    }
}

extension StateStore {
    /// Takes up the edits that the last process did not finish. One whose zoo is not there now waits for it: the journal holds the only
    /// whole copy of what the person wrote.
    func finishInPlaceEdits(in zoos: [Zoo]) throws {
        for edit in try journals() {
            guard let zoo = zoos.first(where: { $0.name == edit.model.zoo }), !zoo.isReadOnly else { continue }
            do throws(SystemError) {
                try edit.finish(in: try zoo.root.directory(edit.model.path))
            } catch {
                // A file that was removed is torn no more; anything else may be repaired at the next start.
                guard error.errno == ENOENT else { continue }
            }
            try drop(edit)
        }
    }

    /// Before a model's id: several lanes may write at once, each for another model.
    private static let journalPrefix = "inPlaceEdit "

    /// The edits that a crash may have torn; usually none.
    func journals() throws -> [InPlaceEdit] {
        try database.read { db in
            try String.fetchAll(
                db, sql: "SELECT value FROM setting WHERE key >= ? AND key < ? ORDER BY key",
                arguments: [Self.journalPrefix, Self.journalPrefix.dropLast() + "!"]
            ).map { try MemoryRows.decode($0) }
        }
    }

    /// Keeps both images of an edit until ``drop(_:)``.
    func keep(_ edit: InPlaceEdit) throws {
        let json = try MemoryRows.encode(edit)
        try database.write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)",
                arguments: [Self.journalPrefix + edit.model.description, json])
        }
    }

    /// Forgets an edit that is done, or that is not to be done.
    func drop(_ edit: InPlaceEdit) throws {
        try database.write { db in
            try db.execute(sql: "DELETE FROM setting WHERE key = ?", arguments: [Self.journalPrefix + edit.model.description])
        }
    }
}
