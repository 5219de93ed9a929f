/// Lines of `key: value` in a readme's text with no other text between them. Whether they are a model's keys, they show together:
/// `name` and `license` stand in texts about anything, `caffemodel_url` does not.
struct KeyRun {
    struct Entry {
        let known: KnownKey?
        let key: String
        var value: String
        /// Values that stand in lines of their own behind the key.
        var items: [String] = []
        let line, column, valueColumn: Int

        /// The value, or the first that stands behind it.
        var text: String { value.isEmpty ? items.first ?? "" : value }
        var isOneWord: Bool { !text.isEmpty && !text.utf8.contains { $0.isBlank } }
    }

    var entries: [Entry] = []
    /// As in ``KeyOccurrence``.
    let section: Int
    /// Its heading announces keys, or nothing but a heading stands before it.
    let isAnnounced: Bool
    let isFenced: Bool
    /// No text stands right before it.
    let isBegun: Bool
    /// No text stands right behind it.
    var isEnded = true
    /// The text around it is that of a program or a prototxt.
    var isAmongBraces = false

    // MARK: Judgement

    /// Keys that only a model has, with values that make sense.
    var strongKeys: Set<KnownKey> { Set(entries.filter(isStrong).compactMap(\.known)) }

    /// Whether it is about a model, whatever is said elsewhere.
    var isOfModel: Bool {
        let strong = strongKeys
        guard isFenced else { return !strong.isEmpty }
        // An example in a fence may name a binary for many reasons; with its URL or more it is that of this model.
        let witnesses = strong.union(entries.contains { $0.known == .sha1 && SHA1Text($0.text).digest != nil } ? [.sha1] : [])
        return !isAmongBraces && (strong.contains(.caffemodelURL) || witnesses.count >= 2)
    }

    /// What counts of a run without strong keys, under a heading that announces keys or at the top.
    /// - Parameter isDeclared: A binary is declared elsewhere. Else one key alone is too little for a model.
    func announced(isDeclared: Bool) -> [Entry] {
        guard isAnnounced, !isFenced, !isAmongBraces else { return [] }
        return Set(entries.compactMap(\.known)).count >= (isDeclared ? 1 : 2) ? entries : []
    }

    /// What counts of a run without strong keys when a binary is declared elsewhere.
    /// - Parameter isInSection: The binary is declared under the same heading.
    func standing(isInSection: Bool) -> [Entry] {
        guard !isFenced, !isAmongBraces, isBegun, isEnded else { return [] }
        return entries.filter { entry in
            switch entry.known {
            case .license: true
            case .sha1, .caffeCommit, .caffeVersion: isInSection
            default: false
            }
        }
    }

    private func isStrong(_ entry: Entry) -> Bool {
        switch entry.known {
        case .caffemodel:
            let name = MarkdownValue(entry.text)
            if entry.isOneWord || name.target != nil { return true }
            return entry.text.lowercased().holdsASCII(".caffemodel") && entry.text.utf8.count { $0.isBlank } <= 4
        case .caffemodelURL: return Self.looksLikeURL(entry.text)
        case .gistID:
            let written = MarkdownValue(entry.text)
            return GistReference(written.text) != nil || written.target.flatMap { GistReference($0) } != nil
        case .caffeCommit, .caffeVersion: return entry.key.filter { $0 != "\\" } == entry.known?.rawValue && !entry.text.isEmpty
        default: return false
        }
    }

    private static func looksLikeURL(_ text: String) -> Bool {
        if text.holdsASCII("://") { return true }
        let word = text.utf8.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != UInt8(ascii: " ") }
        guard let slash = word.firstIndex(of: UInt8(ascii: "/")) else { return false }
        return word[..<slash].contains(UInt8(ascii: "."))
    }

    /// A word in small letters, or anything with a file, URL or number as its value: `mean_file: …`, `Mean file: http://…`, but not
    /// `Note: this is …`.
    static func isKeyLine(_ pair: TextPair, _ bytes: [UInt8]) -> Bool {
        if pair.known != nil { return true }
        guard pair.key.count <= 40 else { return false }
        if !bytes[pair.key].contains(where: \.isBlank), !beginsWithCapital(pair.key, bytes) { return true }
        let value = bytes[pair.value]
        let isNameOrNumber = value.dropLast().contains { $0 == UInt8(ascii: "_") || UInt8(ascii: ".")...UInt8(ascii: "9") ~= $0 }
        return isNameOrNumber && !value.contains(where: \.isBlank)
    }

    private static func beginsWithCapital(_ key: Range<Int>, _ bytes: [UInt8]) -> Bool {
        guard let first = key.first.map({ bytes[$0] }) else { return true }
        if first < 0x80 { return UInt8(ascii: "A")...UInt8(ascii: "Z") ~= first }
        return ReadableText.string(bytes[key]).unicodeScalars.first?.properties.isUppercase != false
    }
}
