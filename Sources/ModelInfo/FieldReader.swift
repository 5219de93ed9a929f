/// Judges the keys of one readme, wherever they were found. Every layout of a readme ends here.
struct FieldReader {
    let fileName: String
    /// Which addresses URLs may have.
    let addresses: AddressPolicy
    /// What people are shown of each known key that has a value; `caffeCommit` is given as `caffeVersion`. Of several binaries, the first.
    private(set) var shown: [KnownKey: String] = [:]
    private(set) var sha1: SHA1Text?
    private(set) var gistID: GistID?
    /// Nil without `gistID`.
    var gistIDPlace: ModelCard.Place? { gistID == nil ? nil : chosen[.gistID].map { .init($0) } }
    /// Of each digest of `binaries` the first.
    private(set) var sha1Places: [SHA1Digest: ModelCard.Place] = [:]
    /// In the order of the readme.
    private(set) var binaries: [DeclaredBinary] = []
    private(set) var extra: [ModelCard.ExtraField] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// Keys of binaries say different things, or it cannot be told which belong together.
    private(set) var isBinaryAmbiguous = false
    /// `gist_id` is there twice and says different things.
    private(set) var isGistAmbiguous = false
    /// Any key that zood knows was written.
    let hasZooKey: Bool

    /// The occurrence that counts, by key; those of binaries are in `items`.
    private var chosen: [KnownKey: KeyOccurrence] = [:]
    private var items: [BinaryList.Item] = []
    private var urlFile: URLFile?

    /// - Parameters:
    ///   - occurrences: In the order of the file within each layout.
    ///   - isMerged: The file has no conflict markers; with them, a second name is the other side of a merge and no second binary.
    init(occurrences: [KeyOccurrence], fileName: String, addresses: AddressPolicy, isMerged: Bool = true) {
        (self.fileName, self.addresses) = (fileName, addresses)
        hasZooKey = occurrences.contains {
            $0.known != nil && $0.layout != .link && ($0.known != .binaries || $0.listsBinaries)
        }
        let ordered = occurrences.sorted { ($0.layout, $0.line, $0.column) < ($1.layout, $1.line, $1.column) }
        for occurrence in ordered {
            guard let known = occurrence.known else {
                reportInvisibles(occurrence, field: nil)
                continue
            }
            if known.rawValue != occurrence.key {
                report(
                    .keyAlias, occurrence, field: known.field, "\(Quotation.of(occurrence.key)) is read as \(known.rawValue)",
                    hint: "spell it \(known.rawValue)")
            }
            reportInvisibles(occurrence, field: known.field)
        }
        chooseBinaries(ordered, isMerged: isMerged)
        choose(ordered)
    }

    mutating func read(hasLicenseSection: Bool) {
        readName()
        readBinaries()
        readVersion()
        readLicense(hasLicenseSection)
        readGistID()
    }

    /// What a file `caffemodel-url` says, when the readme itself names no URL.
    mutating func take(_ file: URLFile) {
        guard let url = file.url, !items.contains(where: { $0.group.keys[.caffemodelURL]?.text != nil }), items.count <= 1 else { return }
        diagnostics.append(
            Diagnostic(
                .caffemodelURLFile, file: URLFile.name, line: file.line, column: 1, field: KnownKey.caffemodelURL.field,
                message: "the URL is read from the file \(URLFile.name)",
                hint: "write it into the readme: caffemodel_url: \(SecretScan.masked(url))"))
        diagnostics += BinaryURL(url, addresses: addresses).findings.map {
            Diagnostic(
                $0.code, file: URLFile.name, line: file.line, column: 1, field: KnownKey.caffemodelURL.field, message: $0.message,
                hint: $0.hint)
        }
        urlFile = file
    }

    // MARK: Choosing

    private mutating func chooseBinaries(_ occurrences: [KeyOccurrence], isMerged: Bool) {
        let groups = BinaryGroups(occurrences.filter { $0.known?.isOfBinary == true }, isRepeatable: isMerged)
        items = groups.groups.map { BinaryList.Item(group: $0, mirrors: [], sha256: nil, extra: []) }
        isBinaryAmbiguous = groups.isAmbiguous
        for (occurrence, first) in groups.duplicates { reportDuplicate(occurrence, of: first, key: occurrence.known) }
        // YAML knows one value for one key: other programs read only the last.
        for item in items.dropFirst() {
            guard let second = item.group.keys[.caffemodel], second.layout == .block, let first = items[0].group.keys[.caffemodel] else {
                continue
            }
            report(
                .duplicateKey, second, field: second.known?.field,
                "\(Quotation.of(second.key)) occurs again after line \(first.line); each is read as a binary of its own",
                hint: "list them under the key binaries")
        }
        var files = Set(items.compactMap(\.group.file))
        for list in occurrences where list.known == .binaries {
            for item in BinaryList(list).items {
                if let file = item.group.file, !files.insert(file).inserted {
                    isBinaryAmbiguous = true
                    reportDuplicate(item.group.declaration ?? list, of: list, key: .caffemodel)
                } else {
                    items.append(item)
                }
            }
        }
        guard items.count > 1 else { return }
        let count = items.count
        if let second = items[1].group.declaration {
            report(
                .multipleCaffemodels, second, field: KnownKey.caffemodel.field, "\(count) binaries are declared; this is the second",
                hint: "zood keeps them all, in this order")
        }
    }

    /// Of each other key the first occurrence, the right spelling before another.
    private mutating func choose(_ ordered: [KeyOccurrence]) {
        let others = ordered.filter { $0.known?.isOfBinary != true && !$0.listsBinaries }
        let isExact = { (occurrence: KeyOccurrence) in occurrence.known?.rawValue == occurrence.key }
        let exactKeys = Set(others.filter(isExact).map { Layered(key: $0.known, layout: $0.layout) })
        let isLate = { (occurrence: KeyOccurrence) in
            occurrence.known != nil && !isExact(occurrence) && exactKeys.contains(Layered(key: occurrence.known, layout: occurrence.layout))
        }
        var seen: [[UInt8]: KeyOccurrence] = [:]
        var unknown = ordered.filter { $0.known == .binaries }.flatMap { BinaryList($0).items.flatMap(\.extra) }
        for occurrence in others.filter({ !isLate($0) }) + others.filter(isLate) {
            let known = occurrence.known
            let name = Array((known?.rawValue ?? occurrence.key).utf8)
            guard let first = seen[name] else {
                seen[name] = occurrence
                if let known, known != .binaries { chosen[known] = occurrence } else { unknown.append(occurrence) }
                continue
            }
            if items.count > 1, occurrence.layout != .block, known != .gistID {
                // Where several binaries stand in the text, each may have a name and a mean file of its own.
                if known == nil { unknown.append(occurrence) }
            } else if occurrence.layout <= .text || occurrence.layout == first.layout {
                reportDuplicate(occurrence, of: first, key: known)
            }
        }
        if chosen[.caffeCommit]?.value.isEmpty == true, chosen[.caffeVersion] != nil { chosen[.caffeCommit] = nil }
        if chosen[.caffeCommit] != nil, let version = chosen[.caffeVersion] { unknown.append(version) }
        extra = unknown.sorted { ($0.layout, $0.line, $0.column) < ($1.layout, $1.line, $1.column) }
            .map { ModelCard.ExtraField(key: $0.key, value: SecretScan.masked($0.value.trimmed)) }
    }

    private struct Layered: Hashable {
        let key: KnownKey?
        let layout: KeyOccurrence.Layout
    }

    // MARK: Keys

    private mutating func readName() {
        shown[.name] = chosen[.name].flatMap(\.text).map(SecretScan.masked)
        require(.name, chosen[.name], .missingName, "no name", hint: "add a line: name: …")
    }

    private mutating func readBinaries() {
        let read = items.isEmpty ? [BinaryList.Item(group: .init(keys: [:]), mirrors: [], sha256: nil, extra: [])] : items
        for (number, item) in read.enumerated() {
            let reader = BinaryReader(
                item.group, mirrors: item.mirrors, sha256: item.sha256, urlFile: number == 0 ? urlFile : nil, addresses: addresses)
            if number == 0 {
                (shown[.caffemodel], shown[.caffemodelURL], shown[.sha1]) = (reader.shownFile, reader.shownURL, reader.shownSHA1)
                sha1 = reader.sha1
            }
            isBinaryAmbiguous = isBinaryAmbiguous || reader.isUncertain
            for remark in reader.remarks { report([remark.finding], remark.occurrence, remark.key) }
            requireParts(of: item, reader, isAlone: read.count == 1)
            guard let binary = reader.binary else { continue }
            binaries.append(binary)
            if let digest = binary.sha1, sha1Places[digest] == nil { sha1Places[digest] = item.group.keys[.sha1].map { .init($0) } }
        }
    }

    /// - Parameter isAlone: What is missing of the only binary concerns the whole readme; of one of several, its declaration.
    private mutating func requireParts(of item: BinaryList.Item, _ reader: BinaryReader, isAlone: Bool) {
        let place = isAlone ? nil : item.group.declaration
        let of = isAlone ? "" : " of \(Quotation.of(reader.shownFile ?? reader.shownURL ?? "this binary"))"
        if reader.shownFile?.isPlaceholder != false {
            reportAbsent(
                .caffemodel, item.group.keys[.caffemodel] ?? place, .missingCaffemodel, "no file name for the binary",
                hint: "add a line: caffemodel: NAME.caffemodel")
        }
        if reader.shownURL == nil {
            reportAbsent(
                .caffemodelURL, item.group.keys[.caffemodelURL] ?? place, .missingCaffemodelURL,
                isAlone ? "no URL for the binary" : "no URL\(of)",
                hint: "add a line: caffemodel_url: https://…")
        }
        if reader.shownSHA1 == nil, item.sha256 == nil {
            reportAbsent(
                .sha1, item.group.keys[.sha1] ?? place, .missingSha1, "no sha1\(of): the download cannot be verified",
                hint: SHA1Text.pinHint)
        }
    }

    private mutating func readVersion() {
        let key = chosen[.caffeCommit] == nil ? KnownKey.caffeVersion : .caffeCommit
        shown[.caffeVersion] = chosen[key].flatMap(\.text).map(SecretScan.masked)
        guard shown[.caffeVersion] == nil else { return }
        reportAbsent(key, chosen[key], .missingCaffeVersion, "no caffe_commit and no caffe_version", hint: "add a line: caffe_commit: …")
    }

    private mutating func readLicense(_ hasSection: Bool) {
        shown[.license] = chosen[.license].flatMap(\.text).map(SecretScan.masked)
        guard !hasSection else { return }
        require(.license, chosen[.license], .missingLicense, "neither a license key nor a section about it", hint: "add a line: license: …")
    }

    private mutating func readGistID() {
        guard let occurrence = chosen[.gistID] else { return }
        guard let written = occurrence.text else {
            if occurrence.shape == .oneLine {
                report(
                    .gistIDEmpty, occurrence, field: KnownKey.gistID.field, "gist_id has no value",
                    hint: "remove the line, or let zood write the id")
            } else {
                reportAbsent(.gistID, occurrence, .gistIDEmpty, "gist_id has no value", hint: "write the bare id")
            }
            return
        }
        shown[.gistID] = SecretScan.masked(written)
        let quoted = Quotation.of(written)
        let value = MarkdownValue(written)
        guard let reference = GistReference(written) ?? GistReference(value.text) ?? value.target.flatMap({ GistReference($0) }) else {
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
    private mutating func require(_ key: KnownKey, _ occurrence: KeyOccurrence?, _ code: DiagnosticCode, _ message: String, hint: String) {
        if let written = shown[key], !written.isPlaceholder { return }
        reportAbsent(key, occurrence, code, message, hint: hint)
    }

    private mutating func reportAbsent(
        _ key: KnownKey, _ occurrence: KeyOccurrence?, _ code: DiagnosticCode, _ message: String, hint: String
    ) {
        guard let occurrence else {
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
        let inMaps = occurrence.maps.lazy.joined().compactMap(\.value.firstInvisible)
        guard let scalar = occurrence.value.firstInvisible ?? inMaps.first else { return }
        let name = "U+" + String(scalar.value, radix: 16, uppercase: true)
        let message = "the value of \(Quotation.of(occurrence.key)) holds the invisible character \(name)"
        diagnostics.append(
            Diagnostic(
                .controlCharacters, file: fileName, line: occurrence.line, column: occurrence.valueColumn, field: field, message: message,
                hint: "type the value anew"))
    }

    private mutating func reportDuplicate(_ occurrence: KeyOccurrence, of first: KeyOccurrence, key: KnownKey?) {
        let differs = !occurrence.value.hasSameBytes(as: first.value)
        let what = differs ? "with another value; line \(first.line) counts" : "with the same value as line \(first.line)"
        report(
            .duplicateKey, occurrence, field: key?.field, "\(Quotation.of(occurrence.key)) occurs a second time, \(what)",
            hint: "remove one of the two lines")
        // What a block says is not put in doubt by the text behind it.
        if differs, key == .gistID, occurrence.layout == first.layout { isGistAmbiguous = true }
    }
}
