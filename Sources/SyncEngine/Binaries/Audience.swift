import Glibc
import ModelInfo
import SystemIO
import SystemPackage

/// Whom the permissions on the way to a place let in. A copy of a file must let in nobody whom the file does not: otherwise whoever knows a
/// checksum could have its bytes from a directory that is closed to him.
struct Audience: Equatable, Sendable {
    /// Members of all these groups, and nobody else; empty: everybody.
    private(set) var groups: Set<UInt32> = []
    /// Nobody but these, where a step lets in neither group nor others.
    private(set) var owners: Set<UInt32> = []

    /// Everybody.
    static let everybody = Audience()

    private init() {}

    /// Whom the directories let in that lead to one in a zoo, from the root of the file system on. Blocks.
    init(of directory: RelativePath, in zoo: Zoo) throws(SystemError) {
        var place = FilePath("/")
        // The real path: what a link stands for has its own way there.
        for component in try zoo.root.realPath().components {
            place.append(component)
            narrow(by: try RootedDirectory(at: place).status(), reading: 0o1)
        }
        var below = zoo.root
        for component in directory.components {
            guard let name = try? RelativePath(component) else { continue }
            below = try below.directory(name)
            narrow(by: try below.status(), reading: 0o1)
        }
    }

    /// Whom a file in these directories lets in.
    func reading(_ file: FileIdentity) -> Audience {
        var narrower = self
        narrower.narrow(by: file, reading: 0o4)
        return narrower
    }

    /// Whether everybody whom this lets in is let in by `other` too.
    func isInside(_ other: Audience) -> Bool {
        other.groups.isSubset(of: groups) && other.owners.isSubset(of: owners)
    }

    private mutating func narrow(by step: FileIdentity, reading bit: UInt32) {
        if step.mode & bit != 0 { return }
        if step.mode & bit << 3 != 0 { groups.insert(step.group) } else { owners.insert(step.owner) }
    }
}
