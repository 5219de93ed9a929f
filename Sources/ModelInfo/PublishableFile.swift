/// A text file that goes into the gist, exactly as it is on disk.
public struct PublishableFile: Hashable, Sendable {
    public let name: RelativePath
    public let text: String
    /// Of the file that was read.
    public let identity: FileIdentity

    public init(name: RelativePath, text: String, identity: FileIdentity) {
        (self.name, self.text, self.identity) = (name, text, identity)
    }

    /// The text by bytes, since that is what the gist keeps.
    public static func == (a: PublishableFile, b: PublishableFile) -> Bool {
        a.name == b.name && a.identity == b.identity && a.text.utf8.elementsEqual(b.text.utf8)
    }
}

/// A file that does not go into the gist, and why.
public struct SkippedFile: Hashable, Sendable, Codable {
    public let name: String
    public let code: DiagnosticCode

    private enum CodingKeys: String, CodingKey {
        case name = "file"
        case code
    }

    public init(name: String, code: DiagnosticCode) {
        (self.name, self.code) = (name, code)
    }
}
