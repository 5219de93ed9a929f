extension FileIdentity {
    /// Whether some user who may read `other` may not read this file, as far as owner, group and permission bits tell.
    ///
    /// Errs on the side of yes: who is in which group is not known here. Root reads everything and does not count.
    func isLessReadable(than other: FileIdentity) -> Bool {
        let (owner, group, others): (UInt32, UInt32, UInt32) = (0o400, 0o040, 0o004)
        // Everybody reads the other one: then everybody must read this one.
        if other.mode & others != 0, mode & others == 0 || mode & group == 0 && (other.group != self.group || other.mode & group != 0) {
            return true
        }
        if other.mode & group != 0 {
            let groupReads = other.group == self.group ? mode & group != 0 : mode & others != 0 && mode & group != 0
            if !groupReads { return true }
        }
        guard other.mode & owner != 0, other.owner != 0 else { return false }
        if other.owner == self.owner { return mode & owner == 0 }
        return mode & others == 0 && !(other.group == self.group && mode & group != 0)
    }
}
