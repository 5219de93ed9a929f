import FoundationEssentials
import Glibc
import ModelInfo
import SystemIO
import SystemPackage

/// Merges texts by `git merge-file`. Blocks: call it on a `BlockingLane`.
struct ThreeWayMerge: Sendable {
    /// Made when missing; whatever lies in it belongs to a merge of now, or to one that a kill ended.
    let directory: FilePath
    var git = GitProgram()

    enum Favour: Sendable {
        case nobody
        /// Where both sides changed the same lines, those from here.
        case local
    }

    /// - Returns: Nil when both sides changed the same lines and nobody is favoured.
    func merge(base: String, local: String, remote: String, favouring: Favour = .nobody) throws -> String? {
        let place = directory.appending(SystemRandom.hex(byteCount: 8))
        try FileManager.default.createDirectory(
            atPath: place.string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: place.string) }
        var paths: [String] = []
        for (name, text) in [("here", local), ("base", base), ("gist", remote)] {
            paths.append(place.appending(name).string)
            guard FileManager.default.createFile(atPath: paths[paths.count - 1], contents: Data(text.utf8)) else {
                throw SystemError(errno: errno, operation: "write for a merge", path: paths[paths.count - 1])
            }
        }
        let style = if case .local = favouring { ["--ours"] } else { [String]() }
        // With short labels the marks of a conflict are 28 bytes, and it holds at least one line of each side.
        let limit = 16 * (base.utf8.count + local.utf8.count + remote.utf8.count) + 4096
        do throws(GitProgramFailure) {
            return String(
                decoding: try git.run(["merge-file", "-p", "-q", "-L", "a", "-L", "b", "-L", "c"] + style + paths, outputLimit: limit),
                as: UTF8.self)
        } catch {
            // The status is the number of conflicts, up to 127.
            if case .failed(.exited(1...127), _) = error { return nil }
            throw error
        }
    }

    /// The same of readmes that name their gist here: the line with the id stays where it is here, whatever lies beside it and wherever
    /// the others have it.
    func merge(base: String, local: String, remote: String, naming id: GistID, favouring: Favour = .nobody) throws -> String? {
        guard let (bare, base, remote) = Self.bare(local, base, remote) else {
            return try merge(base: base, local: local, remote: remote, favouring: favouring)
        }
        guard let merged = try merge(base: base, local: bare, remote: remote, favouring: favouring) else { return nil }
        return try merge(base: bare, local: local, remote: merged) ?? merged.naming(id)
    }

    private static func bare(_ one: String, _ two: String, _ three: String) -> (String, String, String)? {
        guard let one = one.withoutGistID, let two = two.withoutGistID, let three = three.withoutGistID else { return nil }
        return (one, two, three)
    }

    /// Removes what a kill left.
    func clean() { try? FileManager.default.removeItem(atPath: directory.string) }
}
