import FoundationEssentials
import Glibc
import ModelInfo
import SystemIO
import SystemPackage

/// The state directory: made when missing, ours alone, on a disk of this machine, and used by one zood at a time.
struct StateDirectory: Sendable {
    let lock: FileLock

    init(_ path: FilePath) throws {
        let directory: RootedDirectory
        do {
            try FileManager.default.createDirectory(
                atPath: path.string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            directory = try RootedDirectory(at: path)
        } catch {
            throw StartProblem("the state directory \(path) cannot be used: \(error)", hint: "name another one: zood --state DIR")
        }
        if let kind = try? FileSystemKind.of(directory), kind.isNetwork {
            throw StartProblem(
                "the state directory \(path) lies on \(kind.name), a network file system, where SQLite's log does not work",
                hint: "name one on a local disk: zood --state DIR")
        }
        do throws(FileLock.Failure) { lock = try FileLock(try! RelativePath("lock"), in: directory) } catch {
            switch error {
            case .taken(let pid):
                throw StartProblem(
                    "another zood\(pid.map { " (pid \($0))" } ?? "") uses the state \(path)",
                    hint: "stop that one first (systemctl stop zood), or name another state: zood --state DIR")
            case .system(let why):
                throw StartProblem("the state directory \(path) cannot be used: \(why)", hint: "name another one: zood --state DIR")
            }
        }
    }
}
