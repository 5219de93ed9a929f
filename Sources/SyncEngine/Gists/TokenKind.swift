import Transfers

/// What kind of GitHub token one is, by how it begins.
enum TokenKind: String, Sendable {
    case classic = "classic token"
    case fineGrained = "fine-grained token"
    case oauth = "OAuth token"
    case app = "token of a GitHub App"
    case unknown = "token of a kind that zood does not know"

    init(_ token: SecretToken) {
        self = token.withValue { value in
            switch true {
            case value.hasPrefix("github_pat_"): .fineGrained
            case value.hasPrefix("ghp_"): .classic
            case value.hasPrefix("gho_"): .oauth
            case value.hasPrefix("ghs_"), value.hasPrefix("ghu_"): .app
            // What GitHub gave out until 2021.
            case value.utf8.count == 40: .classic
            default: .unknown
            }
        }
    }
}
