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
        do {
            return try shallow.run(from: url, revision: revision) { path, git in
                do throws(GistFailure) {
                    return try GistRepository(id: id, path: path, git: git).content(of: FastImportStream.branch)
                } catch {
                    throw GistFailure.nonsense("\(action): what git fetched from \(url) cannot be read: \(error)")
                }
            }
        } catch let failure as GistFailure {
            throw failure
        } catch {
            throw GistFailure.unavailable("\(action): git could not fetch \(url): \(error)")
        }
    }

    /// How git reaches the host.
    func fetchProgram(for url: HTTPURL) -> GitProgram { shallow.remoteProgram(for: url) }

    private var shallow: ShallowFetch {
        ShallowFetch(
            settings: client.settings, directory: directory, program: program, deadline: deadline, largestByteCount: largestByteCount)
    }
}
