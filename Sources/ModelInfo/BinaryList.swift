/// Our own key `binaries`: a list with a map for each binary, of `file`, `url` or `urls`, `sha1`, `sha256`.
struct BinaryList {
    struct Item {
        let group: BinaryGroups.Group
        let mirrors: [String]
        let sha256: SHA256Digest?
        /// Keys that zood has no meaning for, and what is no SHA-256.
        let extra: [KeyOccurrence]
    }

    /// Empty when the value is no list of binaries.
    let items: [Item]

    init(_ occurrence: KeyOccurrence) {
        if occurrence.maps.isEmpty {
            items = occurrence.items.map { text in
                let key = text.holdsASCII("://") ? KnownKey.caffemodelURL : .caffemodel
                return Item(group: .init(keys: [key: occurrence.named(key.rawValue, value: text)]), mirrors: [], sha256: nil, extra: [])
            }
        } else {
            items = occurrence.maps.enumerated().map { number, pairs in Self.item(pairs, path: "\(occurrence.key)[\(number)]") }
        }
    }

    private static func item(_ pairs: [KeyOccurrence], path: String) -> Item {
        var keys: [KnownKey: KeyOccurrence] = [:]
        var urls: [String] = []
        var sha256: SHA256Digest?
        var extra: [KeyOccurrence] = []
        for pair in pairs {
            let key = meaning(of: pair.key)
            switch key {
            case .url:
                urls += URLTexts.all(in: pair)
                keys[.caffemodelURL] = keys[.caffemodelURL] ?? pair
            case .file where keys[.caffemodel] == nil: keys[.caffemodel] = pair
            case .sha1 where keys[.sha1] == nil: keys[.sha1] = pair
            case .sha256 where sha256 == nil && SHA256Digest(hex: pair.value.withoutInvisibles.trimmed) != nil:
                sha256 = SHA256Digest(hex: pair.value.withoutInvisibles.trimmed)
            default: extra.append(pair.named("\(path).\(pair.key)", value: pair.text ?? pair.items.joined(separator: ", ")))
            }
        }
        if let first = keys[.caffemodelURL], let url = urls.first { keys[.caffemodelURL] = first.named(first.key, value: url) }
        return Item(group: .init(keys: keys), mirrors: Array(urls.dropFirst()), sha256: sha256, extra: extra)
    }

    private enum Meaning { case file, url, sha1, sha256, other }

    private static func meaning(of key: String) -> Meaning {
        switch key.lowercased().filter({ $0 != "_" && $0 != "-" && $0 != " " }) {
        case "file", "caffemodel", "filename", "name": .file
        case "url", "urls", "caffemodelurl", "mirror", "mirrors": .url
        case "sha1": .sha1
        case "sha256": .sha256
        default: .other
        }
    }
}

extension KeyOccurrence {
    /// Whether it is our own key with a list behind it.
    var listsBinaries: Bool { known == .binaries && !(items.isEmpty && maps.isEmpty) }

    /// The same place under another name, with one string as its value.
    fileprivate func named(_ key: String, value: String) -> KeyOccurrence {
        KeyOccurrence(
            key: key, value: value, shape: .severalLines, line: line, column: column, valueColumn: valueColumn, layout: layout,
            section: section)
    }
}
