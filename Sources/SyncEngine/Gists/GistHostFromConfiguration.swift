import ModelInfo
import SystemIO
import SystemPackage
import Transfers

/// The gist host that a configuration names.
enum ConfiguredGistHost {
    /// Why there is none although one is configured: a sentence with the way out.
    struct Problem: Error, Equatable, CustomStringConvertible { let description: String }

    /// - Returns: Nil for `host: none`.
    static func make(_ loaded: LoadedConfiguration, environment: [String: String]) throws(Problem) -> (any GistHost)? {
        let gists = loaded.configuration.gists
        switch gists.host {
        case .none: return nil
        case .local:
            do { return try LocalGistHost(directory: loaded.state.appending("gists")) } catch { throw Problem(description: "\(error)") }
        case .github:
            do {
                let token = try TokenFile.load(gists, environment: environment)
                let client = try APIClient(
                    baseURL: gists.apiURL.description, token: token, settings: loaded.configuration.networkSettings, workers: 1)
                return GitHubGistHost(client: client, isSignedIn: token != nil, cloneDirectory: loaded.state)
            } catch let problem as TokenProblem {
                throw Problem(description: problem.description)
            } catch {
                throw Problem(description: "gists.api_url \(gists.apiURL): \(error)")
            }
        }
    }
}
