import FoundationEssentials
import ModelInfo
import SystemIO
import SystemPackage
import Transfers

/// Reads by git what GitHub's API does not give whole: files of over ten megabytes, and gists of more than 300 files.
///
/// One revision is fetched into a bare repository that is gone afterwards. Public and secret gists are given to whoever knows their
/// address, so git gets no token at all: not in a URL, an argument or its environment.
struct GistClone: Sendable {
    let client: APIClient
    /// Where the repository lies meanwhile.
    let directory: FilePath
    var program = "git"
    /// From asking to the last byte.
    var deadline = Duration.seconds(120)
    /// Of what git receives, compressed.
    var largestByteCount = GistRules.largestTotalByteCount

    private let lane = BlockingLane(label: "gist-clone", width: 1)
    private static let namePrefix = ".zood-clone-"

    init(client: APIClient, directory: FilePath? = nil) {
        self.client = client
        self.directory = directory ?? FilePath(FileManager.default.temporaryDirectory.path)
    }

    /// - Parameters:
    ///   - address: As the API gave it (`git_pull_url`): taken only on the API's own host or one beside it.
    ///   - revision: 40 hex; nil for the newest one.
    func read(
        _ id: GistID, from address: String?, revision: String?, _ action: GitHubAction
    ) async throws(GistFailure) -> GistRepository.Content {
        guard let address else { throw .nonsense("\(action): only git can read it, and GitHub gave no address for that") }
        let url: HTTPURL
        do { url = try HTTPURL(address) } catch { throw .nonsense("\(action): its git address is none: \(error)") }
        guard client.mayFetchByGit(url) else { throw .nonsense("\(action): its git address \(url) is another server's than GitHub's") }
        do {
            return try await lane.run { try fetch(id, from: url, revision, action) }
        } catch {
            throw error as? GistFailure ?? .unavailable("\(action): \(error)")
        }
    }

    private func fetch(_ id: GistID, from url: HTTPURL, _ revision: String?, _ action: GitHubAction) throws -> GistRepository.Content {
        let parent = try RootedDirectory(at: directory)
        removeLeftovers(in: parent)
        let name = try RelativePath(Self.namePrefix + SystemRandom.hex(byteCount: 8))
        try parent.createDirectory(name, permissions: 0o700)
        defer { try? parent.removeTree(name) }
        let path = parent.path.appending(name.description)
        do {
            _ = try GitProgram(program: program).run(["init", "--quiet", "--bare", "--template=", "--initial-branch=main", path.string])
            _ = try fetchProgram(for: url).run(
                [
                    "fetch", "--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", url.description,
                    "\(revision ?? "HEAD"):\(FastImportStream.branch)",
                ], in: path)
        } catch {
            throw GistFailure.unavailable("\(action): git could not fetch \(url): \(error)")
        }
        CrashPoint.reach("clone.fetched")
        do {
            return try GistRepository(id: id, path: path, git: GitProgram(program: program)).content(of: FastImportStream.branch)
        } catch {
            throw GistFailure.nonsense("\(action): what git fetched from \(url) cannot be read: \(error)")
        }
    }

    /// The network as the configuration has it, one protocol, one pack of bounded size.
    func fetchProgram(for url: HTTPURL) -> GitProgram {
        var git = GitProgram(program: program, deadline: deadline, allowedProtocols: [url.scheme])
        git.largestFileByteCount = largestByteCount
        let settings = client.settings
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
