/// What `zooctl lint --json` prints: the judgement of some model directories, each alone and all together.
public struct LintReport: Sendable, Encodable {
    public let schema = "zood.lint/1"
    public let models: [Model]

    /// - Parameter readings: Each with the directory as the person named it.
    public init(_ readings: [(directory: String, reading: ModelReading)]) {
        models = zip(readings, SharedClaims.diagnostics(in: readings)).map { entry, shared in
            Model(directory: entry.directory, entry.reading.adding(shared))
        }
    }

    /// Whether any diagnostic is an error: `zooctl lint` then exits with 12.
    public var hasErrors: Bool { models.contains { $0.diagnostics.contains { $0.severity == .error } } }

    /// One directory.
    public struct Model: Sendable, Encodable {
        public let path: String
        /// Nil when there is none.
        public let readme: String?
        public let state: InfoState
        public let fields: Fields
        public let binaries: [Binary]
        /// Unknown keys. Names in a JSON object are unique: the values of one that each of several binaries has are lines, in order.
        public let extra: [String: String]
        public let can: Permissions
        /// File names, sorted. Listed even when `can.publish` is false.
        public let publish: [String]
        public let skipped: [SkippedFile]
        public let diagnostics: [Diagnostic]

        init(directory: String, _ reading: ModelReading) {
            (path, readme, state) = (directory, reading.readme?.description, reading.state)
            let card = reading.card
            fields = Fields(card)
            binaries = (card?.binaries ?? []).map { binary in
                Binary(
                    file: binary.file?.description ?? binary.fileText, url: binary.url ?? binary.urlText, mirrors: binary.mirrors,
                    sha1: binary.sha1?.description, sha256: binary.sha256?.description)
            }
            extra = Dictionary((card?.extra ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { "\($0)\n\($1)" })
            can = Permissions(download: reading.canDownload, verify: reading.canVerify, publish: reading.canPublish)
            publish = reading.publishable.values.map(\.name).sorted().map(\.description)
            (skipped, diagnostics) = (reading.skipped, reading.diagnostics)
        }

        private enum CodingKeys: String, CodingKey {
            case path, readme, state, fields, binaries, extra, can, publish, skipped, diagnostics
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(path, forKey: .path)
            try container.encode(readme, forKey: .readme)
            try container.encode(state, forKey: .state)
            try container.encode(fields, forKey: .fields)
            try container.encode(binaries, forKey: .binaries)
            try container.encode(extra, forKey: .extra)
            try container.encode(can, forKey: .can)
            try container.encode(publish, forKey: .publish)
            try container.encode(skipped, forKey: .skipped)
            try container.encode(diagnostics, forKey: .diagnostics)
        }
    }

    /// The known keys, `null` when absent.
    public struct Fields: Sendable, Encodable {
        /// In the order in which a readme has them.
        public let values: [(key: String, value: String?)]

        init(_ card: ModelCard?) {
            values = [
                (KnownKey.name.rawValue, card?.name), (KnownKey.caffemodel.rawValue, card?.caffemodel),
                (KnownKey.caffemodelURL.rawValue, card?.caffemodelURL), (KnownKey.sha1.rawValue, card?.sha1?.description),
                (KnownKey.gistID.rawValue, card?.gistID?.description), (KnownKey.caffeVersion.rawValue, card?.caffeVersion),
                (KnownKey.license.rawValue, card?.license),
            ]
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: FieldKey.self)
            for (key, value) in values { try container.encode(value, forKey: FieldKey(stringValue: key)) }
        }
    }

    /// A binary as declared.
    public struct Binary: Sendable, Encodable {
        public let file, url: String?
        public let mirrors: [String]
        public let sha1, sha256: String?

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: FieldKey.self)
            for (key, value) in [("file", file), ("url", url), ("sha1", sha1), ("sha256", sha256)] {
                try container.encode(value, forKey: FieldKey(stringValue: key))
            }
            try container.encode(mirrors, forKey: FieldKey(stringValue: "mirrors"))
        }
    }

    /// What may be done without asking a person.
    public struct Permissions: Sendable, Encodable {
        public let download, verify, publish: Bool
    }

    private struct FieldKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
