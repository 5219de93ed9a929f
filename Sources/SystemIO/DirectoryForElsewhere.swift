import Glibc
import ModelInfo

extension RootedDirectory {
    /// Creates a directory here that looks as if it had been made in `target`, to which it is to be renamed: with setgid there, its group
    /// and its setgid bit, and its default ACL. What is then made inside inherits all of it by itself.
    /// - Parameter permissions: Exactly these, whatever the umask.
    /// - Throws: EPERM when the daemon may not give things to that group.
    public func createDirectory(_ path: RelativePath, asIn target: RootedDirectory, permissions: UInt32) throws(SystemError) {
        try createDirectory(path, permissions: 0o700)
        let made = try openBeneath(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        let (here, there) = (try made.status().identity, try target.status())
        let setgid = there.mode & UInt32(S_ISGID)
        if setgid != 0, here.group != there.group { try made.setOwner(nil, group: there.group) }
        let inherited = try target.withRaw { (number) throws(SystemError) in
            try ExtendedAttributes.value(ExtendedAttributes.defaultACL, of: number, path: target.path.string)
        }
        let place = full(path).string
        try made.withRaw { (number) throws(SystemError) in
            for name in [ExtendedAttributes.defaultACL, ExtendedAttributes.accessACL] {
                if let inherited {
                    try ExtendedAttributes.set(name, to: inherited, of: number, path: place)
                } else if try ExtendedAttributes.value(name, of: number, path: place) != nil {
                    // From a default ACL of this directory.
                    try ExtendedAttributes.remove(name, of: number, path: place)
                }
            }
        }
        // Last: a change of group takes setgid away, and an ACL changes the bits of the group.
        try made.setMode(permissions | setgid)
    }
}
