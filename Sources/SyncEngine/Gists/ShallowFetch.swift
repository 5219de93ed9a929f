import FoundationEssentials
import ModelInfo
import SystemIO
import SystemPackage
import Transfers

/// Fetches one revision of a repository elsewhere into a bare repository that is gone afterwards. Bounded in time and size, without a
/// token, by the network as the configuration has it. Blocks: call it on a `BlockingLane`.
struct ShallowFetch: Sendable {
    let settings: NetworkSettings
    /// Where the repository lies meanwhile.
    let directory: FilePath
    var program = "git"
    /// From asking to the last byte.
    var deadline = Duration.seconds(120)
    /// Of what git receives, compressed.
    var largestByteCount = GistRules.largestTotalByteCount

    private static let namePrefix = ".zood-clone-"

    /// - Parameters:
    ///   - revision: 40 hex; nil for the newest one.
    ///   - body: Reads the repository, whose one branch is `FastImportStream.branch`.
    /// - Throws: `GitProgramFailure`, `SystemError`, or what `body` throws.
    func run<Answer>(from url: HTTPURL, revision: String?, _ body: (FilePath, GitProgram) throws -> Answer) throws -> Answer {
        let parent = try RootedDirectory(at: directory)
        removeLeftovers(in: parent)
        let name = try RelativePath(Self.namePrefix + SystemRandom.hex(byteCount: 8))
        try parent.createDirectory(name, permissions: 0o700)
        defer { try? parent.removeTree(name) }
        let path = parent.path.appending(name.description)
        let local = GitProgram(program: program)
        _ = try local.run(["init", "--quiet", "--bare", "--template=", "--initial-branch=main", path.string])
        _ = try remoteProgram(for: url).run(
            [
                "fetch", "--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", url.description,
                "\(revision ?? "HEAD"):\(FastImportStream.branch)",
            ], in: path)
        CrashPoint.reach("clone.fetched")
        return try body(path, local)
    }

    /// The network as the configuration has it, one protocol, one pack of bounded size.
    func remoteProgram(for url: HTTPURL) -> GitProgram {
        var git = GitProgram(program: program, deadline: deadline, allowedProtocols: [url.scheme])
        git.largestFileByteCount = largestByteCount
        git.configuration = [
            "http.userAgent": settings.userAgent, "http.proxy": settings.proxy(for: url) ?? "", "credential.helper": "",
            "fetch.unpackLimit": "1", "pack.threads": "1", "core.bigFileThreshold": "32m",
        ]
        git.configuration["http.sslCAInfo"] = settings.caFile
        return git
    }

    /// What a kill left behind; what is younger may be in use.
    private func removeLeftovers(in parent: RootedDirectory) {
        let entries = (try? parent.entries().entries) ?? []
        for entry in entries where entry.name.description.hasPrefix(Self.namePrefix) {
            guard let found = try? parent.status(of: entry.name) else { continue }
            let age = Date().timeIntervalSince1970 - Double(found.identity.modified) / 1e9
            if abs(age) > 3600 { try? parent.removeTree(entry.name) }
        }
    }
}
