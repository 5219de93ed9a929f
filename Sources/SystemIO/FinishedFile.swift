import Glibc
import ModelInfo

/// Why a finished file did not get its final name.
public enum PlacementFailure: Error, Equatable, Sendable {
    /// The staged name is no longer the file that was verified.
    case notTheVerifiedFile
    /// It cannot be had by a rename from where it is: another file system (EXDEV), or a group that the daemon may not give (EPERM).
    /// Stage in the target directory under a hidden random name instead.
    case stageInTarget(SystemError)
    /// With `RenameRule.exchange`: this file system cannot exchange two names in one step.
    case cannotExchange(SystemError)
    /// With `RenameRule.refuse`: something of that name exists.
    case exists
    /// Renamed, but by now the name leads to something else (nil: nothing): it must not be called verified.
    case replacedMeanwhile(by: FileIdentity?)
    /// The system refused.
    case system(SystemError)
}

/// A file whose bytes were verified and synced, under a staging name.
public struct FinishedFile: Sendable {
    /// Its name in the staging directory.
    public let staged: RelativePath
    /// The staging directory; may be the target directory itself.
    public let staging: RootedDirectory
    /// The file that was hashed, asked through the descriptor that was hashed and synced.
    public let verified: FileIdentity

    /// Checks nothing yet.
    public init(_ staged: RelativePath, in staging: RootedDirectory, verified: FileIdentity) {
        (self.staged, self.staging, self.verified) = (staged, staging, verified)
    }

    /// Gives the file its final name, with the group and the default ACL of the target directory, and mode `mode`.
    ///
    /// On a failure before the rename the file stays under its staged name.
    /// - Parameters:
    ///   - name: In `target`.
    ///   - mode: Permission bits, exactly these; with an ACL their group part is its mask.
    ///   - rule: With `.exchange` the old file is under the staged name afterwards.
    /// - Returns: The file under its final name, which is the verified inode, unchanged.
    public func place(
        as name: RelativePath, in target: RootedDirectory, mode: UInt32, _ rule: RenameRule = .replace
    ) throws(PlacementFailure) -> FileIdentity {
        try place(as: name, in: target, mode: mode, rule, knowsRules: true)
    }

    /// - Parameter knowsRules: False: as on a file system whose rename takes no rule.
    func place(
        as name: RelativePath, in target: RootedDirectory, mode: UInt32, _ rule: RenameRule, knowsRules: Bool
    ) throws(PlacementFailure) -> FileIdentity {
        try prepare(for: target, mode: mode)
        CrashPoint.reach("place.prepared")
        do {
            try give(name, in: target, rule, knowsRules: knowsRules)
            CrashPoint.reach("place.renamed")
            try target.syncParent(of: name)
            // What was exchanged must be there; a staged name that a power cut brings back is swept.
            if rule == .exchange { try staging.syncParent(of: staged) }
            CrashPoint.reach("place.synced")
        } catch {
            switch error.errno {
            case EXDEV: throw .stageInTarget(error)
            case EEXIST where rule == .refuse: throw .exists
            case EINVAL where rule == .exchange, ENOSYS where rule == .exchange, EOPNOTSUPP where rule == .exchange:
                throw .cannotExchange(error)
            default: throw .system(error)
            }
        }
        let found: FileIdentity?
        do { found = try target.status(of: name)?.identity } catch { throw .system(error) }
        guard let found, found.isSameFile(as: verified) else { throw .replacedMeanwhile(by: found) }
        return found
    }

    private func give(_ name: RelativePath, in target: RootedDirectory, _ rule: RenameRule, knowsRules: Bool) throws(SystemError) {
        guard rule != .refuse else { return try staging.moveIfFree(staged, to: name, in: target, knowsRules: knowsRules) }
        guard knowsRules || rule == .replace else { throw SystemError(errno: EINVAL, operation: "rename", path: name.description) }
        try staging.rename(staged, to: name, in: target, rule)
    }

    /// What a rename does not bring along: group, ACL, mode.
    private func prepare(for target: RootedDirectory, mode: UInt32) throws(PlacementFailure) {
        let file = try opened()
        do {
            let (from, to) = (try staging.status(), try target.status())
            // A file that was made in the target has the group and ACL that this directory gives.
            if (from.device, from.inode) != (to.device, to.inode) {
                if verified.group != to.group { try file.setOwner(nil, group: to.group) }
                try inheritACL(of: target, file)
            }
            try file.setMode(mode)
            try file.sync()
        } catch {
            throw error.errno == EPERM ? .stageInTarget(error) : .system(error)
        }
    }

    private func opened() throws(PlacementFailure) -> OwnedDescriptor {
        do throws(SystemError) {
            let file = try staging.open(staged)
            if try file.status().identity.isSameFile(as: verified) { return file }
        } catch {
            guard error.errno == ENOENT else { throw .system(error) }
        }
        throw .notTheVerifiedFile
    }

    /// As if the file had been created in `target`, see acl(5) "OBJECT CREATION AND DEFAULT ACLs"; the mode is set by the caller.
    private func inheritACL(of target: RootedDirectory, _ file: borrowing OwnedDescriptor) throws(SystemError) {
        let inherited = try target.withRaw { (number) throws(SystemError) in
            try ExtendedAttributes.value(ExtendedAttributes.defaultACL, of: number, path: target.path.string)
        }
        let path = file.path
        try file.withRaw { (number) throws(SystemError) in
            if let inherited {
                try ExtendedAttributes.set(ExtendedAttributes.accessACL, to: inherited, of: number, path: path)
            } else if try ExtendedAttributes.value(ExtendedAttributes.accessACL, of: number, path: path) != nil {
                // From a default ACL of the staging directory.
                try ExtendedAttributes.remove(ExtendedAttributes.accessACL, of: number, path: path)
            }
        }
    }
}
