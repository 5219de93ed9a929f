import CLinux
import Glibc

extension OwnedDescriptor {
    /// Makes this file hold what `source` holds, without copying a byte: the two share their blocks until one of them is written to.
    /// - Returns: False where that cannot be had, as on ext4, or between two file systems: then nothing was changed.
    /// - Throws: What stands in the way of a copy, too (ENOSPC, EIO).
    public borrowing func clone(_ source: borrowing OwnedDescriptor) throws(SystemError) -> Bool {
        let result = withRaw { to in source.withRaw { from in zoo_clone(to, from) } }
        if result >= 0 { return true }
        // What file systems and seccomp filters say that know no clones; EPERM: a mark like NOCOW that only one of the two has.
        if [ENOTTY, EOPNOTSUPP, ENOSYS, EXDEV, EINVAL, EPERM].contains(Int32(-result)) { return false }
        throw SystemError(errno: Int32(-result), operation: "clone", path: source.path)
    }
}
