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
        guard text.utf8.count <= SpelledKey.maximumByteCount else { return nil }
        var spelled = SpelledKey()
        for byte in text.utf8 { guard spelled.take(byte) else { return nil } }
        guard let key = spelled.key else { return nil }
        self = key
    }

    /// The key that is meant by the bytes of a file, read as ``ReadableText`` reads them; no text is made of them.
    init?(spelledBy range: Range<Int>, of bytes: [UInt8]) {
        guard range.count <= SpelledKey.maximumByteCount else { return nil }
        var spelled = SpelledKey()
        for index in range { guard spelled.take(bytes[index]) else { return nil } }
        guard let key = spelled.key else { return nil }
        self = key
    }

    /// Whether it says something of one binary; such a key may occur once for each.
    var isOfBinary: Bool { self == .caffemodel || self == .caffemodelURL || self == .sha1 }

    /// The name under which diagnostics and `fields` give it.
    var field: String { self == .caffeCommit ? KnownKey.caffeVersion.rawValue : rawValue }
}
