import FoundationEssentials
import ModelInfo
import SystemIO

/// Watches one zoo and tells which directories to look at again. What happened to them is deliberately dropped: an event is a hint.
actor ZooWatcher {
    /// What a watcher tells.
    enum News: Sendable {
        /// Directories in which something changed, or that appeared or vanished.
        case touched([RelativePath])
        /// Directories in which zood itself gave a file its name.
        case placed([RelativePath])
        /// The whole zoo was walked: these are all the directories there are.
        case everything([RelativePath])
    }

    private let zoo: Zoo
    private let inotify: Inotify?
    private let lane: BlockingLane
    private let health: HealthBoard
    private let placements: OwnPlacements
    private let tell: @Sendable (News) async -> Void
    private var tree = WatchTree()
    /// One walk or one batch of events at a time: an event may be of a directory that a walk has just begun to watch.
    private let turn = Slots(count: 1)
    /// Directories that have no watch because the kernel gave none.
    private(set) var unwatchedCount = 0

    init(
        zoo: Zoo, lane: BlockingLane, health: HealthBoard, placements: OwnPlacements = OwnPlacements(),
        tell: @escaping @Sendable (News) async -> Void
    ) async {
        (self.zoo, self.lane, self.health, self.placements, self.tell) = (zoo, lane, health, placements, tell)
        do {
            inotify = try Inotify()
        } catch {
            inotify = nil
            await health.raise(.cannotWatch(zoo: zoo.name, why: "\(error)"))
        }
    }

    /// Handles events until cancelled. ``rescan()`` comes first.
    func run() async {
        guard let inotify else { return }
        for await batch in inotify.events {
            guard await turn.enter() else { return }
            await handle(batch)
            await turn.leave()
        }
    }

    /// Walks the whole zoo, watching what is not watched yet, and tells of every directory.
    func rescan() async {
        guard await turn.enter() else { return }
        await walkEverything()
        await turn.leave()
    }

    private func walkEverything() async {
        var scan = ZooScan(root: zoo.root, inotify: inotify)
        scan = await walked(scan, from: nil)
        for watch in tree.replace(by: scan.watches) { inotify?.remove(watch) }
        unwatchedCount = scan.unwatched
        await report(scan)
        await tell(.everything(scan.directories))
    }

    private func walked(_ scan: ZooScan, from start: RelativePath?) async -> ZooScan {
        // The walk itself never throws; the lane's interface may.
        let done = try? await lane.run {
            var scan = scan
            scan.walk(from: start)
            return scan
        }
        return done ?? scan
    }

    private func report(_ scan: ZooScan) async {
        if let absence = try? await lane.run({ [zoo] in zoo.absence }) {
            await health.raise(.zooMissing(absence, zoo: zoo.name))
        } else {
            await health.clear(.zooMissing, of: zoo.name)
        }
        if scan.unwatched > 0 {
            await health.raise(
                .watchLimit(zoo: zoo.name, unwatched: scan.unwatched, needed: tree.count + scan.unwatched, limit: Inotify.watchLimit))
        } else {
            await health.clear(.watchLimit, of: zoo.name)
        }
        if let (path, why) = scan.unreadable.first {
            await health.raise(.unreadable(zoo: zoo.name, path: path?.description ?? ".", count: scan.unreadable.count, why: why))
        } else {
            await health.clear(.unreadable, of: zoo.name)
        }
    }

    private func handle(_ batch: [InotifyEvent]) async {
        if batch.contains(where: \.isOverflow) {
            // The kernel dropped events, so nobody knows what changed.
            await walkEverything()
            return
        }
        var (touched, placed): (Set<RelativePath>, Set<RelativePath>) = ([], [])
        for event in batch {
            guard let place = tree.path(of: event.watch) else { continue }
            if event.isWatchRemoved {
                tree.remove(event.watch)
                if let place { touched.insert(place) }
                continue
            }
            if event.name == IgnoreFile.name.description || place == nil && event.isOfItself {
                return await walkEverything()
            }
            if event.isDirectory, let name = event.name.flatMap({ try? RelativePath($0) }) {
                await directoryChanged(event, place.map { $0.appending(name) } ?? name, touched: &touched)
            }
            guard let place else { continue }
            if isOwn(event, in: place) { placed.insert(place) } else { touched.insert(place) }
        }
        if !touched.isEmpty { await tell(.touched(touched.sorted())) }
        if !placed.isEmpty { await tell(.placed(placed.sorted())) }
    }

    /// Also that the descriptor by which it was written is closed, which the kernel tells by the new name. A write is somebody else's.
    private func isOwn(_ event: InotifyEvent, in place: RelativePath) -> Bool {
        guard event.kinds.isDisjoint(with: [.modified, .deleted]), !event.isDirectory,
            let name = event.name.flatMap({ try? RelativePath($0) })
        else { return false }
        return placements.holds(place.appending(name), in: zoo.name)
    }

    private func directoryChanged(_ event: InotifyEvent, _ path: RelativePath, touched: inout Set<RelativePath>) async {
        if event.kinds.contains(.deleted) {
            tree.remove(at: path)
            touched.insert(path)
        } else if event.kinds.contains(.movedFrom) {
            // A directory that was moved away keeps its watches, which would now tell of a wrong place.
            let removed = tree.remove(below: path)
            for (watch, place) in removed {
                inotify?.remove(watch)
                touched.insert(place)
            }
            touched.insert(path)
        } else if !tree.holds(path) || event.hasCome {
            // New, or its rights changed, perhaps so that it can be read now.
            let scan = await walked(ZooScan(root: zoo.root, inotify: inotify), from: path)
            tree.add(scan.watches)
            unwatchedCount += scan.unwatched
            if scan.unwatched > 0 { await report(scan) }
            touched.formUnion(scan.directories)
        }
    }
}

extension InotifyEvent {
    /// A name is there that was not before.
    fileprivate var hasCome: Bool { kinds.contains(.created) || kinds.contains(.movedTo) }
    /// The watched directory itself was moved, removed or unmounted.
    fileprivate var isOfItself: Bool { !kinds.isDisjoint(with: [.selfMoved, .selfDeleted, .unmounted]) }
}
