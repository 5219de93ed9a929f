import FoundationEssentials
import ModelInfo

/// What a gist of the local host is besides its files. It stands in the message of each commit, as the last line, so that one
/// update of one ref changes files and description together, and history keeps both:
///
///     Change readme.md
///
///     Gist: {"createdAt":"2026-11-20T08:12:00Z","description":"BVLC AlexNet","public":false}
struct GistRecord: Equatable, Codable {
    var description: String
    var isPublic: Bool
    /// Whole seconds, as GitHub's.
    var createdAt: Date

    enum CodingKeys: String, CodingKey {
        case description, createdAt
        case isPublic = "public"
    }

    static let linePrefix = "Gist: "

    /// - Parameter subject: One line that says what this revision changes.
    func commitMessage(subject: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return "\(subject)\n\n\(Self.linePrefix)\(String(decoding: try encoder.encode(self), as: UTF8.self))\n"
    }

    /// Nil when no line of it is such a record: a commit that a person made.
    init?(commitMessage: String) {
        let line = commitMessage.split(separator: "\n").last { $0.hasPrefix(Self.linePrefix) }
        guard let line else { return nil }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        guard let record = try? decoder.decode(Self.self, from: Data(line.dropFirst(Self.linePrefix.count).utf8)) else { return nil }
        self = record
    }

    init(description: String, isPublic: Bool, createdAt: Date) {
        (self.description, self.isPublic, self.createdAt) = (description, isPublic, createdAt)
    }

    /// As a row of a listing.
    func summary(of id: GistID, updatedAt: Date) -> GistSummary {
        GistSummary(id: id, description: description, isPublic: isPublic, owner: nil, createdAt: createdAt, updatedAt: updatedAt)
    }
}
