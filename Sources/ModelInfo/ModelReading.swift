/// The judgement of one model directory: which readme, what it says, what is published, what is not and why.
public struct ModelReading: Hashable, Sendable {
    /// The readme that was read or, failing that, should have been; nil when there is none.
    public let readme: RelativePath?
    /// What the readme says; nil when it is absent or could not be read.
    public let card: ModelCard?
    /// Whether this directory is a model at all: it holds a readme, and that has a zoo key or a prototxt, caffemodel or caffemodel-url beside it.
    public let isModel: Bool
    /// All of them: the card's and the directory's.
    public private(set) var diagnostics: [Diagnostic]
    /// By file name. Empty when there is no readme.
    public private(set) var publishable: [String: PublishableFile]
    /// Every other entry, by name.
    public let skipped: [SkippedFile]
    /// Lines of what is published that look like secrets, in the order of files and lines: also those that no diagnostic tells of.
    public let secretPlaces: [SecretPlace]
    /// What the prototxts describe, in the order of their names; those that do not parse are missing.
    public let prototxts: [PrototxtSummary]
    /// A fetch may start from what is written without asking a person.
    public let canDownload: Bool
    /// A finished file may be called verified.
    public let canVerify: Bool
    /// The info may go to a gist.
    public private(set) var canPublish: Bool
    /// The same as far as the readme alone decides it.
    private let hasPublishableReadme: Bool

    /// The worst diagnostic decides.
    public var state: InfoState {
        switch diagnostics.map(\.severity).max() {
        case .error: .invalid
        case .warning: .warnings
        case .note, nil: .valid
        }
    }

    /// - Parameters:
    ///   - maximumFileSize: Bytes; larger text files are not published, a larger readme is not read (`gists.max_file_size`).
    ///   - directory: The directory's path as people know it, for messages.
    ///   - addresses: Which literal addresses URLs may have (`binaries.allow_addresses`).
    ///   - card: Gives the card of a text, for who has read the same text before.
    public init(
        _ snapshot: DirectorySnapshot, maximumFileSize: Int, directory: String, addresses: AddressPolicy = AddressPolicy(),
        card: (CardText) -> ModelCard = { $0.card() }
    ) {
        let choice = ReadmeChoice(snapshot, maximumFileSize: maximumFileSize)
        guard let item = choice.item else {
            let missing = Diagnostic(
                .missingReadme, message: "no readme in \(directory)",
                hint:
                    "write a readme.md that begins with a block of keys between two lines '---': name, caffemodel, caffemodel_url, sha1, license"
            )
            self.init(readme: nil, card: nil, isModel: false, diagnostics: [missing], directory: nil, isReadmePublished: false)
            return
        }
        let card = choice.bytes.map { bytes in
            card(
                CardText(
                    readme: bytes, fileName: item.name.description, urlFile: snapshot.bytes(ofFile: URLFile.name), addresses: addresses))
        }
        let reader = DirectoryReader(snapshot, maximumFileSize: maximumFileSize, readme: item, card: card)
        let isBesideModelFiles = snapshot.entries.contains { $0.kind != .directory && ModelFiles.contains($0.name.description) }
        // What cannot be read might well be a model: it is shown with its problem rather than passed over.
        let mayHaveZooKey = card?.hasZooKey ?? (item.kind == .file || item.kind == .other)
        var diagnostics = choice.diagnostics + (card?.diagnostics ?? [])
        // A password in the URL is told of once, as what it is.
        let told = Set(diagnostics.filter { $0.code == .urlHasCredentials }.map(\.line))
        diagnostics += reader.diagnostics.filter {
            !($0.code == .secretFound && $0.file == item.name.description && told.contains($0.line))
        }
        for file in card?.binaries.compactMap(\.file) ?? [] where reader.publishable[file.description] != nil {
            let message = "\(Quotation.of(file.description)) is an info file of this directory, which a download would overwrite"
            let field = KnownKey.caffemodel.rawValue
            diagnostics.append(
                Diagnostic(.caffemodelOverwritesInfo, file: item.name.description, line: 1, column: 1, field: field, message: message))
        }
        self.init(
            readme: item.name, card: card, isModel: mayHaveZooKey || isBesideModelFiles, diagnostics: diagnostics, directory: reader,
            isReadmePublished: reader.publishable[item.name.description] != nil)
    }

    private init(
        readme: RelativePath?, card: ModelCard?, isModel: Bool, diagnostics: [Diagnostic], directory: DirectoryReader?,
        isReadmePublished: Bool
    ) {
        (self.readme, self.card, self.isModel, self.diagnostics) = (readme, card, isModel, diagnostics)
        (publishable, skipped) = (directory?.publishable ?? [:], directory?.skipped ?? [])
        prototxts = directory?.prototxts ?? []
        secretPlaces = (directory?.secretPlaces ?? []).sorted()
        let codes = Set(diagnostics.map(\.code))
        let isBinaryInfo = codes.contains(.caffemodelOverwritesInfo)
        (canDownload, canVerify) = (!isBinaryInfo && card?.canDownload ?? false, !isBinaryInfo && card?.canVerify ?? false)
        hasPublishableReadme = isReadmePublished && card?.canPublish ?? false
        canPublish = hasPublishableReadme && codes.isDisjoint(with: Self.codesThatHold)
    }

    /// What keeps all of a model at home, wherever in the directory it is found.
    private static let codesThatHold: Set<DiagnosticCode> = [
        .secretFound, .conflictMarkers, .gistIDShared, .sha1Shared, .caffemodelOverwritesInfo,
    ]

    /// This reading with names and identities of what is published, and no texts: what is kept of thousands of models.
    public var withoutTexts: ModelReading {
        var reading = self
        reading.publishable = publishable.mapValues { PublishableFile(name: $0.name, text: "", identity: $0.identity) }
        return reading
    }

    /// This reading with lines that a person allowed to go out although they look like secrets. They are told of all the same.
    public func allowing(_ places: Set<SecretPlace>) -> ModelReading {
        let places = places.intersection(secretPlaces)
        guard !places.isEmpty else { return self }
        var reading = self
        reading.diagnostics = diagnostics.map { told in
            guard told.code == .secretFound, let place = told.place, places.contains(place) else { return told }
            return SecretScan.allowed(told)
        }
        // Only the first lines of a file are told of: the others hold the model just as well.
        let left = secretPlaces.filter { !places.contains($0) }
        if let first = left.first, !reading.diagnostics.contains(where: { [.secretFound, .urlHasCredentials].contains($0.code) }) {
            reading.diagnostics.append(SecretScan.untold(first, of: left.count))
        }
        reading.canPublish = hasPublishableReadme && Set(reading.diagnostics.map(\.code)).isDisjoint(with: Self.codesThatHold)
        return reading
    }

    /// What a person who allows a line has seen of it, in bytes: the line without its end or, of a private key, the key to its end.
    /// Empty without texts.
    public var secretContents: [SecretPlace: [UInt8]] {
        var contents: [SecretPlace: [UInt8]] = [:]
        for file in Set(secretPlaces.map(\.file)) {
            guard let published = publishable[file] else { continue }
            let bytes = Array(published.text.utf8)
            for line in SecretLines(in: bytes).lines { contents[SecretPlace(file: file, line: line.number)] = Array(bytes[line.content]) }
        }
        return contents
    }

    /// This reading with what only a look at other directories could tell.
    public func adding(_ more: [Diagnostic]) -> ModelReading {
        var reading = self
        reading.diagnostics += more
        reading.canPublish = canPublish && Set(more.map(\.code)).isDisjoint(with: Self.codesThatHold)
        return reading
    }
}

extension Diagnostic {
    fileprivate var place: SecretPlace? { file.flatMap { file in line.map { SecretPlace(file: file, line: $0) } } }
}

extension DirectorySnapshot {
    /// Nil when there is no such regular file, or its bytes were not read.
    fileprivate func bytes(ofFile name: String) -> [UInt8]? {
        guard let item = self[name], item.kind == .file, case .bytes(let bytes) = item.content else { return nil }
        return bytes
    }
}
