/// What one readme says about its model. Reading never fails: what is doubtful is read as a person would read it, and said in `diagnostics`.
public struct ModelCard: Hashable, Sendable {
    /// A key that zood has no meaning for. It survives every edit.
    public struct ExtraField: Hashable, Sendable {
        public let key: String
        /// As text; a list or a map is given as it is written.
        public let value: String

        public init(key: String, value: String) { (self.key, self.value) = (key, value) }
    }

    // Text as written: trimmed, unquoted, credentials masked, never retyped; nil when the key is absent or has no value.
    public let name: String?
    public let caffemodel: String?
    public let caffemodelURL: String?
    /// `caffe_commit`, else `caffe_version`.
    public let caffeVersion: String?
    public let license: String?
    /// Nil unless 40 hexadecimal digits were found.
    public let sha1: SHA1Digest?
    /// The bare id, whatever form was written.
    public let gistID: GistID?
    /// The id as written; nil when the key is absent or has no value.
    public let gistIDText: String?
    /// Every declared binary, in order.
    public let binaries: [DeclaredBinary]
    public let extra: [ExtraField]
    /// Whether any key that zood knows was found, under whatever spelling.
    public let hasZooKey: Bool
    /// Ordered by line.
    public let diagnostics: [Diagnostic]

    /// - Parameters:
    ///   - bytes: The whole readme, any bytes at all.
    ///   - fileName: For the diagnostics.
    public init(readme bytes: [UInt8], fileName: String) {
        (name, caffemodel, caffemodelURL, caffeVersion, license) = (nil, nil, nil, nil, nil)
        (sha1, gistID, gistIDText) = (nil, nil, nil)
        (binaries, extra, hasZooKey, diagnostics) = ([], [], false, [])
    }
}
