import Glibc
import ModelInfo
import SystemIO

/// What zood moved away: kept beside the zoo's staging, on the same file system, under a name that says whose it was.
enum Trash {
    /// Moves a file into the trash; copies it where that is another file system.
    /// - Returns: Its name there.
    static func keep(
        _ name: RelativePath, from directory: RootedDirectory, of model: ModelID, _ file: RelativePath, in staging: Staging
    ) throws -> RelativePath {
        let flat = "\(model.path)/\(file)".replacing("/", with: "+")
        let kept = try RelativePath("\(SystemRandom.hex(byteCount: 6))+\(flat.suffix(200))")
        let problem: SystemError? = renaming(name, in: directory, to: kept, in: staging.trash)
        if let problem {
            guard problem.errno == EXDEV else { throw problem }
            _ = try FileCopy.make(of: name, in: directory, as: kept, in: staging.trash, permissions: 0o400)
            try directory.remove(name)
        }
        CrashPoint.reach("trash.kept")
        try staging.trash.sync()
        return kept
    }

    /// The error that renaming met; nil for none.
    private static func renaming(
        _ name: RelativePath, in directory: RootedDirectory, to newName: RelativePath, in target: RootedDirectory
    ) -> SystemError? {
        do {
            try directory.rename(name, to: newName, in: target, .refuse)
            return nil
        } catch { return error }
    }
}
