import FoundationEssentials

/// Everything that zood keeps for its own reasons, as it was looked at.
struct GarbageInventory: Equatable, Sendable {
    /// In zoos that may be written to.
    var trash: [TrashItem] = []
    /// Bytes of each of these zoos' file systems, by the zoo's name.
    var capacities: [String: Int64] = [:]
    var downloads: [StagedDownload] = []
    var versions: [SurplusVersions] = []
}

/// What may go. `zooctl gc --dry-run`, `zooctl gc` and what zood removes by itself all ask here.
///
/// Never: what a person saved in the moment in which its name was given away, what is found in a trash without a record, gists, and what is
/// remembered of models.
enum GarbageRules {
    /// Files that are kept for a time may take so much of a zoo's file system; in percent.
    static let trashShare: Int64 = 10
    /// Seconds for which each of them is kept all the same, so that somebody can look at what just rotted.
    static let leastKept: TimeInterval = 86_400
    /// Seconds since its last byte after which a download that nobody wants may go: a readme may be in the middle of being changed.
    static let downloadAge: TimeInterval = 86_400

    /// - Parameter includesOutdated: Also old good files whose readme names another checksum.
    static func garbage(in inventory: GarbageInventory, includesOutdated: Bool, now: Date) -> [Garbage] {
        var found = trash(in: inventory, now: now)
        if includesOutdated {
            found += inventory.trash.filter { $0.reason == .outdated }.map { Garbage(what: .trash($0), reason: .outdated) }
        }
        found.sort { $0.since < $1.since }
        let downloads = inventory.downloads.filter { now.timeIntervalSince($0.modifiedAt) >= downloadAge }.sorted {
            $0.modifiedAt < $1.modifiedAt
        }
        for download in downloads {
            let reason: Garbage.Reason
            switch download.standing {
            case .wanted: continue
            case .vanished: reason = .vanished
            case .changed: reason = .changed
            case .stray: reason = .stray
            }
            found.append(Garbage(what: .download(download), reason: reason))
        }
        let versions = inventory.versions.sorted { $0.newestAt < $1.newestAt }
        return found + versions.map { Garbage(what: .versions($0), reason: .surplus) }
    }

    /// Only what is kept for a time: the part that zood removes by itself.
    static func trash(in inventory: GarbageInventory, now: Date) -> [Garbage] {
        var found: [Garbage] = []
        for (zoo, items) in Dictionary(grouping: inventory.trash.filter { $0.keptUntil != nil }, by: \.zoo) {
            var left: [TrashItem] = []
            for item in items {
                if let until = item.keptUntil, until <= now {
                    found.append(Garbage(what: .trash(item), reason: .expired))
                } else {
                    left.append(item)
                }
            }
            guard let capacity = inventory.capacities[zoo] else { continue }
            var sum = left.reduce(0) { $0 + $1.byteCount }
            for item in left.sorted(by: { ($0.movedAt, $0.id) < ($1.movedAt, $1.id) })
            where sum > capacity / 100 * trashShare && now.timeIntervalSince(item.movedAt) >= leastKept {
                found.append(Garbage(what: .trash(item), reason: .overCap))
                sum -= item.byteCount
            }
        }
        return found
    }
}
