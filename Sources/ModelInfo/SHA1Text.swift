/// What is written behind `sha1:`.
struct SHA1Text {
    /// Nil unless exactly one run of 40 hexadecimal digits is there.
    let digest: SHA1Digest?
    let finding: Finding?

    /// Whether a finished file can be compared with it.
    var isUsable: Bool { digest.map { !Self.isOfNothing($0) } ?? false }

    init(_ written: String) {
        let text = written.withoutInvisibles.trimmed
        if text.isPlaceholder {
            self.init(nil, Finding(.missingSha1, "no sha1: the download cannot be verified", hint: Self.pinHint))
        } else if let digest = SHA1Digest(hex: text) {
            self.init(digest, nil)
        } else {
            let runs = Self.hexRuns(in: text)
            if let run = runs.first(where: { $0.count == 40 }), Set(runs.filter { $0.count == 40 }.map { $0.lowercased() }).count == 1,
                let digest = SHA1Digest(hex: run)
            {
                self.init(
                    digest,
                    Finding(.sha1Decorated, "the sha1 stands inside other text: \(Quotation.of(text))", hint: "leave only the 40 digits"))
            } else if runs.count == 1, runs[0].count == 64 {
                self.init(
                    nil,
                    Finding(
                        .sha1LooksLikeSha256, "64 hexadecimal digits are a SHA-256, no SHA-1", hint: "write the output of: sha1sum FILE"))
            } else if runs.count == 1, runs[0].count == 32 {
                self.init(
                    nil, Finding(.sha1LooksLikeMd5, "32 hexadecimal digits are an MD5, no SHA-1", hint: "write the output of: sha1sum FILE")
                )
            } else {
                self.init(
                    nil,
                    Finding(.sha1Malformed, "\(Quotation.of(text)) is not 40 hexadecimal digits", hint: "write the output of: sha1sum FILE")
                )
            }
        }
    }

    private init(_ digest: SHA1Digest?, _ finding: Finding?) {
        self.digest = digest
        if let digest, Self.isOfNothing(digest) {
            self.finding = Finding(.sha1OfNothing, "\(digest) is the digest of no file at all", hint: "write the output of: sha1sum FILE")
        } else {
            self.finding = finding
        }
    }

    static let pinHint = "write the output of `sha1sum FILE`, or fetch it and run: zooctl fetch MODEL --pin"

    static func isOfNothing(_ digest: SHA1Digest) -> Bool {
        digest == .ofNothing || digest.description.utf8.allSatisfy { $0 == UInt8(ascii: "0") }
    }

    /// Words of hexadecimal digits that are as long as a digest; a word ends at anything but a letter or digit.
    private static func hexRuns(in text: String) -> [Substring] {
        text.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
            .filter { [32, 40, 64].contains($0.utf8.count) && hexDigits($0, count: $0.utf8.count) != nil }
    }
}
