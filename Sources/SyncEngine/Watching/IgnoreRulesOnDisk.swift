import Glibc
import ModelInfo
import SystemIO

extension IgnoreRules {
    /// The file that names what is to be skipped, at any level of a zoo.
    static let fileName = try! RelativePath(".zooignore")

    /// Bytes; a larger file is not read.
    private static let limit = 64 << 10

    /// The rules that the directories above `path` give for what is in it; nil when they name it, or a directory on the way to it.
    /// Blocks.
    static func above(_ path: RelativePath, in root: RootedDirectory) throws(SystemError) -> IgnoreRules? {
        var rules = IgnoreRules()
        var (directory, place): (RootedDirectory, RelativePath?) = (root, nil)
        for (depth, name) in path.components.enumerated() {
            rules = try rules.adding(from: directory, at: place)
            guard let component = try? RelativePath(name) else { return nil }
            let below = place?.appending(component) ?? component
            if rules.ignore(below, isDirectory: true) { return nil }
            guard depth + 1 < path.components.count else { break }
            do throws(SystemError) { directory = try directory.directory(component) } catch {
                // What is not there is no business of the rules.
                if [ENOENT, ENOTDIR, ELOOP].contains(error.errno) { return rules }
                throw error
            }
            place = below
        }
        return rules
    }

    /// The rules with those of the `.zooignore` in `directory`, if there is one.
    /// - Throws: `SystemError` when it is there and cannot be read: then nobody knows what it names.
    func adding(from directory: RootedDirectory, at path: RelativePath?) throws(SystemError) -> IgnoreRules {
        do throws(SystemError) {
            let (bytes, _) = try directory.readFile(Self.fileName, limit: Self.limit)
            return adding(String(decoding: bytes, as: UTF8.self), in: path)
        } catch {
            if error.errno == ENOENT { return self }
            throw error
        }
    }
}
