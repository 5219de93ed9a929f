/// The keys of model info that zood has a meaning for.
enum KnownKey: String, CaseIterable, Sendable {
    case name, caffemodel, sha1, license
    case caffemodelURL = "caffemodel_url"
    case caffeCommit = "caffe_commit"
    case caffeVersion = "caffe_version"
    case gistID = "gist_id"
    /// Our own: a list of maps, one for each binary.
    case binaries

    /// The key that is meant by `text`: case, blanks, dashes, underscores and Markdown's backslashes do not count.
    init?(spelled text: String) {
        guard text.utf8.count <= 64 else { return nil }
        let bare = text.unicodeScalars.filter { $0 != "-" && $0 != "_" && $0 != "\\" && !$0.properties.isWhitespace }
        guard let key = Self.bySpelling[String(String.UnicodeScalarView(bare)).lowercased()] else { return nil }
        self = key
    }

    private static let bySpelling: [String: KnownKey] = {
        var spellings = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue.filter { $0 != "_" }, $0) })
        spellings["licence"] = .license
        return spellings
    }()

    /// Whether it says something of one binary; such a key may occur once for each.
    var isOfBinary: Bool { self == .caffemodel || self == .caffemodelURL || self == .sha1 }

    /// The name under which diagnostics and `fields` give it.
    var field: String { self == .caffeCommit ? KnownKey.caffeVersion.rawValue : rawValue }
}
