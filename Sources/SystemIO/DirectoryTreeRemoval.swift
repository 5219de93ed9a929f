import Glibc
import ModelInfo

extension RootedDirectory {
    /// Removes what is at `path`, and if it is a directory all that is below it. Links are removed, not followed; what is gone
    /// already is no error.
    /// - Parameter depthLimit: Levels of directories; ELOOP for a deeper tree, part of which is then gone.
    public func removeTree(_ path: RelativePath, depthLimit: Int = 32) throws(SystemError) {
        guard let (_, kind) = try status(of: path) else { return }
        guard kind == .directory else { return try ignoringAbsence { () throws(SystemError) in try remove(path) } }
        guard depthLimit > 0 else { throw SystemError(errno: ELOOP, operation: "remove", path: full(path).string) }
        try ignoringAbsence { () throws(SystemError) in
            let below = try directory(path)
            for entry in try below.entries().entries { try below.removeTree(entry.name, depthLimit: depthLimit - 1) }
            try removeDirectory(path)
        }
    }

    private func ignoringAbsence(_ work: () throws(SystemError) -> Void) throws(SystemError) {
        do {
            try work()
        } catch {
            guard error.errno == ENOENT else { throw error }
        }
    }
}
