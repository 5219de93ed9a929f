import ControlProtocol
import Dispatch
import Foundation
import SystemIO
import Testing
import ZooTestSupport

@testable import SyncEngine

@Suite struct AskedLookTests {
    @Test func `a file system that hangs costs the question its answer, and no other zoo's`() async throws {
        try await withTemporaryDirectory { directory in
            let (here, there) = (directory.appending("here"), directory.appending("there"))
            var rooms: [RoomsUnderTest] = []
            for place in [here, there] {
                try FileManager.default.createDirectory(atPath: place.string, withIntermediateDirectories: true)
                var configuration = ZooConfiguration(path: place.appending("zoo"))
                configuration.givenName = try ZooName(configured: place.lastComponent?.string ?? "")
                try FileManager.default.createDirectory(atPath: configuration.path.string, withIntermediateDirectories: true)
                let room = try await RoomsUnderTest(in: place, zoo: Zoo.open(configuration))
                try room.write(ReviewRoomsTests.readme, to: "net/readme.md")
                rooms.append(room)
            }
            let (hanging, healthy) = (rooms[0], rooms[1])
            // As a call into a dead file server: the threads come back only when it does.
            let stuck = BlockingLane(label: "stuck", width: 1)
            let release = DispatchSemaphore(value: 0)
            let hung = Task { try await stuck.run { release.wait() } }
            let clock = ManualClock()
            let asked = AskedLook(
                [
                    hanging.zoo.name: ModelObserver(lane: stuck),
                    healthy.zoo.name: ModelObserver(lane: BlockingLane(label: "free", width: 1)),
                ], clock: clock)
            let question = Task { try await asked.look(at: hanging.id("net"), in: hanging.zoo, ModelObserver.Settings()) }
            try await eventually("the deadline is set") { clock.alarms.count == 1 }
            guard case .present = try await asked.look(at: healthy.id("net"), in: healthy.zoo, ModelObserver.Settings()) else {
                Issue.record("the other zoo answers")
                return
            }
            clock.advance(by: AskedLook.patience)
            let error = await #expect(throws: ControlError.self) { _ = try await question.value }
            let path = hanging.zoo.absolute(try hanging.id("net").path)
            #expect(error?.code == .timedOut && error?.message.contains(path) == true)
            release.signal()
            try await hung.value
        }
    }
}
