import FoundationEssentials
import ModelInfo

/// Something of zood's own that may go, and why.
struct Garbage: Equatable, Sendable {
    enum What: Equatable, Sendable {
        /// A file that was moved away.
        case trash(TrashItem)
        /// A download that nobody will go on with.
        case download(StagedDownload)
        /// Kept versions of model info beyond their bounds.
        case versions(SurplusVersions)
    }

    /// Why. The raw values are stable words; `docs/control-api.md` explains each.
    enum Reason: String, CaseIterable, Sendable {
        /// Its time in the trash is over.
        case expired
        /// What is kept for a time takes too much of the zoo's file system.
        case overCap = "over-cap"
        /// It was good, and the readme names another checksum by now.
        case outdated
        /// The model that it was for is gone.
        case vanished
        /// The readme names another source or checksum by now, or the file no more.
        case changed
        /// Nothing is recorded of it.
        case stray
        /// Newer versions fill the bounds.
        case surplus
    }

    var what: What
    var reason: Reason

    var byteCount: Int64 {
        switch what {
        case .trash(let item): item.byteCount
        case .download(let download): download.byteCount
        case .versions(let versions): versions.byteCount
        }
    }

    /// When it was moved away, last written to, or kept.
    var since: Date {
        switch what {
        case .trash(let item): item.movedAt
        case .download(let download): download.modifiedAt
        case .versions(let versions): versions.newestAt
        }
    }
}

/// A file in a zoo's staging for downloads.
struct StagedDownload: Equatable, Sendable {
    /// What is to become of it.
    enum Standing: Equatable, Sendable {
        /// A fetch goes on with it, or what it is for could not be looked at.
        case wanted
        case vanished, changed, stray
    }

    var zoo: String
    /// In staging.
    var name: RelativePath
    /// What it is for; nil when that is not recorded.
    var model: ModelID?
    var file: RelativePath?
    var standing: Standing
    var byteCount: Int64
    var modifiedAt: Date
}

/// Versions of one model that its bounds no longer hold.
struct SurplusVersions: Equatable, Sendable {
    var model: ModelID
    var count: Int
    /// Of contents that no other version of the model names.
    var byteCount: Int64
    var newestAt: Date
}
