import Foundation
import ModelInfo
import Testing

@testable import Planning

/// A request to make a gist was sent, and its answer never came.
struct GistSearchTests {
    private static let sentAt = Date(timeIntervalSince1970: 1_700_000_000)

    private static func model() throws -> PresentModel {
        let text = Array("---\nname: Tiny\nlicense: BSD\ncaffe_commit: 709dc159a4ae0f5d7a5a0c2e3b41ed0f7eb79a3d\n---\n\nText.\n".utf8)
        let identity = FileIdentity(
            device: 1, inode: 1, size: Int64(text.count), modified: 0, changed: 0, mode: 0o644, owner: 0, group: 0, links: 1)
        let readme = DirectoryItem(name: try RelativePath("readme.md"), kind: .file, identity: identity, content: .bytes(text))
        let snapshot = DirectorySnapshot(entries: [readme], unreadableNames: 0)
        return PresentModel(reading: ModelReading(snapshot, maximumFileSize: 1 << 20, directory: "tiny"))
    }

    private static func plan(at host: Policy.Host, fruitless: Int, after seconds: TimeInterval) throws -> Plan {
        let intent = PublishIntent(token: "0123456789ab", sentAt: sentAt, fruitlessSearches: fruitless)
        let view = ModelView(
            id: ModelID(zoo: "zoo", path: try RelativePath("tiny")), disk: .present(try model()), memory: ModelMemory(intent: intent))
        var policy = Policy()
        (policy.host, policy.createsGists) = (host, true)
        return Planning.plan(view, policy: policy, now: sentAt.addingTimeInterval(seconds))
    }

    private static func isCreation(_ action: Action?) -> Bool { if case .createGist? = action { true } else { false } }
    private static func isSearch(_ action: Action?) -> Bool { if case .findOwnGist? = action { true } else { false } }

    @Test func `GitHub is searched at once and after 10 s, 60 s and 5 min, and only then a second gist may be asked for`() throws {
        for (fruitless, delay) in [(0, 0.0), (1, 10), (2, 60), (3, 300)] {
            #expect(Self.isSearch(try Self.plan(at: .github, fruitless: fruitless, after: delay).actions.first))
            guard delay > 0 else { continue }
            let early = try Self.plan(at: .github, fruitless: fruitless, after: delay - 1)
            #expect(early.actions == [.sleep(until: Self.sentAt.addingTimeInterval(delay))])
            #expect(early.gist.state == .publishing && early.note?.contains("looking for the gist") == true)
        }
        #expect(Self.isCreation(try Self.plan(at: .github, fruitless: 4, after: 300).actions.first))
    }

    @Test func `one search of the local host tells whether there is a gist`() throws {
        #expect(Self.isSearch(try Self.plan(at: .local, fruitless: 0, after: 0).actions.first))
        #expect(Self.isCreation(try Self.plan(at: .local, fruitless: 1, after: 0).actions.first))
    }
}
