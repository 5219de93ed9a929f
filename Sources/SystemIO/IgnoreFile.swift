import Glibc
import ModelInfo

/// `.zooignore`: the file in which a directory of a zoo names what is no part of it.
public enum IgnoreFile {
    /// In the directory whose entries it names.
    public static let name = try! RelativePath(".zooignore")

    /// Bytes; a larger one is an accident.
    static let byteLimit = 64 << 10
}

extension IgnoreRules {
    /// The rules with those of the `.zooignore` in `directory`, which lies at `path` below the zoo's root; nil for the root itself.
    /// - Throws: `SystemError` when there is one that cannot be read: then nobody knows what it names.
    public func adding(from directory: RootedDirectory, at path: RelativePath?) throws(SystemError) -> IgnoreRules {
        try adding(from: directory, IgnoreFile.name, of: path)
    }

    /// The rules with those of `file`, reached from `root`, of the directory at `path`.
    public func adding(
        from root: RootedDirectory, _ file: RelativePath, of path: RelativePath?
    ) throws(SystemError) -> IgnoreRules {
        do throws(SystemError) {
            let (bytes, _) = try root.readFile(file, limit: IgnoreFile.byteLimit)
            return adding(String(decoding: bytes, as: UTF8.self), in: path)
        } catch {
            // Without the directory on the way there is no file either.
            if [ENOENT, ENOTDIR, ELOOP].contains(error.errno) { return self }
            throw error
        }
    }
}
