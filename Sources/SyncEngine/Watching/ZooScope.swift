import Glibc
import ModelInfo
import SystemIO

/// What of a zoo's directories counts: down to the depth at which models may lie, not the hidden ones, not what a `.zooignore` names.
struct ZooScope {
    /// The file that names what is to be skipped.
    static let ignoreFile = try! RelativePath(".zooignore")

    let root: RootedDirectory

    static func isHidden(_ name: RelativePath) -> Bool { name.name.hasPrefix(".") }

    /// The rules that stand above a directory; nil when it is no part of the zoo. Blocks.
    /// - Throws: `SystemError` when nobody can tell, since a `.zooignore` or a directory on the way cannot be read.
    func rules(at path: RelativePath) throws(SystemError) -> IgnoreRules? {
        let names = path.components
        guard names.count <= ModelID.maximumDepth, !names.contains(where: { $0.hasPrefix(".") }) else { return nil }
        var rules = IgnoreRules()
        for depth in 0..<names.count {
            guard let here = try? RelativePath(names.prefix(depth + 1).joined(separator: "/")) else { return nil }
            let file = here.parent?.appending(Self.ignoreFile) ?? Self.ignoreFile
            rules = try rules.adding(from: root, file, of: here.parent)
            if rules.ignore(here, isDirectory: true) { return nil }
        }
        return rules
    }
}

extension IgnoreRules {
    /// The rules with those of the `.zooignore` in `directory`, which lies at `path`.
    /// - Throws: `SystemError` when there is one that cannot be read: then nobody knows what it names.
    func adding(from directory: RootedDirectory, at path: RelativePath?) throws(SystemError) -> IgnoreRules {
        try adding(from: directory, ZooScope.ignoreFile, of: path)
    }

    fileprivate func adding(
        from directory: RootedDirectory, _ file: RelativePath, of path: RelativePath?
    ) throws(SystemError) -> IgnoreRules {
        do throws(SystemError) {
            let (bytes, _) = try directory.readFile(file, limit: 64 << 10)
            return adding(String(decoding: bytes, as: UTF8.self), in: path)
        } catch {
            // Without the directory on the way there is no file either.
            if [ENOENT, ENOTDIR, ELOOP].contains(error.errno) { return self }
            throw error
        }
    }
}
