import Foundation
import Testing

@testable import SyncEngine

struct EventKindTests {
    @Test func `docs control-api md explains every kind of event, and no other`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/control-api.md"), encoding: .utf8)
        let events = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("Events") })
        let listed = events.split(separator: "\n").compactMap { $0.prefixMatch(of: /\| `([a-z-]+)` \|/).map { String($0.1) } }
        #expect(listed.sorted() == EventKind.allCases.map(\.rawValue).sorted())
    }

    @Test func `docs control-api md explains every reason for keeping a version, and no other`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/control-api.md"), encoding: .utf8)
        let versions = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("Versions") })
        let listed = versions.split(separator: "\n").compactMap { $0.prefixMatch(of: /\| `([a-z-]+)` \|/).map { String($0.1) } }
        #expect(listed.sorted() == VersionReason.allCases.map(\.rawValue).sorted())
    }

    @Test func `docs control-api md explains every reason for moving a file away, and no other`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/control-api.md"), encoding: .utf8)
        let trash = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("Trash") })
        let listed = trash.split(separator: "\n").compactMap { $0.prefixMatch(of: /\| `([a-z-]+)` \|/).map { String($0.1) } }
        #expect(listed.sorted() == TrashReason.allCases.map(\.rawValue).sorted())
    }

    @Test func `docs control-api md explains every reason why something may go, and no other`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/control-api.md"), encoding: .utf8)
        let section = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("What may go") })
        let listed = section.split(separator: "\n").compactMap { $0.prefixMatch(of: /\| `[a-z]+` \| `([a-z-]+)` \|/).map { String($0.1) } }
        #expect(listed.sorted() == Garbage.Reason.allCases.map(\.rawValue).sorted())
    }
}
