/// The judgement of one model directory: which readme, what it says, what is published, what is not and why.
public struct ModelReading: Hashable, Sendable {
    /// The readme that was read or, failing that, should have been; nil when there is none.
    public let readme: RelativePath?
    /// What the readme says; nil when it is absent or could not be read.
    public let card: ModelCard?
    /// Whether this directory is a model at all: it holds a readme, and that has a zoo key or a prototxt, caffemodel or caffemodel-url beside it.
    public let isModel: Bool
    /// All of them: the card's and the directory's.
    public let diagnostics: [Diagnostic]
    /// By file name. Empty when there is no readme.
    public let publishable: [String: PublishableFile]
    /// Every other entry, by name.
    public let skipped: [SkippedFile]
    /// A fetch may start from what is written without asking a person.
    public let canDownload: Bool
    /// A finished file may be called verified.
    public let canVerify: Bool
    /// The info may go to a gist.
    public let canPublish: Bool

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
    public init(_ snapshot: DirectorySnapshot, maximumFileSize: Int, directory: String) {
        (readme, card, isModel, diagnostics) = (nil, nil, false, [])
        (publishable, skipped) = ([:], [])
        (canDownload, canVerify, canPublish) = (false, false, false)
    }
}
