import Testing

@testable import ModelInfo

struct SecretScanTests {
    private static let digits = "abcdefghijABCDEFGHIJ0123456789abcdefghijABCDEFGHIJ0123456789abcdefghij"

    static let secrets: [String] = [
        "ghp_\(digits.prefix(36))", "gho_\(digits.prefix(36))", "ghs_\(digits.prefix(36))",
        "github_pat_\(digits.prefix(22))_\(digits.prefix(59))",
        "glpat-\(digits.prefix(20))", "AKIAIOSFODNN7EXAMPLE", "xoxb-123456789012-abcdef", "hf_\(digits.prefix(34))",
        "sk-\(digits.prefix(48))",
        "sk-proj-\(digits.prefix(40))", "AIza\(digits.prefix(35))", "npm_\(digits.prefix(36))", "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----", "-----BEGIN PGP PRIVATE KEY BLOCK-----",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSMeKKF2QT4fwpM",
        "https://user:hunter2@example.org/x", "git+https://a:b@h/", "PuTTY-User-Key-File-2: ssh-rsa", "sk_live_\(digits.prefix(24))",
        "-----BEGIN EC PRIVATE KEY-----", "-----BEGIN ENCRYPTED PRIVATE KEY-----", "-----BEGIN DSA PRIVATE KEY-----",
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", "ghr_\(digits.prefix(36))", "ghu_\(digits.prefix(36))", "ASIAIOSFODNN7EXAMPLE",
        "aws_secret_access_key = \(digits.prefix(38))+/", "xoxe.xoxp-1-\(digits.prefix(30))", "glrt-\(digits.prefix(20))",
        "whsec_\(digits.prefix(32))", "pypi-AgEIcHlwaS5vcmc\(digits.prefix(60))",
    ]

    @Test(arguments: secrets)
    func `a secret is found at its line and never repeated`(secret: String) {
        for text in ["a\nb \(secret)\nc", "x\n\(secret)", "\n key=\"\(secret)\","] {
            let found = SecretScan.findings(in: text, file: "f.txt")
            #expect(found.map(\.code) == [.secretFound], "\(text)")
            #expect(found.first?.line == 2 && found.first?.file == "f.txt")
            #expect(found.first?.message.contains(secret.suffix(8)) == false)
            #expect(!SecretScan.masked(text).contains(secret))
        }
    }

    @Test(arguments: [
        "sha1: 9116a64c0fbe4459d18f4bb6b56d647b63920377", "gist_id: 034c6ac3865563b69e60", "https://example.org/a@b",
        "ssh://git@example.org/x", "https://user@h/x",
        "https://user:$TOKEN@h/x", "https://user:<token>@h/x", "-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "ghp_short",
        "AKIAshort", "hf_hub_download(repo_id)",
        "sk-learn-is-a-library-with-a-very-long-name-indeed", "eyJhbGciOiJIUzI1NiJ9", "eyJ.eyJ.eyJ", "mail me@example.org: x",
        "layer { name: \"conv1\" type: \"Convolution\" }",
        "time 10://20", "://u:p@h", "machine learning needs no password to begin with", "machine: 4 GPUs\npassword protected",
        "default password: none",
        "aws_secret_access_key = YOUR_KEY", "-----BEGIN PGP PUBLIC KEY BLOCK-----", "sha1: 4eafac12cb5a4ffcc40e0cb3de1e0d0ef5bcd8e1  # npm",
        "name: \"sk-1\"", "weights_file: \"xoxb.caffemodel\"", "snapshot_prefix: \"models/hf_net/caffenet_train_iter_450000\"",
        "risk-AbcdefghijklmnopqrstuvwxyzABCDEF", "AKIAaaaaaaaaaaaaaaaa",
    ])
    func `ordinary text holds no secret`(text: String) {
        #expect(SecretScan.findings(in: text, file: "f").isEmpty)
    }

    @Test func `masked text keeps what surrounds a secret`() {
        #expect(SecretScan.masked("see https://u:p@h.org/x, ok") == "see https://…@h.org ok")
        #expect(SecretScan.masked("a ghp_\(Self.digits.prefix(36)) b") == "a … b")
        #expect(SecretScan.masked("plain ü") == "plain ü")
        #expect(SecretScan.masked("https://token@h/x") == "https://…@h")
    }

    @Test func `one line is told once, and a file of secrets not without end`() {
        #expect(SecretScan.findings(in: "\(Self.secrets[0]) \(Self.secrets[1])", file: "f").count == 1)
        #expect(SecretScan.findings(in: String(repeating: "\(Self.secrets[0])\n", count: 1000), file: "f").count == 20)
    }

    @Test func `a password of a netrc is found, beside its machine or on a line of its own below`() {
        #expect(SecretScan.findings(in: "x\nmachine h.org login me password hunter2hunter2\n", file: "f").map(\.line) == [2])
        let text = "machine example.org\n  login me\n  password hunter2hunter2\n"
        #expect(SecretScan.findings(in: text, file: "f").map(\.line) == [3])
        #expect(!SecretScan.masked(text).contains("hunter2"))
    }

    @Test func `what is allowed of a line is its bytes without the line's end, and of a private key the whole key`() {
        let key = "-----BEGIN PRIVATE KEY-----\nMIIBVgIBADANBg\n-----END PRIVATE KEY-----"
        let texts: [(text: String, contents: [Int: String])] = [
            ("a\nx \(Self.secrets[0])\r\nb", [2: "x \(Self.secrets[0])"]),
            ("a\n\(key)\nb", [2: key]),
            ("\(key)\n\(key)", [1: key, 4: key]),
            (
                "-----BEGIN PRIVATE KEY-----\nno end\n\(Self.secrets[0])\n",
                [1: "-----BEGIN PRIVATE KEY-----\nno end\n\(Self.secrets[0])\n", 3: Self.secrets[0]]
            ),
            ("-----BEGIN PRIVATE KEY-----\nno end\n\(key)", [1: "-----BEGIN PRIVATE KEY-----\nno end\n", 3: key]),
        ]
        for (text, contents) in texts {
            let bytes = Array(text.utf8)
            let found = SecretLines(in: bytes).lines.map { ($0.number, String(decoding: bytes[$0.content], as: UTF8.self)) }
            #expect(Dictionary(uniqueKeysWithValues: found) == contents, "\(text)")
        }
    }

    @Test func `a place is a file name and a line`() {
        #expect(SecretPlace("a:b.txt:12") == SecretPlace(file: "a:b.txt", line: 12))
        for text in ["a", "a:", ":1", "a:0", "a:-1", "a:x", ""] { #expect(SecretPlace(text) == nil, "\(text)") }
    }
}
