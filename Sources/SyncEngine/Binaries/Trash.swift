import ModelInfo
import SystemIO

/// What zood moved away: kept beside the zoo's staging, on the same file system, under a name that says whose it was.
enum Trash {
    /// Moves a file of the staging directory into the trash.
    /// - Returns: Its name there.
    static func keep(_ staged: RelativePath, of model: ModelID, _ file: RelativePath, in staging: Staging) throws -> RelativePath {
        let flat = "\(model.path)/\(file)".replacing("/", with: "+")
        let name = try RelativePath("\(SystemRandom.hex(byteCount: 6))+\(flat.suffix(200))")
        try staging.downloads.rename(staged, to: name, in: staging.trash, .refuse)
        CrashPoint.reach("trash.kept")
        try staging.trash.sync()
        return name
    }
}
