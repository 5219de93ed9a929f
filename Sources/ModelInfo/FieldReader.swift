/// Judges the keys of one readme, wherever they were found. Every layout of a readme ends here.
struct FieldReader {
    let fileName: String
    /// Which addresses URLs may have.
    let addresses: AddressPolicy
    /// What people are shown of each known key that has a value; `caffeCommit` is given as `caffeVersion`.
    private(set) var shown: [KnownKey: String] = [:]
    private(set) var sha1: SHA1Text?
    private(set) var gistID: GistID?
    /// Nil when neither a file name nor a URL nor a sha1 is written.
    private(set) var binary: DeclaredBinary?
    private(set) var extra: [ModelCard.ExtraField] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// A key of the binary is there twice and says different things.
    private(set) var isBinaryAmbiguous = false
    /// `gist_id` is there twice and says different things.
    private(set) var isGistAmbiguous = false

    /// The occurrence that counts, by key.
    private var chosen: [KnownKey: KeyOccurrence] = [:]

    var hasZooKey: Bool { !chosen.isEmpty }

    /// Chooses among `occurrences`: the right spelling before another, then the first.
    init(occurrences: [KeyOccurrence], fileName: String, addresses: AddressPolicy) {
        (self.fileName, self.addresses) = (fileName, addresses)
        var seen: [String: KeyOccurrence] = [:]
        let isExact = { (occurrence: KeyOccurrence) in KnownKey(rawValue: occurrence.key) != nil }
        for occurrence in occurrences.filter(isExact) + occurrences.filter({ !isExact($0) }) {
            let known = KnownKey(spelled: occurrence.key)
            let name = known?.rawValue ?? occurrence.key
            if let known, known.rawValue != occurrence.key {
                report(
                    .keyAlias, occurrence, field: known.field, "\(Quotation.of(occurrence.key)) is read as \(known.rawValue)",
                    hint: "spell it \(known.rawValue)")
            }
            reportInvisibles(occurrence, field: known?.field)
            if let first = seen[name] {
                reportDuplicate(occurrence, of: first, key: known)
                continue
            }
            seen[name] = occurrence
            if let known { chosen[known] = occurrence }
        }
        if chosen[.caffeCommit]?.value.isEmpty == true, chosen[.caffeVersion] != nil { chosen[.caffeCommit] = nil }
        extra = occurrences.filter { occurrence in
            seen[occurrence.key] == occurrence && KnownKey(spelled: occurrence.key) == nil
                || chosen[.caffeCommit] != nil && chosen[.caffeVersion] == occurrence
        }.map { ModelCard.ExtraField(key: $0.key, value: SecretScan.masked($0.value.trimmed)) }
    }

    mutating func read(hasLicenseSection: Bool) {
        readName()
        readBinary()
        readSHA1()
        readVersion()
        readLicense(hasLicenseSection)
        readGistID()
        let url = chosen[.caffemodelURL].flatMap { judgedURLs($0) }
        let name = chosen[.caffemodel].flatMap(text).map { BinaryName($0) }
        guard name != nil || url != nil || sha1?.digest != nil else { return }
        binary = DeclaredBinary(
            file: name?.file, fileText: shown[.caffemodel], url: url?.urls.first, urlText: shown[.caffemodelURL],
            mirrors: Array((url?.urls ?? []).dropFirst()), sha1: sha1.flatMap { $0.isUsable ? $0.digest : nil })
    }

    // MARK: Keys

    private mutating func readName() {
        shown[.name] = chosen[.name].flatMap(text).map(SecretScan.masked)
        require(.name, .missingName, "no name", hint: "add a line: name: …")
    }

    private mutating func readBinary() {
        if let occurrence = chosen[.caffemodel], let written = text(occurrence) {
            shown[.caffemodel] = SecretScan.masked(written)
            report(BinaryName(written).findings, occurrence, .caffemodel)
        }
        require(.caffemodel, .missingCaffemodel, "no file name for the binary", hint: "add a line: caffemodel: NAME.caffemodel")
        if let occurrence = chosen[.caffemodelURL], let judged = judgedURLs(occurrence) {
            shown[.caffemodelURL] = judged.shown
            report(judged.findings, occurrence, .caffemodelURL)
        }
        require(.caffemodelURL, .missingCaffemodelURL, "no URL for the binary", hint: "add a line: caffemodel_url: https://…")
    }

    private mutating func readSHA1() {
        guard let occurrence = chosen[.sha1], let written = text(occurrence) else {
            return require(.sha1, .missingSha1, "no sha1: the download cannot be verified", hint: SHA1Text.pinHint)
        }
        let sha1 = SHA1Text(written)
        self.sha1 = sha1
        shown[.sha1] = written
        report(sha1.finding.map { [$0] } ?? [], occurrence, .sha1)
    }

    private mutating func readVersion() {
        let key = chosen[.caffeCommit] == nil ? KnownKey.caffeVersion : .caffeCommit
        shown[.caffeVersion] = chosen[key].flatMap(text).map(SecretScan.masked)
        guard shown[.caffeVersion] == nil else { return }
        reportAbsent(key, .missingCaffeVersion, "no caffe_commit and no caffe_version", hint: "add a line: caffe_commit: …")
    }

    private mutating func readLicense(_ hasSection: Bool) {
        shown[.license] = chosen[.license].flatMap(text).map(SecretScan.masked)
        guard !hasSection else { return }
        require(.license, .missingLicense, "neither a license key nor a section about it", hint: "add a line: license: …")
    }

    private mutating func readGistID() {
        guard let occurrence = chosen[.gistID] else { return }
        guard let written = text(occurrence) else {
            if occurrence.shape == .oneLine { report(.gistIDEmpty, occurrence, field: KnownKey.gistID.field, "gist_id has no value") }
            return
        }
        shown[.gistID] = SecretScan.masked(written)
        let quoted = Quotation.of(written)
        guard let reference = GistReference(written) else {
            let hint = "write the bare id: 20 or 32 hexadecimal digits; a commit's 40 are none"
            return report([Finding(.gistIDMalformed, "\(quoted) is no gist id", hint: hint)], occurrence, .gistID)
        }
        gistID = reference.id
        switch reference.form {
        case .bare: break
        case .withOwner:
            report([Finding(.gistIDHasOwner, "\(quoted): only the id counts", hint: "write \(reference.id)")], occurrence, .gistID)
        case .url:
            report([Finding(.gistIDIsURL, "\(quoted) is a URL; the id in it is read", hint: "write \(reference.id)")], occurrence, .gistID)
        }
    }

    // MARK: Values

    /// The value as one string; nil when there is none, or something else than one.
    private func text(_ occurrence: KeyOccurrence) -> String? {
        guard occurrence.shape == .oneLine || occurrence.shape == .severalLines else { return nil }
        let text = occurrence.value.trimmed
        return text.isEmpty ? nil : text
    }

    /// One URL, or a list of them.
    private func judgedURLs(_ occurrence: KeyOccurrence) -> (urls: [String], shown: String, findings: [Finding])? {
        let written = occurrence.shape == .list ? occurrence.items : text(occurrence).map { [$0] } ?? []
        let pieces = written.filter { !$0.isPlaceholder }.flatMap(URLDecoration.separated)
        let urls = pieces.map { BinaryURL($0, addresses: addresses) }
        guard let first = urls.first else { return nil }
        var findings = urls.flatMap(\.findings)
        if urls.count > 1 { findings.append(Finding(.multipleUrls, "\(urls.count) URLs: the others are tried after the first")) }
        let isOneOfSeveral = written.count == 1 && pieces.count > 1
        return (urls.compactMap(\.url), isOneOfSeveral ? URLCredentials.masked(written[0]) : first.shown, findings)
    }

    // MARK: Reporting

    private mutating func report(
        _ code: DiagnosticCode, _ occurrence: KeyOccurrence, field: String?, _ message: String, hint: String? = nil
    ) {
        diagnostics.append(
            Diagnostic(code, file: fileName, line: occurrence.line, column: occurrence.column, field: field, message: message, hint: hint))
    }

    private mutating func report(_ findings: [Finding], _ occurrence: KeyOccurrence, _ key: KnownKey) {
        diagnostics += findings.map {
            Diagnostic(
                $0.code, file: fileName, line: occurrence.line, column: occurrence.valueColumn, field: key.field, message: $0.message,
                hint: $0.hint)
        }
    }

    /// Tells of a key that is absent, has no value, or has a structure where a string is expected.
    private mutating func require(_ key: KnownKey, _ code: DiagnosticCode, _ message: String, hint: String) {
        if let written = shown[key], !written.isPlaceholder { return }
        reportAbsent(key, code, message, hint: hint)
    }

    private mutating func reportAbsent(_ key: KnownKey, _ code: DiagnosticCode, _ message: String, hint: String) {
        guard let occurrence = chosen[key] else {
            diagnostics.append(Diagnostic(code, file: fileName, line: 1, column: 1, field: key.field, message: message, hint: hint))
            return
        }
        if occurrence.shape == .list || occurrence.shape == .map {
            let what = occurrence.shape == .list ? "a list" : "a map"
            report(
                .notAString, occurrence, field: key.field, "\(key.rawValue) is \(what); one string is expected",
                hint: "write one value behind the key")
        } else {
            report(code, occurrence, field: key.field, message, hint: hint)
        }
    }

    private mutating func reportInvisibles(_ occurrence: KeyOccurrence, field: String?) {
        guard let scalar = occurrence.value.unicodeScalars.first(where: \.isInvisible) else { return }
        let name = "U+" + String(scalar.value, radix: 16, uppercase: true)
        let message = "the value of \(Quotation.of(occurrence.key)) holds the invisible character \(name)"
        diagnostics.append(
            Diagnostic(
                .controlCharacters, file: fileName, line: occurrence.line, column: occurrence.valueColumn, field: field, message: message,
                hint: "type the value anew"))
    }

    private mutating func reportDuplicate(_ occurrence: KeyOccurrence, of first: KeyOccurrence, key: KnownKey?) {
        let differs = occurrence.value != first.value
        let what = differs ? "with another value; line \(first.line) counts" : "with the same value as line \(first.line)"
        report(
            .duplicateKey, occurrence, field: key?.field, "\(Quotation.of(occurrence.key)) occurs a second time, \(what)",
            hint: "remove one of the two lines")
        guard differs else { return }
        switch key {
        case .gistID: isGistAmbiguous = true
        case .caffemodel, .caffemodelURL, .sha1: isBinaryAmbiguous = true
        default: break
        }
    }
}
