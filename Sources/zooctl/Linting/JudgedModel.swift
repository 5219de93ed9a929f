import ModelInfo
import SystemIO

/// What was found in one model directory, with the source lines that a person is shown and without the files' texts: thousands are kept.
struct JudgedModel: Sendable {
    /// As the person named it, or below that.
    let name: String
    let reading: ModelReading
    /// Empty when nobody will look at them.
    let excerpts: [SourcePlace: SourceExcerpt]

    /// - Parameter excerptStyle: Nil when no excerpts are wanted.
    init(_ snapshot: DirectorySnapshot, name: String, excerptStyle style: Style?) {
        self.name = name
        let reading = ModelReading(snapshot, maximumFileSize: LocalModel.maximumFileSize, directory: name)
        excerpts = style.map { Self.excerpts(reading, snapshot, $0) } ?? [:]
        self.reading = reading.withoutTexts
    }

    private static func excerpts(_ reading: ModelReading, _ snapshot: DirectorySnapshot, _ style: Style) -> [SourcePlace: SourceExcerpt] {
        let diagnostics = reading.diagnostics
        let secret = Swift.Set(
            diagnostics.filter { [.secretFound, .urlHasCredentials].contains($0.code) }.compactMap(SourcePlace.init).map(\.line))
        var texts: [String: SourceText] = [:]
        var excerpts: [SourcePlace: SourceExcerpt] = [:]
        // What another directory claims too is only known later.
        for place in diagnostics.compactMap(SourcePlace.init) + SourcePlace.claims(of: reading)
        where excerpts[place] == nil && !secret.contains(place.line) {
            if texts[place.file] == nil, case .bytes(let bytes) = snapshot[place.file]?.content { texts[place.file] = SourceText(bytes) }
            guard let line = texts[place.file]?.line(place.line) else { continue }
            excerpts[place] = SourceExcerpt(line, column: place.column, room: DiagnosticLines.room(style), style)
        }
        return excerpts
    }
}

/// A place in a file of a model directory.
struct SourcePlace: Hashable, Sendable {
    let file: String
    let line: Int
    let column: Int

    /// Nil for what concerns a file or directory as a whole.
    init?(_ diagnostic: Diagnostic) {
        guard let file = diagnostic.file, let line = diagnostic.line else { return nil }
        (self.file, self.line, column) = (file, line, diagnostic.column ?? 1)
    }

    private init(_ place: ModelCard.Place, in file: String) { (self.file, line, column) = (file, place.line, place.column) }

    /// Where the readme names its gist and the digests of its binaries.
    static func claims(of reading: ModelReading) -> [SourcePlace] {
        guard let readme = reading.readme?.description, let card = reading.card else { return [] }
        return (card.sha1Places.values + [card.gistIDPlace].compactMap { $0 }).map { SourcePlace($0, in: readme) }
    }
}
