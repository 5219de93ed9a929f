import FoundationEssentials
import Glibc
import ModelInfo
import SystemIO

/// Where zood moves things away to: beside the zoo's staging, on the same file system, under a name that says whose it was.
struct Trash {
    let staging: Staging
    let store: StateStore
    let clock: any DaemonClock

    /// Names of copies that have not ended.
    private static let unfinishedPrefix = ".copy-"

    /// What is in there: regular files, whole ones.
    static func files(in staging: Staging) throws(SystemError) -> [RelativePath] {
        try staging.trash.entries().entries.filter { $0.kind == .file && !$0.name.description.hasPrefix(unfinishedPrefix) }.map(\.name)
    }

    /// Removes copies that a kill cut off, whose originals are where they were, and forgets what is recorded and not there. Blocks.
    static func sweep(_ staging: Staging, of zoo: String, _ store: StateStore, at now: Date) throws {
        for entry in try staging.trash.entries().entries where entry.name.description.hasPrefix(unfinishedPrefix) {
            try staging.trash.remove(entry.name)
        }
        try store.keepTrash(of: zoo, only: Set(try files(in: staging).map(\.description)), at: now)
    }

    /// Moves a file of which nothing is recorded from staging into the trash, unless it is a download that was not finished: those alone
    /// are the daemon's own with a mode of 0600. Blocks.
    /// - Returns: Whether it is one to be kept, be it that it could not be moved.
    static func takesIn(_ name: RelativePath, from staging: Staging) -> Bool {
        guard let (found, _) = try? staging.downloads.status(of: name) else { return true }
        if found.owner == geteuid(), found.mode & 0o7777 == 0o600 { return false }
        let item = SystemRandom.hex(byteCount: 6)
        if let kept = try? RelativePath("\(item)+\(name)") {
            try? staging.downloads.rename(name, to: kept, in: staging.trash, .refuse)
            try? staging.trash.sync()
        }
        return true
    }

    /// Moves a file into the trash; copies it where that is another file system. Blocks.
    ///
    /// What it is about is committed before, so that no kill takes it from the file; a record without a file counts for nothing.
    /// - Returns: Its name there.
    func keep(
        _ name: RelativePath, from directory: RootedDirectory, of model: ModelID, _ file: RelativePath, because reason: TrashReason
    ) throws -> RelativePath {
        let flat = "\(model.path)/\(file)".replacing("/", with: "+")
        let item = SystemRandom.hex(byteCount: 6)
        let kept = try RelativePath("\(item)+\(flat.suffix(200))")
        let byteCount = try directory.status(of: name)?.0.size ?? 0
        try store.record(
            TrashRecord(item: item, model: model, file: file, name: kept, reason: reason, at: clock.now, byteCount: byteCount))
        CrashPoint.reach("trash.recorded")
        let problem: SystemError? = renaming(name, in: directory, to: kept, in: staging.trash)
        if let problem {
            guard problem.errno == EXDEV else { throw problem }
            let unfinished = try RelativePath(Self.unfinishedPrefix + item)
            _ = try FileCopy.make(of: name, in: directory, as: unfinished, in: staging.trash, permissions: 0o400)
            try staging.trash.rename(unfinished, to: kept, .refuse)
            try staging.trash.sync()
            try directory.remove(name)
        }
        CrashPoint.reach("trash.kept")
        try staging.trash.sync()
        return kept
    }

    /// The error that renaming met; nil for none.
    private func renaming(
        _ name: RelativePath, in directory: RootedDirectory, to newName: RelativePath, in target: RootedDirectory
    ) -> SystemError? {
        do {
            try directory.rename(name, to: newName, in: target, .refuse)
            return nil
        } catch { return error }
    }
}
