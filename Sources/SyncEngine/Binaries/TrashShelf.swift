import ControlProtocol
import FoundationEssentials
import Glibc
import ModelInfo
import SystemIO

/// What lies in the trash of all zoos, for people who look for something and want it back.
struct TrashShelf: Sendable {
    let zoos: [Zoo]
    let store: StateStore
    let events: EventLog
    let lane: BlockingLane
    let clock: any DaemonClock

    /// Newest first. What lies in a trash without a record is there too.
    func items() async throws -> [TrashItem] { try await lane.run { try look() } }

    /// - Throws: `noSuchItem`.
    func find(_ id: String) async throws -> TrashItem {
        guard let item = try await items().first(where: { $0.id.hasSameBytes(as: id) }) else {
            throw ControlError(
                .noSuchItem, "there is no item \(id.prefix(80)) in the trash", hint: "zooctl trash list", details: ["item": id])
        }
        return item
    }

    /// Moves a file back under its old name, where that is free. It is read anew then, and never taken for a good file that rotted.
    /// - Parameter uid: Who wants it.
    /// - Returns: The model that it is a file of.
    /// - Throws: `readOnly`, or `noPlace` with the way out.
    func restore(_ item: TrashItem, by uid: UInt32) async throws -> ModelID {
        let record = try await lane.run { try moveBack(item) }
        CrashPoint.reach("restore.moved")
        try await events.recordRestore(
            of: item.id,
            NewEvent(
                at: clock.now, kind: .trashRestored, model: record.model, message: "\(record.file) was taken back out of the trash",
                details: ["item": item.id, "bytes": String(item.byteCount)], uid: uid))
        CrashPoint.reach("restore.recorded")
        return record.model
    }

    /// Blocks.
    private func look() throws -> [TrashItem] {
        let records = try store.trash()
        var items: [TrashItem] = []
        var seen: Set<String> = []
        for zoo in zoos {
            guard let staging = zoo.staging, let names = try? Trash.files(in: staging) else { continue }
            seen.insert(zoo.name)
            for name in names {
                guard let (found, _) = try? staging.trash.status(of: name) else { continue }
                items.append(TrashItem(name, in: zoo.name, found, records.first { $0.name == name }))
            }
        }
        items += records.filter { !seen.contains($0.model.zoo) }.map { TrashItem($0) }
        return items.sorted { ($1.movedAt, $0.id) < ($0.movedAt, $1.id) }
    }

    /// Blocks.
    private func moveBack(_ item: TrashItem) throws -> TrashRecord {
        guard let zoo = zoos.first(where: { $0.name == item.zoo }) else {
            throw noPlace("the zoo \(item.zoo) is not served", hint: "zood --check")
        }
        guard let trash = zoo.staging?.trash else {
            throw ControlError(
                .readOnly, zoo.refusal ?? "zoo \(zoo.name) is read-only", hint: "let zood write there: mode: read-write in zoos",
                details: ["item": item.id])
        }
        if let absence = zoo.absence { throw noPlace(absence.description, hint: absence.hint) }
        let kept = ShellWord.of(zoo.absolute(Staging.trashPath(of: item.name)))
        guard let record = item.record, record.model.zoo == zoo.name else {
            throw noPlace("it is not recorded where \(item.name) was", hint: "put it in its place by hand: mv -n \(kept) FILE")
        }
        func refusal(_ error: SystemError) -> any Error { self.refusal(error, of: item, record, kept: kept, in: zoo) }
        let target: RootedDirectory
        do throws(SystemError) {
            target = try zoo.root.directory(record.model.path)
            if try target.status(of: record.file) != nil {
                throw SystemError(errno: EEXIST, operation: "rename to", path: "\(record.place)")
            }
        } catch { throw refusal(error) }
        try store.expectPutBack(of: record.file, in: record.model)
        CrashPoint.reach("restore.intended")
        do throws(SystemError) {
            try trash.moveIfFree(item.name, to: record.file, in: target)
            CrashPoint.reach("restore.renamed")
            try target.syncParent(of: record.file)
            try trash.sync()
        } catch { throw refusal(error) }
        return record
    }

    private func refusal(_ error: SystemError, of item: TrashItem, _ record: TrashRecord, kept: String, in zoo: Zoo) -> any Error {
        let again = "zooctl trash restore \(ShellWord.of(item.id))"
        let place = ShellWord.of(zoo.absolute(record.place))
        switch error.errno {
        case EEXIST: return noPlace("\(place) is there already", hint: "move that one away first: mv -n \(place) OTHER, then: \(again)")
        case ENOENT, ENOTDIR, ELOOP:
            let directory = ShellWord.of(zoo.absolute(record.place.parent ?? record.model.path))
            return noPlace("\(directory) is gone", hint: "make it again: mkdir -p \(directory), then: \(again)")
        case EXDEV: return noPlace("\(place) is on another file system", hint: "move it by hand: mv -n \(kept) \(place)")
        default: return ControlError(.failed, "it stays in the trash: \(error)", details: ["item": item.id])
        }
    }

    private func noPlace(_ why: String, hint: String) -> ControlError {
        ControlError(.noPlace, "it stays in the trash: \(why)", hint: hint)
    }
}
