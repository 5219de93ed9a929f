import Foundation
import GRDB
import ModelInfo
import Testing
import ZooTestSupport

@testable import SyncEngine

@Suite struct HealthBoardTests {
    @Test func `what several models met is one line, until the last of them meets it no more`() async {
        let board = HealthBoard()
        await board.note(.noSpace, met: model("b"), because: "full")
        await board.note(.noSpace, met: model("a"), because: "full, too")
        #expect(await board.items.map(\.text) == ["a (and 1 more): full, too"])
        await board.note(.noSpace, met: model("a"), because: nil)
        #expect(await board.items.map(\.text) == ["b: full"])
        await board.note(.noSpace, met: model("b"), because: nil)
        #expect(await board.items.isEmpty)
    }

    @Test func `that the state fails is said until it was written again, whatever passes that write nothing say`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory, createsGists: false)
            for name in ["a", "b"] { try rooms.write(ReviewRoomsTests.readme, to: "\(name)/readme.md") }
            let (a, b) = (try rooms.id("a"), try rooms.id("b"))
            try await rooms.store.database.write {
                try $0.execute(sql: "CREATE TRIGGER full BEFORE INSERT ON setting BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
            }
            await rooms.health.note(.stateFailing, met: a, because: "earlier")
            let lanes = Task { await rooms.reconciler.run() }
            await rooms.queue.mark([a, b])
            try await eventually("both were looked at") { await rooms.board.ids == [a, b] }
            try await eventually("the pass is over") { await rooms.queue.isDrained }
            #expect(await rooms.health.items.map(\.code) == ["state-failing"])
            #expect(await rooms.health.items.first?.text.contains("disk is full") == true)

            try await rooms.store.database.write { try $0.execute(sql: "DROP TRIGGER full") }
            await rooms.queue.mark([b])
            try await eventually("the pass is over") { await rooms.queue.isDrained }
            #expect(await rooms.health.isDegraded)
            await rooms.queue.mark([a])
            try await eventually("the line is gone") { await rooms.health.items.isEmpty }
            await rooms.queue.close()
            await lanes.value
        }
    }
}
