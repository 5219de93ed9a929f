import Foundation
import GRDB
import ModelInfo
import SystemPackage
import Testing

@testable import SyncEngine

struct StateVersionTests {
    let now = Date(timeIntervalSince1970: 1_800_000_000.125)
    let id = model("vision/net")

    private func withStore(_ body: (StateStore) async throws -> Void) async throws {
        try await withTemporaryDirectory { try await body(StateStore(directory: $0, now: now)) }
    }

    @Test func `a version is several files at one time, read back byte by byte`() async throws {
        try await withStore { store in
            let files = ["readme.md": Array("---\nname: \u{fc}\n---\n".utf8), "a.prototxt": [0, 255, 10], "empty": []]
            let revision = String(repeating: "a", count: 40)
            let number = try store.keepVersion(of: id, files, reason: .sent, gistRevision: revision, at: now)
            #expect(
                try store.version(number, of: id)
                    == InfoVersion(number: number, model: id, at: now, reason: .sent, gistRevision: revision, files: files))
            #expect(try store.version(number, of: model("other")) == nil)
            let listed = try #require(try store.versions(of: id, limit: 9).first)
            #expect(listed.files.mapValues(\.byteCount) == ["readme.md": 17, "a.prototxt": 3, "empty": 0] && listed.reason == .sent)
            #expect(listed.files["empty"]?.sha256.description.hasPrefix("e3b0c442") == true)
        }
    }

    @Test func `the same files are kept once, and learn their revision`() async throws {
        try await withStore { store in
            let (one, two) = (["readme.md": Array("\u{fc}".utf8)], ["readme.md": Array("u\u{308}".utf8)])
            let first = try store.keepVersion(of: id, one, reason: .edited, gistRevision: nil, at: now)
            #expect(try store.keepVersion(of: id, one, reason: .sent, gistRevision: "abc", at: now) == first)
            #expect(try store.versions(of: id, limit: 9).map(\.gistRevision) == ["abc"])
            // What only Unicode calls the same is another version, and so is what was there before.
            let second = try store.keepVersion(of: id, two, reason: .replaced, gistRevision: nil, at: now)
            let third = try store.keepVersion(of: id, one, reason: .replaced, gistRevision: nil, at: now)
            #expect(first < second && second < third)
            #expect(try store.keepVersion(of: model("other"), one, reason: .sent, gistRevision: nil, at: now) > third)
            #expect(try store.versions(of: id, limit: 2).map(\.number) == [third, second])
            #expect(try store.versions(of: nil, limit: 9).count == 4)
            #expect(try await store.contentCount == 2)
        }
    }

    @Test func `a content goes with the last version that names it`() async throws {
        try await withStore { store in
            let shared = Array("shared".utf8)
            let longAgo = now.addingTimeInterval(-VersionBounds.age - 1)
            try store.keepVersion(of: model("other"), ["a": shared], reason: .sent, gistRevision: nil, at: longAgo)
            for text in 0..<60 {
                let at = text == 59 ? now : longAgo
                try store.keepVersion(of: id, ["a": Array("\(text)".utf8), "b": shared], reason: .sent, gistRevision: nil, at: at)
            }
            #expect(try store.versions(of: id, limit: 99).count == 50)
            #expect(try store.version(1, of: model("other"))?.files == ["a": shared])
            #expect(try await store.contentCount == 51)
        }
    }

    /// One version a day, each with one content of its own.
    private func history(_ count: Int, byteCount: Int = 1, days: Int = 1) -> [VersionRecord] {
        (0..<count).map { rank in
            let digest = String(repeating: "0", count: 56) + String(format: "%08x", rank)
            let file = VersionRecord.File(sha256: SHA256Digest(hex: digest)!, byteCount: byteCount)
            return VersionRecord(
                number: Int64(5000 - rank), model: id, at: now.addingTimeInterval(Double(-rank * days * 86400)), reason: .sent,
                gistRevision: nil, files: ["readme.md": file])
        }
    }

    @Test func `versions go by age, number and size, but never the newest`() {
        func kept(_ versions: [VersionRecord]) -> Int { versions.count - VersionBounds.surplus(versions, now: now).count }
        #expect(kept(history(300)) == 300)
        #expect(kept(history(500)) == 401)
        #expect(kept(history(80, days: 30)) == 50)
        #expect(kept(history(1200, days: 0)) == 1000)
        #expect(kept(history(40, byteCount: 4 << 20)) == 16)
        #expect(kept(history(40, byteCount: 40 << 20)) == 10)
        // What the newest have in common counts once, and nothing older than the first that goes stays.
        var returning = history(40, byteCount: 4 << 20)
        for rank in stride(from: 1, to: 40, by: 2) { returning[rank].files = returning[0].files }
        #expect(kept(returning) == 32)
        #expect(VersionBounds.surplus(returning, now: now) == (0..<8).map { Int64(4968 - $0) })
    }

    @Test func `versions of one file from before are versions still`() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending(StateDatabase.fileName).string
            let old = try DatabaseQueue(path: file)
            try StateSchema.migrator().migrate(old, upTo: "2")
            let reasons = ["before an edit in place", "made by an edit in place", "left by an interrupted edit"]
            try await old.write { db in
                for reason in reasons {
                    try db.execute(
                        sql:
                            "INSERT INTO version (zoo, path, file, at, reason, content) VALUES ('zoo', 'vision/net', 'readme.md', ?, ?, ?)",
                        arguments: [now, reason, Data("\(reason)\0".utf8)])
                }
            }
            try old.close()
            let store = try StateStore(directory: directory, now: now)
            #expect(try store.versions(of: id, limit: 9).map(\.reason) == [.leftover, .edited, .replaced])
            #expect(try store.version(1, of: id)?.files == ["readme.md": Array("\(reasons[0])\0".utf8)])
            #expect(try store.version(1, of: id)?.at == now)
            #expect(try store.keepVersion(of: id, [:], reason: .remote, gistRevision: nil, at: now) == 4)
        }
    }

    @Test func `a renamed directory brings its versions`() async throws {
        try await withStore { store in
            let number = try store.keepVersion(of: id, ["a": [1]], reason: .sent, gistRevision: nil, at: now)
            _ = try await store.move(id, to: model("moved"), [NewEvent(at: now, kind: .modelMoved, model: model("moved"), message: "")])
            #expect(try store.version(number, of: model("moved"))?.files == ["a": [1]])
            #expect(try store.versions(of: id, limit: 9).isEmpty)
        }
    }
}

extension StateStore {
    fileprivate var contentCount: Int {
        get async throws { try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM content") ?? 0 } }
    }
}
