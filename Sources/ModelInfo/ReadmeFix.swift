/// One line of a readme that says clearly what it means and writes it otherwise than it should be: what stands there, and what belongs there.
public struct ReadmeFix: Hashable, Sendable {
    /// As written.
    public let key: String
    /// From 1.
    public let line: Int
    /// The value as written.
    public let old: String
    /// What it becomes: the direct form of a URL, 40 lower-case digits, a bare gist id.
    public let new: String

    /// What a person can write instead.
    public var lineToWrite: String { "\(key): \(YAMLScalar.written(new))" }

    /// Nil when there is nothing to fix, or when only a person can tell what is meant.
    init?(_ occurrence: KeyOccurrence) {
        guard occurrence.shape == .oneLine, let key = KnownKey(spelled: occurrence.key),
            let new = Self.better(occurrence.value, of: key),
            !new.hasSameBytes(as: occurrence.value)
        else { return nil }
        (self.key, line, old, self.new) = (occurrence.key, occurrence.line, occurrence.value, new)
    }

    private static func better(_ value: String, of key: KnownKey) -> String? {
        switch key {
        case .sha1:
            let text = SHA1Text(value)
            return text.isUsable ? text.digest?.description : nil
        case .gistID: return GistReference(value)?.id.description
        case .caffemodelURL: return betterURL(value)
        default: return nil
        }
    }

    /// Codes of a URL that is known to mean another one.
    private static let fixable: Set<DiagnosticCode> = [.dropboxNotDirect, .urlNotDirect, .urlDecorated, .urlNeedsEncoding]
    /// Codes that say nothing about how it is written.
    private static let harmless: Set<DiagnosticCode> = [.urlExpiring, .urlArchive, .urlAddressRefused, .urlShortener]

    private static func betterURL(_ value: String) -> String? {
        // Of several URLs in one value, which are mirrors, one would be left.
        guard URLDecoration.separated(value).count == 1 else { return nil }
        let judged = BinaryURL(value)
        let codes = Set(judged.findings.map(\.code))
        guard let url = judged.url, !codes.isDisjoint(with: fixable), codes.isSubset(of: fixable.union(harmless)) else { return nil }
        // A page whose file cannot be told from it stays as it is.
        return Set(BinaryURL(url).findings.map(\.code)).isDisjoint(with: fixable) ? url : nil
    }
}

/// A readme with everything fixed that can be: one line changes for each fix, all other bytes stay.
public struct FixedReadme: Sendable {
    public let bytes: [UInt8]
    /// In the order of their lines.
    public let fixes: [ReadmeFix]
    /// What should be fixed and cannot be, by a safe edit of one line.
    public let refused: [(fix: ReadmeFix, refusal: FrontmatterEditor.EditRefusal)]

    /// Each edit reads the file anew; a readme with more lines to fix is no work of a person, and a second run goes on.
    static let mostFixes = 64

    public init(_ original: [UInt8]) {
        var (bytes, fixes) = (original, [ReadmeFix]())
        var refused: [(fix: ReadmeFix, refusal: FrontmatterEditor.EditRefusal)] = []
        for (index, occurrence) in EditableReadme(original).occurrences.enumerated() {
            guard fixes.count + refused.count < Self.mostFixes, let fix = ReadmeFix(occurrence) else { continue }
            // An edit before this one may have moved its column, never its place in the order.
            let now = fixes.isEmpty ? occurrence : EditableReadme(bytes).occurrences[index]
            switch FrontmatterEditor.replacing(now, with: fix.new, in: bytes) {
            case .success(let edited):
                bytes = edited
                fixes.append(fix)
            case .failure(let refusal): refused.append((fix, refusal))
            }
        }
        (self.bytes, self.fixes, self.refused) = (bytes, fixes, refused)
    }
}
