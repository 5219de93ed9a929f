/// How the loopback GitHub behaves where GitHub has its moods, or where an Enterprise Server differs.
public struct GitHubSettings: Sendable {
    /// What a PATCH with empty or blank content does: all three have been seen.
    public enum BlankContent: Sendable { case refused, deletes, keeps }

    /// False: an Enterprise Server as installed, without `x-ratelimit` headers; `/rate_limit` is a 404.
    public var hasLimits = true
    /// Requests an hour of an account.
    public var accountLimit = 5000
    /// Requests an hour of everybody without token.
    public var anonymousLimit = 60
    /// The status over the primary limit: 403 or 429.
    public var overLimitStatus = 403
    /// Gists and changes a minute before the secondary limit strikes; nil: never by itself.
    public var writesPerMinute: Int?
    /// `Retry-After` of that answer, in seconds; nil: none.
    public var secondaryRetryAfter: Int? = 60
    /// Bytes of a file's content that an answer holds; the rest is behind `raw_url`.
    public var contentLimit = 1_000_000
    /// Bytes up to which `raw_url` works.
    public var rawLimit = 10_000_000
    /// Files that an answer lists.
    public var fileLimit = 300
    /// Larger request bodies are a 413, in bytes.
    public var bodyLimit = 100_000_000
    /// What a PATCH with blank content does.
    public var blankPatch = BlankContent.refused
    /// Bad credentials within ``loginBlock`` before everything with credentials is refused.
    public var badLoginLimit = 10
    /// How long that lasts.
    public var loginBlock = Duration.seconds(60)
    /// How long a new gist is missing in listings, as if they came from a replica.
    public var listingLag = Duration.zero
    /// True: the newest revision in the answer to a write has an empty `change_status` yet.
    public var changeStatusLags = false
    /// True: the files of a truncated answer have no `raw_url`: only cloning is left.
    public var hidesRawURLs = false
    /// What `git_pull_url`s begin with instead of their real origin; nil: where git is really served.
    public var gitOrigin: String?

    /// github.com as documented.
    public init() {}
}
