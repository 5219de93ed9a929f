import Foundation
import GRDB
import ModelInfo
import Planning
import SystemPackage
import Testing

@testable import SyncEngine

struct StateStoreTests {
    /// Whole milliseconds: SQLite's dates have no finer ones.
    let now = Date(timeIntervalSince1970: 1_800_000_000.125)
    let id = model("vision/net")

    private func withStore(_ body: (StateStore, FilePath) async throws -> Void) async throws {
        try await withTemporaryDirectory { try await body(StateStore(directory: $0, now: now), $0) }
    }

    private var memory: ModelMemory {
        let identity = FileIdentity(
            device: .max, inode: 1 << 63, size: .max, modified: .min, changed: -1, mode: 0o644, owner: .max, group: 0, links: 1)
        let sha256 = SHA256Digest(hex: String(repeating: "a", count: 64))!
        let good = HashedFile(identity: identity, sha1: .ofNothing, sha256: sha256, at: now.addingTimeInterval(0.000_1))
        let trouble = Trouble(kind: .space, about: "x", failures: 3, at: now, notBefore: now, message: "full", hint: "make room")
        var memory = ModelMemory(
            gist: GistMemory(
                id: GistID(bare: "034c6ac3865563b69e60")!, url: "https://h/x", revision: "r", publishedAt: now,
                files: ["readme.md": "---\nü u\u{308}\n", "b": ""], everPublished: ["readme.md", "b", "gone"]),
            intent: PublishIntent(token: "0123456789ab", isPublic: true, sentAt: now, fruitlessSearches: 2), gistTrouble: trouble,
            editTrouble: Trouble(kind: .local, about: "", failures: 1, at: now, notBefore: nil, message: "", hint: nil),
            binaries: [
                try! RelativePath("a.caffemodel"): BinaryMemory(
                    hashed: HashedFile(identity: identity, sha1: nil, sha256: sha256, at: now), good: good,
                    trouble: trouble),
                try! RelativePath("sub/b"): BinaryMemory(trouble: trouble), try! RelativePath("c:d"): BinaryMemory(good: good),
            ])
        memory.home = DirectoryIdentity(device: .max, inode: 1 << 63, born: .min)
        return memory
    }

    @Test func `everything that is remembered of a model is there after a restart`() async throws {
        let memory = memory
        try await withStore { store, directory in
            try await store.record(id) { $0 = memory }
            #expect(try await store.memory(of: id) == memory)
            #expect(try await store.memory(of: model("other")) == ModelMemory())
            let again = try StateStore(directory: directory, now: now)
            #expect(try await again.memory(of: id) == memory)
            #expect(try await again.memory(of: id).gist?.files["readme.md"]?.utf8.elementsEqual("---\nü u\u{308}\n".utf8) == true)
            #expect(try await again.knownModels() == [id])
        }
    }

    @Test func `each thing that is remembered can be changed and forgotten by itself`() async throws {
        let memory = memory
        let changes: [@Sendable (inout ModelMemory) -> Void] = [
            { $0.gist?.files["readme.md"] = "new" }, { $0.gist?.files["b"] = nil }, { $0.gist?.revision = nil },
            { $0.gist?.everPublished.insert("n") }, { $0.intent?.fruitlessSearches = 3 }, { $0.intent?.sentAt = nil }, { $0.intent = nil },
            { $0.gistTrouble?.failures = 9 }, { $0.gistTrouble = nil }, { $0.editTrouble = nil },
            { $0.binaries[try! RelativePath("a.caffemodel")]?.trouble = nil }, { $0.binaries[try! RelativePath("c:d")] = nil },
            { $0.binaries[try! RelativePath("sub/b")] = nil },
            { $0.home = DirectoryIdentity(device: 1, inode: 2, born: 0) }, { $0.home = nil },
            { $0.gist = nil }, { $0 = ModelMemory() },
        ]
        try await withStore { store, _ in
            var expected = memory
            try await store.record(id) { $0 = memory }
            for change in changes {
                try await store.record(id, change)
                change(&expected)
                #expect(try await store.memory(of: id) == expected)
            }
            #expect(try await store.knownModels().isEmpty)
        }
    }

    @Test func `no byte of a gist's text is lost, not even after a NUL`() async throws {
        let memory = memory
        try await withStore { store, directory in
            try await store.record(id) {
                $0 = memory
                $0.gist?.files["b"] = "a\0b"
                $0.gist?.sending = ["b": "c\0d"]
            }
            let gist = try await StateStore(directory: directory, now: now).memory(of: id).gist
            #expect(gist?.files["b"]?.utf8.elementsEqual("a\0b".utf8) == true)
            #expect(gist?.sending?["b"]?.utf8.elementsEqual("c\0d".utf8) == true)
        }
    }

    @Test func `texts of a state from before they were kept as bytes are read as they are`() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending("zood.sqlite").string
            try StateSchema.migrator().migrate(DatabaseQueue(path: file), upTo: "1")
            try await DatabaseQueue(path: file).write { db in
                try db.execute(
                    sql: """
                        INSERT INTO gist (zoo, path, gistID, url, publishedAt, everPublished)
                        VALUES ('zoo', 'vision/net', '034c6ac3865563b69e60', 'u', '2026-11-24 10:00:00.000', '[]');
                        INSERT INTO gistFile VALUES ('zoo', 'vision/net', 'readme.md', 'ü')
                        """)
            }
            let gist = try await StateStore(directory: directory, now: now).memory(of: id).gist
            #expect(gist?.files == ["readme.md": "ü"])
        }
    }

    @Test(arguments: [(0, []), (12, [12])] as [(Int, Set<Int64>)])
    func `of a state that remembered only the newest job that was carried out, that one still is`(stored: Int, read: Set<Int64>)
        async throws
    {
        try await withTemporaryDirectory { directory in
            let file = directory.appending("zood.sqlite").string
            try StateSchema.migrator().migrate(DatabaseQueue(path: file), upTo: "5")
            try await DatabaseQueue(path: file).write { db in
                try db.execute(
                    sql: "INSERT INTO decision VALUES ('zoo', 'vision/net', ?)",
                    arguments: [#"{"allowedSecrets":[],"carriedOut":\#(stored),"unconfirmedSources":["x"]}"#])
            }
            let decisions = try await StateStore(directory: directory, now: now).memory(of: id).decisions
            #expect(decisions.carriedOut == read && decisions.unconfirmedSources == ["x"])
        }
    }

    @Test(arguments: [#""#, #","reason":"a word of another version""#])
    func `an exchange that another version of zood saved is read, and what comes out of it is kept without limit`(reason: String) throws {
        let file = FileIdentity(device: 1, inode: 2, size: 3, modified: 4, changed: 5, mode: 6, owner: 7, group: 8, links: 1)
        let identity = String(decoding: try JSONEncoder().encode(file), as: UTF8.self)
        let json = #"{"verified":\#(identity),"judged":\#(identity)\#(reason)}"#
        let exchange = try JSONDecoder().decode(BinaryExchange.self, from: Data(json.utf8))
        #expect(exchange == BinaryExchange(verified: file, judged: file, reason: .unknown) && exchange.reason.keptFor == nil)
        let again = try JSONDecoder().decode(BinaryExchange.self, from: JSONEncoder().encode(exchange))
        #expect(again == exchange)
    }

    @Test func `what an update sends is remembered by its bytes`() async throws {
        let memory = memory
        try await withStore { store, _ in
            try await store.record(id) { $0 = memory }
            try await store.record(id) { $0.gist?.sending = ["b": "\u{FC}"] }
            try await store.record(id) { $0.gist?.sending = ["b": "u\u{308}"] }
            #expect(try await store.memory(of: id).gist?.sending?["b"]?.utf8.count == 3)
        }
    }

    @Test func `a change that only Unicode calls none is kept`() async throws {
        let memory = memory
        try await withStore { store, _ in
            try await store.record(id) { $0 = memory }
            try await store.record(id) { $0.gist?.files["b"] = "\u{FC}" }
            try await store.record(id) { $0.gist?.files["b"] = "u\u{308}" }
            #expect(try await store.memory(of: id).gist?.files["b"]?.utf8.count == 3)
        }
    }

    @Test func `a write that returned survives a power loss`() async throws {
        try await withStore { store, _ in
            let synchronous = try await store.database.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
            #expect(synchronous == 2)
            let journal = try await store.database.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
            #expect(journal == "wal")
            let foreign = try await store.database.read { try Int.fetchOne($0, sql: "PRAGMA foreign_keys") }
            #expect(foreign == 1)
        }
    }

    @Test func `a gist belongs to one model, whatever is asked`() async throws {
        let memory = memory
        try await withStore { store, _ in
            try await store.record(id) { $0 = memory }
            #expect(try await store.keeper(of: memory.gist!.id) == id)
            await #expect(throws: DatabaseError.self) {
                try await store.record(model("copy"), events: [NewEvent(at: now, kind: .request, model: nil, message: "m")]) {
                    $0.gist = memory.gist
                }
            }
            #expect(try await store.memory(of: model("copy")) == ModelMemory())
            #expect(try await store.eventRange() == (0, 0), "memory and event are one transaction")
        }
    }

    @Test(arguments: ["not a database at all, only words", ""])
    func `a damaged database is set aside and made anew`(text: String) async throws {
        let memory = memory
        try await withTemporaryDirectory { directory in
            let file = directory.appending("zood.sqlite").string
            if text.isEmpty {
                let store = try StateStore(directory: directory, now: now)
                try await store.record(id) { $0 = memory }
                try store.reader.close()
                try store.database.close()
                var bytes = try Data(contentsOf: URL(filePath: file))
                for index in 4096..<bytes.count where index % 3 == 0 { bytes[index] ^= 0x5A }
                try bytes.write(to: URL(filePath: file))
            } else {
                try Data(String(repeating: text, count: 200).utf8).write(to: URL(filePath: file))
            }
            let damaged = try Data(contentsOf: URL(filePath: file))
            let store = try StateStore(directory: directory, now: now)
            #expect(store.setAside?.contains("zood.sqlite.damaged-1800000000") == true)
            #expect(store.setAside?.contains("\n") == false)
            // Not less than it was: SQLite may have put into it what lay in its log.
            #expect(try Data(contentsOf: URL(filePath: file + ".damaged-1800000000")).count >= damaged.count)
            try await store.record(id) { $0 = memory }
            #expect(try await store.memory(of: id) == memory)
        }
    }

    @Test func `a database of a newer zood is refused and left as it is`() async throws {
        try await withStore { store, directory in
            try await store.database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')") }
            try store.database.close()
            let error = #expect(throws: StateFailure.self) { try StateStore(directory: directory, now: now) }
            #expect(error?.description.contains("newer zood") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.string).allSatisfy { !$0.contains("damaged") })
        }
    }

    @Test func `settings are kept, replaced and taken away`() async throws {
        try await withStore { store, directory in
            let closure = Closure(until: now, because: "wait")
            #expect(try await store.setting(.hostClosed, as: Closure.self) == nil)
            try await store.set(.hostClosed, to: Closure(until: .distantPast, because: ""))
            try await store.set(.hostClosed, to: closure)
            try await store.set(.stateID, to: "abc")
            let again = try StateStore(directory: directory, now: now)
            #expect(try await again.setting(.hostClosed, as: Closure.self) == closure)
            #expect(try await again.setting(.stateID, as: String.self) == "abc")
            try await again.set(.hostClosed, to: Closure?.none)
            #expect(try await again.setting(.hostClosed, as: Closure.self) == nil)
        }
    }
}
