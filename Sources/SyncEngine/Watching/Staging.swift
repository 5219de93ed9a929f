import Glibc
import ModelInfo
import SystemIO

/// `<zoo>/.zood/`: where downloads grow and what was moved away is kept, on the zoo's own file system, so that a finished file
/// arrives by a rename. Opened once and used by descriptor, so that nobody can put another directory in its place.
public struct Staging: Sendable {
    /// Downloads that are not finished. What lies here and belongs to no download is removed at start.
    public let downloads: RootedDirectory
    /// Models' directories that are being made from gists. What lies here and is not about to get its name is removed at start.
    public let incoming: RootedDirectory
    /// What zood moved away.
    public let trash: RootedDirectory
    /// Held as long as this process serves the zoo.
    private let lock: FileLock

    static let name = try! RelativePath(".zood")
    private static let trashName = try! RelativePath("trash")

    /// Where a file of the trash lies, below the zoo.
    static func trashPath(of file: RelativePath) -> RelativePath { name.appending(trashName).appending(file) }

    /// - Throws: `ZooProblem`, which says what to do.
    init(zoo: RootedDirectory, name zooName: String) throws(ZooProblem) {
        let own: RootedDirectory
        do throws(SystemError) {
            own = try Self.open(Self.name, in: zoo)
            incoming = try Self.open(try! RelativePath("incoming"), in: own)
            (downloads, trash) = (
                try Self.open(try! RelativePath("downloads"), in: own), try Self.open(Self.trashName, in: own)
            )
        } catch {
            throw ZooProblem(
                .readOnly, "zoo \(zooName): \(error)",
                hint: "make \(zoo.path)/.zood a directory of the daemon's user with mode 0700, or set mode: read-only for this zoo")
        }
        do throws(FileLock.Failure) { lock = try FileLock(try! RelativePath("lock"), in: own) } catch {
            switch error {
            case .taken(let pid):
                throw ZooProblem(
                    .taken, "zoo \(zooName) (\(zoo.path)) is served by another zood\(pid.map { " (pid \($0))" } ?? "")",
                    hint: "stop that one first: systemctl stop zood")
            case .system(let why):
                throw ZooProblem(.readOnly, "zoo \(zooName): \(why)", hint: "check the rights of \(zoo.path)/.zood")
            }
        }
    }

    /// The zoo, for people.
    var zooPath: String { downloads.path.removingLastComponent().removingLastComponent().string }

    /// Bytes that downloads may still take: what is free for us, without what `minimumFree` says for a file system of that size. Less
    /// than none when that is used up. Blocks.
    func room(leaving minimumFree: (_ totalBytes: Int64) -> Int64) throws(SystemError) -> Int64 {
        let (available, total) = try FileSystemKind.space(at: downloads)
        return available - minimumFree(total)
    }

    /// A real directory of our own with mode 0700, made when missing.
    private static func open(_ name: RelativePath, in parent: RootedDirectory) throws(SystemError) -> RootedDirectory {
        do throws(SystemError) { try parent.createDirectory(name, permissions: 0o700) } catch { if error.errno != EEXIST { throw error } }
        let directory = try parent.directory(name)
        let identity = try directory.status()
        guard identity.owner == geteuid() else {
            throw SystemError(
                errno: EPERM, operation: "use (it belongs to uid \(identity.owner), not to the daemon)", path: directory.path.string)
        }
        guard identity.mode & 0o077 == 0 else {
            throw SystemError(
                errno: EPERM, operation: "use (its mode is \(String(identity.mode & 0o777, radix: 8)), not 700)",
                path: directory.path.string)
        }
        return directory
    }
}

/// Why a zoo cannot be served, or only read.
public struct ZooProblem: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Equatable, Sendable {
        /// It is not there, or the daemon's user may not enter it.
        case missing
        /// It can be looked at, but nothing can be written into it.
        case readOnly
        /// Another zood serves it.
        case taken
    }

    public let kind: Kind
    public let description: String
    public let hint: String

    init(_ kind: Kind, _ description: String, hint: String) { (self.kind, self.description, self.hint) = (kind, description, hint) }
}
