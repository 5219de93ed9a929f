import FoundationEssentials
import Glibc
import ModelInfo
import Planning
import SystemIO

/// Finds what may go and removes it, one thing after the other, each with an event.
///
/// First the file goes, then what is recorded of it: a record without a file counts for nothing and is dropped at the next start, by which its
/// removal is told all the same.
struct GarbageCollector: Sendable {
    let zoos: [Zoo]
    let store: StateStore
    let events: EventLog
    let shelf: TrashShelf
    let board: StatusBoard
    let workshop: BinaryWorkshop
    let lane: BlockingLane
    let clock: any DaemonClock
    /// Bytes of a zoo's file system; nil when it does not say. Blocks.
    var capacity: @Sendable (Zoo) -> Int64? = { try? FileSystemKind.space(at: $0.root).totalBytes }

    /// What may go now, the very list that ``remove(_:by:)`` is given.
    /// - Parameter includesOutdated: Also old good files whose readme names another checksum.
    func garbage(includesOutdated: Bool) async throws -> [Garbage] {
        var inventory = try await trash()
        inventory.downloads = try await downloads()
        let now = clock.now
        inventory.versions = try await lane.run { try store.surplusVersions(now: now) }
        return GarbageRules.garbage(in: inventory, includesOutdated: includesOutdated, now: now)
    }

    /// Only what has been in the trash for its time.
    /// - Parameter time: Nil: now.
    func expired(at time: Date? = nil) async throws -> [Garbage] { GarbageRules.trash(in: try await trash(), now: time ?? clock.now) }

    /// - Parameter uid: Who wants it; nil: zood by itself.
    /// - Returns: False when it was gone already.
    /// - Throws: `SystemError`, or what the state says.
    func remove(_ garbage: Garbage, by uid: UInt32?) async throws -> Bool {
        switch garbage.what {
        case .trash(let item): try await remove(item, garbage.reason, by: uid)
        case .download(let download): try await remove(download, garbage.reason, by: uid)
        case .versions(let versions): try await remove(versions, by: uid)
        }
    }

    // What there is.

    /// Zoos into which something may be written, and which are there.
    private func writable() async throws -> [Zoo] {
        try await lane.run { zoos.filter { $0.staging != nil && $0.absence == nil } }
    }

    private func trash() async throws -> GarbageInventory {
        let (zoos, items) = (try await writable(), try await shelf.items())
        return try await lane.run {
            var inventory = GarbageInventory(trash: items.filter { item in zoos.contains { $0.name == item.zoo } })
            for zoo in zoos { inventory.capacities[zoo.name] = capacity(zoo) }
            return inventory
        }
    }

    private func downloads() async throws -> [StagedDownload] {
        var found: [StagedDownload] = []
        for zoo in try await writable() {
            let (files, partials) = try await lane.run { (try Self.files(in: zoo), try store.partials(of: zoo.name)) }
            for (name, modified, byteCount) in files {
                let record = partials.first { $0.partial.stagingName == name }
                found.append(
                    StagedDownload(
                        zoo: zoo.name, name: name, model: record?.model, file: record?.file,
                        standing: try await standing(of: record, in: zoo), byteCount: byteCount,
                        modifiedAt: Date(timeIntervalSince1970: TimeInterval(modified) / 1e9)))
            }
        }
        return found
    }

    /// Blocks.
    private static func files(in zoo: Zoo) throws -> [(name: RelativePath, modified: Int64, byteCount: Int64)] {
        guard let downloads = zoo.staging?.downloads else { return [] }
        return try downloads.entries().entries.filter { $0.kind == .file }.compactMap { entry in
            guard let (identity, _) = try downloads.status(of: entry.name) else { return nil }
            // What is reserved for it counts as well.
            return (entry.name, identity.modified, try downloads.allocatedByteCount(of: entry.name))
        }
    }

    private func standing(
        of record: (model: ModelID, file: RelativePath, partial: PartialDownload)?, in zoo: Zoo
    ) async throws -> StagedDownload.Standing {
        guard let (model, file, partial) = record else { return .stray }
        // What came out of an exchange of names may be a person's: the next start settles that.
        guard partial.exchange == nil, partial.copy == nil, await workshop.work(of: model)[file] == nil else { return .wanted }
        guard let entry = await board[model] else {
            // Not looked at yet, or nothing is known of it any more.
            let isGone = (try? await lane.run { try zoo.root.status(of: model.path) == nil }) ?? false
            return isGone ? .vanished : .wanted
        }
        switch entry.view.disk {
        case .unknown: return .wanted
        case .absent: return .vanished
        case .notAModel, .ignored: return .changed
        case .present(let present):
            return present.reading.declaredBinaries.contains { $0.file == file && $0.fetchMark == partial.mark } ? .wanted : .changed
        }
    }

    // How it goes.

    private func remove(_ item: TrashItem, _ reason: Garbage.Reason, by uid: UInt32?) async throws -> Bool {
        let isRemoved = try await lane.run { () throws -> Bool in
            guard let zoo = zoos.first(where: { $0.name == item.zoo }), let trash = zoo.staging?.trash else { return false }
            if let absence = zoo.absence { throw absence }
            CrashPoint.reach("gc.before-remove")
            guard try Self.isRemoved(item.name, from: trash) else { return false }
            CrashPoint.reach("gc.removed")
            try trash.sync()
            return true
        }
        guard isRemoved else { return false }
        try await events.recordRemoval(of: item.id, TrashRemoval.event(item, because: reason.rawValue, at: clock.now, by: uid))
        CrashPoint.reach("gc.recorded")
        return true
    }

    private func remove(_ download: StagedDownload, _ reason: Garbage.Reason, by uid: UInt32?) async throws -> Bool {
        let isRemoved = try await lane.run { () throws -> Bool in
            guard let zoo = zoos.first(where: { $0.name == download.zoo }), let staged = zoo.staging?.downloads else { return false }
            if let absence = zoo.absence { throw absence }
            // Forgotten first: a fetch that comes now begins anew, and does not go on with what is about to go.
            if let model = download.model, let file = download.file {
                guard try store.forgetPartial(named: download.name, of: file, in: model) else { return false }
            }
            CrashPoint.reach("gc.download-forgotten")
            return try Self.isRemoved(download.name, from: staged)
        }
        guard isRemoved else { return false }
        try await events.record(
            NewEvent(
                at: clock.now, kind: .downloadRemoved, model: download.model,
                message: "\(download.file?.description ?? download.name.description): a download that nobody goes on with was removed",
                details: ["reason": reason.rawValue, "bytes": String(download.byteCount)], uid: uid))
        CrashPoint.reach("gc.download-recorded")
        return true
    }

    private func remove(_ versions: SurplusVersions, by uid: UInt32?) async throws -> Bool {
        let event = NewEvent(
            at: clock.now, kind: .versionsDropped, model: versions.model,
            message: "\(versions.count == 1 ? "1 old version was" : "\(versions.count) old versions were") dropped",
            details: ["count": String(versions.count), "bytes": String(versions.byteCount)], uid: uid)
        let isDropped = try await events.recordDrop(ofVersionsOf: versions.model, event)
        CrashPoint.reach("gc.versions-dropped")
        return isDropped
    }

    /// False when it was not there.
    private static func isRemoved(_ name: RelativePath, from directory: RootedDirectory) throws(SystemError) -> Bool {
        do throws(SystemError) { try directory.remove(name) } catch {
            if error.errno == ENOENT { return false }
            throw error
        }
        return true
    }
}

/// How it is told that something is in the trash no more.
enum TrashRemoval {
    /// - Parameter reason: A word of ``Garbage/Reason``, or `missing` for what somebody else removed.
    static func event(_ item: TrashItem, because reason: String, at now: Date, by uid: UInt32?) -> NewEvent {
        let file = item.record?.file.description ?? item.name.description
        return NewEvent(
            at: now, kind: .trashRemoved, model: item.record?.model,
            message: reason == "missing" ? "\(file) is in the trash no more" : "\(file) was removed from the trash",
            details: ["item": item.id, "reason": reason, "bytes": String(item.byteCount)], uid: uid)
    }
}
