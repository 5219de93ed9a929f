import Foundation
import Testing

@testable import SyncEngine

@Suite struct BrakeRestartTests {
    @Test func `the brake holds over a restart, also when fewer are left`() async throws {
        try await withTemporaryDirectory { directory in
            let first = try await RoomsUnderTest(in: directory)
            let names = (10..<22).map { "net\($0)" }
            for name in names { try first.write(ReviewRoomsTests.readme, to: "\(name)/readme.md") }
            try await first.work(on: names) {
                await first.board.all.count { $0.plan.gist.state == .held } == 12
            }
            // As after kill -9: nothing but the state and the disk is left.
            for name in names.prefix(3) { try FileManager.default.removeItem(atPath: directory.appending("zoo/\(name)").string) }
            let second = try await RoomsUnderTest(in: directory, zoo: first.zoo)
            try await second.work(on: names) { await second.board.ids.count == 9 }
            #expect(await second.board.all.allSatisfy { $0.plan.gist.state == .held })
            #expect(second.host.requests == 0)

            let third = try await RoomsUnderTest(in: directory, zoo: first.zoo)
            #expect(await third.brake.releaseAll().count == 9)
            try await third.work(on: names) { await third.board.all.allSatisfy { $0.plan.gist.state == .inSync } }
            let fourth = try await RoomsUnderTest(in: directory, zoo: first.zoo)
            #expect(await fourth.brake.releaseAll().isEmpty)
        }
    }
}
