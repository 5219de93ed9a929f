import Foundation
import Testing
import ZooTestSupport

/// What only an accident would do to so many models at once is held; against the local host.
struct GistBrakeTests {
    @Test func `twelve first publications or losses at once are held until a person lets them go or the files are back`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        let ids = (10..<22).map { "model-\($0)" }
        for id in ids { try zoo.makeModel(id, files: ["deploy.prototxt": TemporaryZoo.prototxt]) }
        let first = try await RunningDaemon.start(in: zoo)
        for id in ids { #expect(try await first.waitUntilHeld(id, "11 others").hint?.contains("zooctl publish --all-held") == true) }
        try await first.lookAgain()
        #expect(try zoo.localGists.ids.isEmpty)
        #expect(try await first.zooctl("publish", "--all-held").status == 0)
        for id in ids { try await first.waitUntilInSync(id) }
        #expect(try zoo.localGists.ids.count == 12)
        _ = try await first.terminate()

        // Twelve published files vanish, as when a disk is not mounted.
        for id in ids { try zoo.remove("\(id)/deploy.prototxt") }
        let second = try await RunningDaemon.start(in: zoo)
        for id in ids { try await second.waitUntilHeld(id, "11 others") }
        // They come back slowly: those that are left are no smaller accident.
        for id in ids.prefix(11) {
            try zoo.write(TemporaryZoo.prototxt, to: "\(id)/deploy.prototxt")
            try await second.waitUntilInSync(id)
        }
        try await second.lookAgain()
        #expect(try await second.model(ids[11])?.gist.state == .held)
        try zoo.write(TemporaryZoo.prototxt, to: "\(ids[11])/deploy.prototxt")
        try await second.waitUntilInSync(ids[11])
        #expect(try await zoo.localGists.revisionCount() == 24)
        // A single loss is no accident.
        try zoo.remove("\(ids[0])/deploy.prototxt")
        let id = try #require(try await second.model(ids[0])?.gist.id).description
        try await eventually("the file left the gist") { try await zoo.localGists.fileNames(of: id) == ["readme.md"] }
    }

    @Test func `what the brake held is let go without what waits besides`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        let ids = ["a", "b", "c"]
        for id in ids { try zoo.makeModel(id, files: ["deploy.prototxt": TemporaryZoo.prototxt]) }
        let first = try await RunningDaemon.start(in: zoo)
        for id in ids { try await first.waitUntilInSync(id) }
        _ = try await first.terminate()

        // A tree was copied over another: published files are gone, and others are here.
        for id in ids {
            try zoo.remove("\(id)/deploy.prototxt")
            try zoo.write(TemporaryZoo.prototxt, to: "\(id)/mine.prototxt")
        }
        let second = try await RunningDaemon.start(in: zoo)
        for id in ids { try await second.waitUntilHeld(id, "2 others") }
        let letGo = try await second.zooctl("publish", "--all-held")
        #expect(letGo.status == 0, "\(letGo)")
        for id in ids {
            let model = try await second.waitUntilInSync(id)
            #expect(model.has(.newFileWaits, about: "mine.prototxt"))
            let gist = try #require(model.gist.id).description
            #expect(try await zoo.localGists.fileNames(of: gist) == ["readme.md"])
        }
    }
}
