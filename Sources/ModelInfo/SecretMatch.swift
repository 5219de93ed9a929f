/// One secret in a text.
struct SecretMatch {
    let range: Range<Int>
    /// For people: "a GitHub token".
    let kind: String
    /// What people are shown in its place.
    var replacement = "…"
    /// Masked for the eye, but nothing that has to stay here: a user without password, a placeholder.
    var isHarmless = false
    /// The first line of a private key, which goes on below.
    var isKeyBeginning = false

    /// All of them, by place and without overlap. Work is linear in the bytes.
    static func all(in bytes: [UInt8]) -> [SecretMatch] {
        var scanner = SecretScanner(bytes: bytes)
        let matches = scanner.matches()
        let logins = LoginSecrets.matches(in: bytes)
        guard !logins.isEmpty else { return matches }
        var all: [SecretMatch] = []
        for match in (matches + logins).sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
        where all.last.map({ $0.range.upperBound <= match.range.lowerBound }) ?? true {
            all.append(match)
        }
        return all
    }
}

/// One walk over the bytes of a text.
private struct SecretScanner {
    let bytes: [UInt8]
    /// The last run of characters of one alphabet that was measured for one purpose: many beginnings in one long run measure it once.
    private var runs = [Range<Int>](repeating: 0..<0, count: Purpose.allCases.count)

    private enum Purpose: Int, CaseIterable { case alphanumeric, wordLike, dotted, header, payload, signature }

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func matches() -> [SecretMatch] {
        var matches: [SecretMatch] = []
        var index = 0
        while index < bytes.count {
            let match: SecretMatch?
            let byte = bytes[index]
            if byte == UInt8(ascii: ":") {
                match = urlCredentials(colon: index)
            } else if byte == UInt8(ascii: "-") {
                match = privateKey(at: index)
            } else if byte.isAlphanumeric, index == 0 || !bytes[index - 1].isAlphanumeric {
                match = token(at: index) ?? webToken(at: index)
            } else {
                match = nil
            }
            if let match {
                while let last = matches.last, last.range.upperBound > match.range.lowerBound { matches.removeLast() }
                matches.append(match)
            }
            index = max(index + 1, match?.range.upperBound ?? 0)
        }
        return matches
    }

    /// Where the run of `alphabet` that `start` lies in, or begins, ends.
    private mutating func runEnd(from start: Int, _ alphabet: SecretShape.Alphabet, _ purpose: Purpose) -> Int {
        if runs[purpose.rawValue].contains(start) { return runs[purpose.rawValue].upperBound }
        var end = start
        while end < bytes.count, alphabet.contains(bytes[end]) { end += 1 }
        runs[purpose.rawValue] = start..<end
        return end
    }

    private func holds(_ text: String, at start: Int) -> Bool { bytes[min(start, bytes.count)...].starts(with: text.utf8) }

    private mutating func token(at start: Int) -> SecretMatch? {
        guard start + 1 < bytes.count, SecretShape.mayBegin(bytes[start], bytes[start + 1]) else { return nil }
        for shape in SecretShape.byFirstByte[bytes[start]] ?? [] where bytes[start...].starts(with: shape.prefix) {
            let first = start + shape.prefix.count
            let purpose: Purpose =
                switch shape.alphabet {
                case .alphanumeric: .alphanumeric
                case .wordLike: .wordLike
                case .dotted: .dotted
                }
            let end = runEnd(from: first, shape.alphabet, purpose)
            guard shape.following.contains(end - first) else { continue }
            let beginning = bytes[first..<end].prefix(64)
            guard !shape.needsMixture || Self.isMixed(beginning), !shape.isUpperCase || !beginning.contains(where: \.isSmallLetter) else {
                continue
            }
            guard !isKeyIDOfSignedLink(start) else { continue }
            return SecretMatch(range: start..<end, kind: shape.kind, isKeyBeginning: shape.goesOnBelow)
        }
        return nil
    }

    /// Whether what begins at `start` is the value of a parameter that names the key which a link was signed with.
    private func isKeyIDOfSignedLink(_ start: Int) -> Bool {
        URLSignature.keyIDParameters.contains { name in
            start > name.utf8.count && "?&;".utf8.contains(bytes[start - name.utf8.count - 1])
                && bytes[(start - name.utf8.count)..<start].elementsEqual(name.utf8) { $0 | 0x20 == $1 | 0x20 }
        }
    }

    private static func isMixed(_ token: ArraySlice<UInt8>) -> Bool {
        token.contains(where: \.isDigit) && token.contains(where: \.isSmallLetter)
            && token.contains { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
    }

    /// `eyJ….eyJ….…`: a JWT, whose first two parts are JSON objects in base64url.
    private mutating func webToken(at start: Int) -> SecretMatch? {
        guard bytes[start] == UInt8(ascii: "e"), holds("eyJ", at: start) else { return nil }
        let header = runEnd(from: start, .wordLike, .header)
        guard header - start >= 10, holds(".eyJ", at: header) else { return nil }
        let payload = runEnd(from: header + 1, .wordLike, .payload)
        guard payload - header > 10, holds(".", at: payload) else { return nil }
        let signature = runEnd(from: payload + 1, .wordLike, .signature)
        guard signature - payload > 10 else { return nil }
        return SecretMatch(range: start..<signature, kind: "a web token (JWT)")
    }

    /// `-----BEGIN … PRIVATE KEY` or `---- BEGIN … PRIVATE KEY` at `start`, to the end of its line.
    private func privateKey(at start: Int) -> SecretMatch? {
        // Of the two ways to write a key of SSH's one has blanks: `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----`.
        guard start + 10 < bytes.count, holds("-----BEGIN ", at: start) || holds("---- BEGIN ", at: start) else { return nil }
        let rest = bytes[start...].prefix(80).prefix { $0 != .lineFeed && $0 != .carriageReturn }
        let blanks = rest.indices.filter { bytes[$0] == UInt8(ascii: " ") }
        let isPrivate = blanks.contains {
            holds("PRIVATE", at: $0 + 1) && ($0 + 8 == rest.endIndex || rest.indices.contains($0 + 8) && bytes[$0 + 8] == UInt8(ascii: " "))
        }
        guard isPrivate, blanks.contains(where: { holds("KEY", at: $0 + 1) }) else { return nil }
        return SecretMatch(range: start..<start + rest.count, kind: "a private key", isKeyBeginning: true)
    }

    /// `scheme://userinfo@host`, of which `colon` is the colon behind the scheme.
    private func urlCredentials(colon: Int) -> SecretMatch? {
        guard bytes.hasSlashes(at: colon + 1, before: bytes.count) else { return nil }
        var start = colon
        while start > 0, colon - start < 20, bytes[start - 1].isAlphanumeric || bytes[start - 1] == UInt8(ascii: "+") { start -= 1 }
        let first = colon + 3
        var end = first
        var at: Int?
        while end < bytes.count, Self.isOfAuthority(bytes[end]) {
            if bytes[end] == UInt8(ascii: "@") { at = end }
            end += 1
        }
        guard start < colon, let at, at > first else { return nil }
        let userinfo = bytes[first..<at]
        let password = userinfo.firstIndex(of: UInt8(ascii: ":")).map { userinfo[($0 + 1)...] } ?? []
        let isHarmless = password.first.map { "${[*%".utf8.contains($0) } ?? true
        // The path may hold more of the secret than the host does, so it goes too.
        var tail = end
        while tail < bytes.count, bytes[tail] > 0x20, !"\"'<>`".utf8.contains(bytes[tail]) { tail += 1 }
        let scheme = String(decoding: bytes[start..<colon], as: UTF8.self)
        let host = String(decoding: bytes[(at + 1)..<end], as: UTF8.self)
        return SecretMatch(range: start..<tail, kind: "a password in a URL", replacement: "\(scheme)://…@\(host)", isHarmless: isHarmless)
    }

    private static func isOfAuthority(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"),
            UInt8(ascii: ">"), UInt8(ascii: "`"), UInt8(ascii: "\\"), UInt8(ascii: "("), UInt8(ascii: ")"):
            false
        default: true
        }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
    fileprivate var isSmallLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self }
}
