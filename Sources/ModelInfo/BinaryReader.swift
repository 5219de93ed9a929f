/// Judges what a readme says of one binary.
struct BinaryReader {
    /// Something doubtful about one of the keys.
    struct Remark {
        let finding: Finding
        let occurrence: KeyOccurrence
        let key: KnownKey
    }

    /// Nil when neither a file name nor a URL nor a checksum is written.
    let binary: DeclaredBinary?
    /// For people.
    let shownFile, shownURL, shownSHA1: String?
    /// What is written as sha1.
    let sha1: SHA1Text?
    private(set) var remarks: [Remark] = []
    /// Lines contradict each other about the URL, and no checksum would tell which is right.
    let isUncertain: Bool

    /// - Parameters:
    ///   - mirrors: Further URLs, behind those of the group.
    ///   - urlFile: What to take where the group says nothing.
    init(
        _ group: BinaryGroups.Group, mirrors: [String] = [], sha256: SHA256Digest? = nil, urlFile: URLFile? = nil, addresses: AddressPolicy
    ) {
        let written = group.keys[.caffemodel].flatMap(\.text).map { MarkdownValue($0) }
        let name = written.map { BinaryName($0.text) }
        shownFile = written.map { SecretScan.masked($0.text) }
        var remarks: [Remark] = []
        func remark(_ findings: [Finding], _ key: KnownKey, _ occurrence: KeyOccurrence) {
            remarks += findings.map { Remark(finding: $0, occurrence: occurrence, key: key) }
        }
        if let name, let occurrence = group.keys[.caffemodel] { remark(name.findings, .caffemodel, occurrence) }

        var texts = group.keys[.caffemodelURL].map { URLTexts.all(in: $0) } ?? []
        var place = group.keys[.caffemodelURL]
        if texts.isEmpty, let target = written?.target, let occurrence = group.keys[.caffemodel], target.holdsASCII("://") {
            // A file name that is a link says both.
            (texts, place) = ([target], occurrence)
        }
        let inLines = group.mirrors.flatMap { URLTexts.all(in: $0) }
        if texts.isEmpty, let url = urlFile?.url { texts = [url] }
        let urls = (texts + inLines + mirrors).map { BinaryURL($0, addresses: addresses) }
        if let place {
            if place.shape == .list {
                let hint = "write one URL, or list the binary under the key binaries: with url and mirrors"
                remark([Finding(.notAString, "caffemodel_url is a list; its URLs are read in order", hint: hint)], .caffemodelURL, place)
            }
            remark(urls.flatMap(\.findings), .caffemodelURL, place)
            if urls.count > 1 {
                let second = group.mirrors.first ?? place
                remark([Finding(.multipleUrls, "\(urls.count) URLs: the others are tried after the first")], .caffemodelURL, second)
            }
        }
        // Several URLs in one value are shown as they are written.
        shownURL = texts.count > 1 && place?.shape != .list ? place?.text.map(URLCredentials.masked) : urls.first?.shown

        sha1 = group.keys[.sha1].flatMap(\.text).map { SHA1Text($0) }
        shownSHA1 = group.keys[.sha1].flatMap(\.text)
        if let finding = sha1?.finding, let occurrence = group.keys[.sha1] { remark([finding], .sha1, occurrence) }
        self.remarks = remarks
        isUncertain = !inLines.isEmpty && sha1?.isUsable != true && sha256 == nil
        let fetchable = urls.compactMap(\.url)
        guard name != nil || !urls.isEmpty || sha1?.digest != nil || sha256 != nil else {
            binary = nil
            return
        }
        binary = DeclaredBinary(
            file: name == nil ? urlFile?.file : name?.file, fileText: shownFile, url: fetchable.first, urlText: shownURL,
            mirrors: Array(fetchable.dropFirst()),
            sha1: sha1.flatMap { $0.isUsable ? $0.digest : nil }, sha256: sha256)
    }
}

extension KeyOccurrence {
    /// The value as one string; nil when there is none, or something else than one.
    var text: String? {
        guard shape == .oneLine || shape == .severalLines else { return nil }
        let text = value.trimmed
        return text.isEmpty ? nil : text
    }
}
