/// What one readme says about its model. Reading never fails: what is doubtful is read as a person would read it, and said in `diagnostics`.
public struct ModelCard: Hashable, Sendable {
    /// A key that zood has no meaning for. It survives every edit.
    public struct ExtraField: Hashable, Sendable {
        public let key: String
        /// As text; a list or a map is given as it is written.
        public let value: String

        public init(key: String, value: String) { (self.key, self.value) = (key, value) }
    }

    /// Where the value of a key stands in the readme.
    public struct Place: Hashable, Sendable {
        /// That of the key, from 1.
        public let line: Int
        /// From 1, in Unicode scalars; that of the key when the value begins on another line.
        public let column: Int

        init(_ occurrence: KeyOccurrence) { (line, column) = (occurrence.line, occurrence.valueColumn) }
    }

    /// As written: trimmed, unquoted, credentials masked, never retyped; nil when the key is absent or has no value. So are the next four.
    public let name: String?
    /// The binary's file name as written; `binaries` hold what is safe to use.
    public let caffemodel: String?
    /// For people; `binaries` hold what may be fetched.
    public let caffemodelURL: String?
    /// `caffe_commit`, else `caffe_version`.
    public let caffeVersion: String?
    /// Free text.
    public let license: String?
    /// Nil unless 40 hexadecimal digits were found.
    public let sha1: SHA1Digest?
    /// The bare id, whatever form was written.
    public let gistID: GistID?
    /// The id as written; nil when the key is absent or has no value.
    public let gistIDText: String?
    /// Where the value of `gist_id` stands; nil without `gistID`.
    public let gistIDPlace: Place?
    /// Where each digest of `binaries` stands, the first time.
    public let sha1Places: [SHA1Digest: Place]
    /// Every declared binary, in order.
    public let binaries: [DeclaredBinary]
    /// Unknown keys, in order.
    public let extra: [ExtraField]
    /// Whether any key that zood knows was found, under whatever spelling.
    public let hasZooKey: Bool
    /// Ordered by line.
    public let diagnostics: [Diagnostic]
    /// As far as the readme goes, a fetch may start without asking a person.
    public let canDownload: Bool
    /// A finished file may be called verified.
    public let canVerify: Bool
    /// As far as the readme goes, the info may go to a gist.
    public let canPublish: Bool

    /// - Parameters:
    ///   - bytes: The whole readme, any bytes at all.
    ///   - fileName: For the diagnostics.
    ///   - urlFile: What a file `caffemodel-url` beside the readme holds; nil without one. It is read when the readme names no URL.
    ///   - addresses: Which literal addresses URLs may have (`binaries.allow_addresses`).
    public init(readme bytes: [UInt8], fileName: String, urlFile: [UInt8]? = nil, addresses: AddressPolicy = AddressPolicy()) {
        let readable = ReadableText(bytes)
        let isEmpty = readable.bytes.drop { ByteOrderMark.utf8.contains($0) }.allSatisfy {
            $0.isBlank || $0 == .lineFeed || $0 == .carriageReturn
        }
        guard !isEmpty else {
            let empty = Diagnostic(
                .emptyReadme, file: fileName, line: 1, column: 1, message: "the readme has no content",
                hint: "begin it with a block of keys between two lines '---': name, caffemodel, caffemodel_url, sha1, license")
            self.init(FieldReader(occurrences: [], fileName: fileName, addresses: addresses), diagnostics: [empty], isComplete: false)
            return
        }
        let keys = ReadmeKeys(readable.bytes, fileName: fileName)
        let frontmatter = keys.frontmatter
        let conflict = ConflictMarkers.firstLine(in: readable.bytes)
        var fields = FieldReader(occurrences: keys.occurrences, fileName: fileName, addresses: addresses, isMerged: conflict == nil)
        if let urlFile { fields.take(URLFile(urlFile)) }
        fields.read(hasLicenseSection: LicenseSection.exists(in: readable.bytes, from: frontmatter.block?.upperBound ?? 0))
        var diagnostics = keys.diagnostics + fields.diagnostics
        func report(_ code: DiagnosticCode, line: Int, column: Int = 1, _ message: String, hint: String) {
            diagnostics.append(Diagnostic(code, file: fileName, line: line, column: column, message: message, hint: hint))
        }
        switch readable.encoding {
        case .utf8:
            if let place = readable.bytes.firstIndex(of: 0) {
                let line = 1 + readable.bytes[..<place].count { $0 == .lineFeed }
                report(.controlCharacters, line: line, "a NUL byte: a file with one is not published", hint: "remove it")
            }
        case .utf16: report(.encodingNotUtf8, line: 1, "the file is UTF-16; it is read so but not published", hint: "save it as UTF-8")
        case .windows1252(let line, let column):
            report(
                .encodingNotUtf8, line: line, column: column,
                "the file is not UTF-8; Windows-1252 is assumed, which holds ISO 8859-1 (Latin-1)", hint: "save it as UTF-8")
        }
        if let line = conflict {
            report(
                .conflictMarkers, line: line, "conflict markers of a version control system", hint: "merge by hand and remove the markers")
        }
        self.init(fields, diagnostics: diagnostics, isComplete: frontmatter.isTerminated || frontmatter.block == nil)
    }

    private init(_ fields: FieldReader, diagnostics: [Diagnostic], isComplete: Bool) {
        (name, caffemodel, caffemodelURL) = (fields.shown[.name], fields.shown[.caffemodel], fields.shown[.caffemodelURL])
        (caffeVersion, license) = (fields.shown[.caffeVersion], fields.shown[.license])
        (sha1, gistID, gistIDText) = (fields.sha1?.digest, fields.gistID, fields.shown[.gistID])
        (binaries, extra, hasZooKey) = (fields.binaries, fields.extra, fields.hasZooKey)
        (gistIDPlace, sha1Places) = (fields.gistIDPlace, fields.sha1Places)
        self.diagnostics = diagnostics.enumerated().sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }.map(
            \.element)
        let errors = Set(diagnostics.filter { $0.severity == .error }.map(\.code))
        let isLegible = errors.isDisjoint(with: [.conflictMarkers, .frontmatterUnsafe, .emptyReadme])
        let named = binaries.filter { $0.file != nil }
        canDownload = errors.isEmpty && !fields.isBinaryAmbiguous && named.contains { $0.url != nil }
        canVerify =
            isLegible && !fields.isBinaryAmbiguous && !named.isEmpty && named.allSatisfy { $0.sha1 != nil || $0.sha256 != nil }
        canPublish = errors.isEmpty && isComplete && !fields.isGistAmbiguous
    }
}
