import FoundationEssentials
import ModelInfo

/// One file in the trash, with what is remembered of it.
struct TrashItem: Equatable, Sendable {
    /// What people call it by.
    let id: String
    /// Whose trash it lies in.
    let zoo: String
    /// Its name there.
    let name: RelativePath
    /// Nil: found there, and nothing is recorded of it.
    let record: TrashRecord?
    let movedAt: Date
    let byteCount: Int64
    /// Uid; nil where the file cannot be looked at, since zood may not write in its zoo.
    let owner: UInt32?

    /// - Parameter found: The file itself, as it lies in the trash.
    init(_ name: RelativePath, in zoo: String, _ found: FileIdentity, _ record: TrashRecord?) {
        (self.zoo, self.name, self.record) = (zoo, name, record)
        let mark = name.description.prefix { $0 != "+" }
        id = record?.item ?? (mark.utf8.count == 12 && mark.allSatisfy(\.isHexDigit) ? String(mark) : name.description)
        // A rename changes the inode's status, and nothing touches it afterwards.
        movedAt = record?.at ?? Date(timeIntervalSince1970: TimeInterval(found.changed) / 1e9)
        (byteCount, owner) = (found.size, found.owner)
    }

    /// As remembered, without a look.
    init(_ record: TrashRecord) {
        (id, zoo, name, self.record) = (record.item, record.model.zoo, record.name, record)
        (movedAt, byteCount, owner) = (record.at, record.byteCount, nil)
    }

    var reason: TrashReason { record?.reason ?? .unknown }

    /// Nil for no limit.
    var keptUntil: Date? { reason.keptFor.map { movedAt.addingTimeInterval($0) } }
}
