/// A kind of token that can be told by its looks: what it begins with, how many characters of which kind follow.
struct SecretShape {
    enum Alphabet: Int, CaseIterable {
        case alphanumeric
        /// Letters, digits, `-` and `_`.
        case wordLike
        /// As `wordLike`, and `.`.
        case dotted

        func contains(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "_"): self != .alphanumeric
            case UInt8(ascii: "."): self == .dotted
            default: byte.isAlphanumeric
            }
        }
    }

    let prefix: [UInt8]
    /// For people: "a GitHub token".
    let kind: String
    /// Characters behind the prefix.
    let following: ClosedRange<Int>
    let alphabet: Alphabet
    /// A digit, a capital and a small letter are in it, so that it is no word of any language.
    let needsMixture: Bool
    /// Only capitals and digits.
    let isUpperCase: Bool
    /// The secret itself stands on the lines below.
    let goesOnBelow: Bool

    init(
        _ prefix: String, _ kind: String, _ following: ClosedRange<Int>, _ alphabet: Alphabet = .alphanumeric, needsMixture: Bool = false,
        isUpperCase: Bool = false, goesOnBelow: Bool = false
    ) {
        (self.prefix, self.kind, self.following, self.alphabet) = (Array(prefix.utf8), kind, following, alphabet)
        (self.needsMixture, self.isUpperCase, self.goesOnBelow) = (needsMixture, isUpperCase, goesOnBelow)
    }

    /// By the first byte of the prefix.
    static let byFirstByte: [UInt8: [SecretShape]] = Dictionary(grouping: all) { $0.prefix[0] }

    /// Whether any prefix begins with these two bytes.
    static func mayBegin(_ first: UInt8, _ second: UInt8) -> Bool { secondBytes[Int(first)].contains(second) }

    /// By the first byte; mostly empty.
    private static let secondBytes: [[UInt8]] = (0...255).map { first in all.filter { $0.prefix[0] == first }.map { $0.prefix[1] } }

    private static let all: [SecretShape] = {
        let many = Int.max - 1
        let gitHub = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map { SecretShape($0, "a GitHub token", 30...many) }
        let slack = ["xoxa-", "xoxb-", "xoxc-", "xoxd-", "xoxe-", "xoxe.", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"].map {
            SecretShape($0, "a Slack token", 10...many, .dotted)
        }
        let gitLab = ["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-"].map { SecretShape($0, "a GitLab token", 20...many, .dotted) }
        return gitHub + slack + gitLab + [
            SecretShape("github_pat_", "a GitHub token", 22...many, .wordLike),
            SecretShape("AKIA", "an AWS key id", 16...16, isUpperCase: true),
            SecretShape("ASIA", "an AWS key id", 16...16, isUpperCase: true),
            SecretShape("hf_", "a Hugging Face token", 30...many),
            SecretShape("sk-", "an API key", 32...many, .wordLike, needsMixture: true),
            SecretShape("sk_live_", "a Stripe key", 20...many),
            SecretShape("rk_live_", "a Stripe key", 20...many),
            SecretShape("sk_test_", "a Stripe key", 20...many),
            SecretShape("rk_test_", "a Stripe key", 20...many),
            SecretShape("whsec_", "a Stripe key", 30...many),
            SecretShape("GOCSPX-", "a Google client secret", 24...many, .wordLike),
            SecretShape("AIza", "a Google API key", 35...35, .wordLike),
            SecretShape("ya29.", "a Google token", 20...many, .wordLike),
            SecretShape("npm_", "an npm token", 36...36),
            SecretShape("pypi-", "a PyPI token", 50...many, .wordLike, needsMixture: true),
            SecretShape("SG.", "a SendGrid key", 60...many, .dotted, needsMixture: true),
            SecretShape("dop_v1_", "a DigitalOcean token", 64...64),
            SecretShape("AGE-SECRET-KEY-1", "a private key", 40...many),
            SecretShape("PuTTY-User-Key-File-", "a private key", 1...many, .wordLike, goesOnBelow: true),
        ]
    }()
}
