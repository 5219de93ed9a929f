import SystemPackage

/// Where and how model info is published.
public struct GistConfiguration: Equatable, Sendable {
    /// Where gists are kept.
    public enum Host: String, Sendable, CaseIterable { case local, github, none }
    /// Whether something happens by itself.
    public enum Consent: String, Sendable, CaseIterable { case manual, automatic }
    /// What becomes of a file name that was never published from a model.
    public enum NewFiles: String, Sendable, CaseIterable { case ask, automatic }
    /// Of new gists.
    public enum Visibility: String, Sendable, CaseIterable { case secret, `public` }
    /// Which way changes go.
    public enum Direction: String, Sendable, CaseIterable { case both, publish, pull }

    /// Where gists are kept.
    public var host = Host.local
    /// The API's root; used with host `github` only.
    public var apiURL: WebAddress
    /// Read when systemd passes no credential `github-token`.
    public var tokenFile: FilePath?
    /// Whether a first publication needs a person.
    public var create = Consent.manual
    /// Whether a file name that was never published from this model needs a person.
    public var newFiles = NewFiles.ask
    /// Of new gists.
    public var visibility = Visibility.secret
    /// Which way changes go.
    public var direction = Direction.both
    /// Between two looks for remote changes.
    public var poll = Duration.seconds(15 * 60)
    /// Larger files are not published.
    public var maximumFileSize = ByteSize.mebibytes(1)

    /// The defaults.
    public init() {
        apiURL = WebAddress(known: "https://api.github.com")
    }
}

extension GistConfiguration.Host: ConfigurationWord {}
extension GistConfiguration.Consent: ConfigurationWord {}
extension GistConfiguration.NewFiles: ConfigurationWord {}
extension GistConfiguration.Visibility: ConfigurationWord {}
extension GistConfiguration.Direction: ConfigurationWord {}

extension GistConfiguration: ConfigurationSection {
    static var keys: [ConfigurationKey<GistConfiguration>] {
        [
            .value(
                "host", \.host,
                "`local`: bare git repositories below the state directory, no account needed. `github`: github.com or an Enterprise Server. `none`: nothing is published or pulled."
            ),
            .value("api_url", \.apiURL, "`https://HOST/api/v3` for an Enterprise Server. The token is sent nowhere else."),
            .nullable(
                "token_file", \.tokenFile,
                "Holds the GitHub token when systemd passes no credential `github-token`. Refused when group or others may read it."),
            .value(
                "create", \.create,
                "`manual`: a first publication needs `zooctl publish MODEL`. `automatic`: any valid model without `gist_id` gets a gist."),
            .value(
                "new_files", \.newFiles,
                "`ask`: a file name never published from this model waits for `zooctl publish MODEL`. `automatic`: it is sent."),
            .value("visibility", \.visibility, "Of new gists."),
            .value("direction", \.direction, "`publish`: never write what a gist says into the zoo. `pull`: never send."),
            .value(
                "poll", \.poll, in: .seconds(1)...(.seconds(7 * 86400)),
                "Between two looks for remote changes, a tenth more or less. Without a token it is 2m at least, and the gists of many owners have their turns, for GitHub's limits."
            ),
            .value(
                "max_file_size", \.maximumFileSize, in: .kibibytes(1)...(.mebibytes(10)),
                "Larger files are not published; a larger readme is an error."),
        ]
    }
}
