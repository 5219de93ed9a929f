import Glibc
import ModelInfo
import SystemIO

/// What of a zoo's directories counts: down to the depth at which models may lie, not the hidden ones, not what a `.zooignore` names.
struct ZooScope {
    let root: RootedDirectory

    /// The rules that stand above a directory; nil when it is no part of the zoo. Blocks.
    /// - Throws: `SystemError` when nobody can tell, since a `.zooignore` or a directory on the way cannot be read.
    func rules(at path: RelativePath) throws(SystemError) -> IgnoreRules? {
        let names = path.components
        guard names.count <= ModelID.maximumDepth, !path.isHidden else { return nil }
        var rules = IgnoreRules()
        for depth in 0..<names.count {
            guard let here = try? RelativePath(names.prefix(depth + 1).joined(separator: "/")) else { return nil }
            let file = here.parent?.appending(IgnoreFile.name) ?? IgnoreFile.name
            rules = try rules.adding(from: root, file, of: here.parent)
            if rules.ignore(here, isDirectory: true) { return nil }
        }
        return rules
    }
}
