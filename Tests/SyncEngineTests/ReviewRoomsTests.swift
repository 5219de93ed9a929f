import Foundation
import ModelInfo
import Planning
import SystemIO
import Testing
import ZooTestSupport

@testable import SyncEngine

@Suite struct ReviewRoomsTests {
    static let readme = "---\nname: Net\n---\n\nOne.\n"

    // The brake.

    private func brake(asking count: Int) async throws -> (BrakeGate, [ModelID]) {
        let brake = BrakeGate()
        let models = try (0..<count).map { ModelID(zoo: "zoo", path: try RelativePath("m\($0)")) }
        for model in models { await brake.ask(.losesRemoteFile, for: model, at: Date(timeIntervalSince1970: 0)) }
        return (brake, models)
    }

    @Test func `the brake does not let models go because fewer are left that it holds`() async throws {
        let (brake, models) = try await brake(asking: 12)
        #expect(await brake.judge(modelCounts: ["zoo": 1000]).count == 12)
        for model in models.prefix(8) { await brake.withdraw(model) }
        #expect(await brake.judge(modelCounts: ["zoo": 1000]).isEmpty)
        for model in models.dropFirst(8) {
            #expect(await brake.verdicts(for: model)[.losesRemoteFile] == .held(models: 12))
        }
    }

    @Test func `models that ask later count together with those that are held`() async throws {
        let (brake, _) = try await brake(asking: 12)
        _ = await brake.judge(modelCounts: ["zoo": 1000])
        let late = ModelID(zoo: "zoo", path: try RelativePath("late"))
        await brake.ask(.losesRemoteFile, for: late, at: Date())
        _ = await brake.judge(modelCounts: ["zoo": 1000])
        #expect(await brake.verdicts(for: late)[.losesRemoteFile] == .held(models: 13))
    }

    @Test func `who waits for the brake waits no longer than two minutes for a pass to end`() async throws {
        let (brake, _) = try await brake(asking: 1)
        #expect(await !brake.isOverdue(at: Date(timeIntervalSince1970: 119)))
        #expect(await brake.isOverdue(at: Date(timeIntervalSince1970: 120)))
        #expect(await brake.isAsked)
        _ = await brake.judge(modelCounts: ["zoo": 1000])
        #expect(await !brake.isOverdue(at: Date(timeIntervalSince1970: 500)))
        #expect(await !brake.isAsked)
    }

    // What is ignored.

    @Test func `a directory that appears below an ignored one is neither walked nor a model`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write("drafts/\n", to: ".zooignore")
            try rooms.write(Self.readme, to: "drafts/net/readme.md")
            for start in ["drafts", "drafts/net"] {
                var scan = ZooScan(root: rooms.zoo.root, inotify: nil)
                scan.walk(from: try RelativePath(start))
                #expect(scan.directories.isEmpty)
            }
            let seen = await rooms.observer.look(at: try rooms.id("drafts/net"), in: rooms.zoo, ModelObserver.Settings())
            let isIgnored = if case .ignored = seen { true } else { false }
            #expect(isIgnored)
        }
    }

    @Test func `a published model that is ignored from now on is not published any more`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write(Self.readme, to: "net/readme.md")
            let id = try rooms.id("net")
            try await rooms.work(on: ["net"]) { await rooms.board[id]?.plan.gist.state == .inSync }
            let revision = try await rooms.store.memory(of: id).gist?.revision
            try rooms.write("net\n", to: ".zooignore")
            try rooms.write(try rooms.text(of: "net/readme.md") + "private\n", to: "net/readme.md")
            let again = try await RoomsUnderTest(in: directory, zoo: rooms.zoo)
            try await again.work(on: ["net"]) { await again.board[id] != nil }
            #expect(await again.board[id]?.plan.state == .attention)
            #expect(try await again.store.memory(of: id).gist?.revision == revision)
        }
    }

    // The state.

    @Test func `what happened is remembered also by a task that is being stopped`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            let id = try rooms.id("net")
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                try await rooms.events.record(id, [NewEvent(at: Date(), kind: .request, model: id, message: "")]) {
                    $0.intent = PublishIntent(token: "aabbccddeeff", sentAt: Date(timeIntervalSince1970: 1))
                }
            }
            task.cancel()
            try await task.value
            #expect(try await rooms.store.memory(of: id).intent?.token == "aabbccddeeff")
        }
    }

    @Test func `an edit that a crash tore waits for its zoo`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            let edit = InPlaceEdit(
                model: ModelID(zoo: "elsewhere", path: try RelativePath("net")), file: try RelativePath("readme.md"), before: [1, 2],
                after: [1, 3])
            try rooms.store.keep(edit)
            try rooms.store.finishInPlaceEdits(in: [rooms.zoo])
            #expect(try rooms.store.journals() == [edit])
        }
    }

    @Test func `a reload has what was refused tried again, and leaves what a person has to settle`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            let (refused, conflict) = (try rooms.id("refused"), try rooms.id("conflict"))
            for (id, kind) in [(refused, Trouble.Kind.permission), (conflict, .conflict)] {
                try await rooms.store.record(id) {
                    $0.gistTrouble = Trouble(kind: kind, about: "", failures: 1, at: Date(), notBefore: nil, message: "", hint: nil)
                }
            }
            try await rooms.store.forgetTroubles(of: Reloading.triedAnew)
            #expect(try await rooms.store.memory(of: refused) == ModelMemory())
            #expect(try await rooms.store.memory(of: conflict).gistTrouble?.kind == .conflict)
        }
    }

    @Test func `a job about a zoo that is served no more ends`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            let gone = ModelID(zoo: "elsewhere", path: try RelativePath("net"))
            let job = try await rooms.jobs.start(.verify, models: [gone], uid: 0)
            await rooms.queue.mark(await rooms.jobs.models)
            try await rooms.work(on: []) { await rooms.jobs.models.isEmpty }
            #expect(try await rooms.store.job(job.id)?.state == .failed)
        }
    }

    // Work on binaries.

    @Test func `a reading that cannot be remembered is not repeated at once`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write("---\nname: Net\ncaffemodel: net.caffemodel\n---\n", to: "net/readme.md")
            try rooms.write("weights", to: "net/net.caffemodel")
            let (view, model) = try await rooms.view(of: "net")
            try await rooms.store.database.write { try $0.execute(sql: "PRAGMA query_only = ON") }
            let order = ReadingOrder(try RelativePath("net.caffemodel"), sha1: true, because: .new)
            await rooms.workshop.read([order], for: view, model, in: rooms.zoo)
            try await eventually("the health board tells of the state", within: .seconds(30)) { await rooms.health.isDegraded }
            #expect(await !rooms.queue.isPending(view.id))
        }
    }

    @Test func `a download goes on from the source that it was begun from, mirrors or not`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory, mirrors: ["https://mirror.example.org/{sha1}"])
            let own = "https://example.org/net.caffemodel"
            let sha1 = String(repeating: "a", count: 40)
            try rooms.write(
                "---\nname: Net\ncaffemodel: net.caffemodel\ncaffemodel_url: \(own)\nsha1: \(sha1)\n---\n", to: "net/readme.md")
            let (view, model) = try await rooms.view(of: "net")
            let declared = try #require(model.reading.declaredBinaries.first)
            let file = try #require(declared.file)
            try rooms.store.setPartial(
                PartialDownload(
                    stagingName: try RelativePath("begun.part"), url: own, mark: declared.fetchMark, bootID: ""),
                of: file, in: view.id)
            await rooms.workshop.fetch(declared, .missing, for: view, in: rooms.zoo)
            try await eventually("both sources were asked", within: .seconds(30)) { rooms.downloads.urls.count == 2 }
            #expect(rooms.downloads.urls == [own, "https://mirror.example.org/\(sha1)"])
        }
    }

    // Status and passes.

    @Test func `the board keeps names and sizes of what is published, not the texts`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write(Self.readme, to: "net/readme.md")
            let id = try rooms.id("net")
            try await rooms.work(on: ["net"]) { await rooms.board[id]?.plan.gist.state == .inSync }
            let view = try #require(await rooms.board[id]?.view)
            let file = try #require(view.reading?.publishable["readme.md"])
            #expect(file.text.isEmpty)
            #expect(file.identity.size > Self.readme.utf8.count)
            #expect(view.memory.gist?.files.isEmpty == true)
        }
    }

    @Test func `what is saved during a pass settles before it is sent`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory, settling: 60)
            try rooms.write(Self.readme, to: "net/readme.md")
            let id = try rooms.id("net")
            let queue = rooms.queue
            rooms.host.change {
                $0.afterCreation = {
                    // The moment in which an editor has cut the file and not yet written it.
                    try? rooms.write("---\nname: Net\n---\n\nhalf", to: "net/readme.md")
                    await queue.touch([id])
                }
            }
            let lanes = Task { await rooms.reconciler.run() }
            await queue.mark([id])
            try await eventually("the gist is made and the model settles", within: .seconds(30)) {
                guard await queue.isSettling(id) else { return false }
                return try await rooms.store.memory(of: id).gist != nil
            }
            await queue.close()
            await lanes.value
            #expect(rooms.host.requests == 1)
            #expect(try rooms.text(of: "net/readme.md").hasSuffix("half"))
        }
    }
}
