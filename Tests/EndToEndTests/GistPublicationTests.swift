import Foundation
import Testing
import ZooTestSupport

/// What goes to a gist, and when; against the local host.
struct GistPublicationTests {
    @Test func `a new model gets one gist, one line in its readme, one further revision, and then silence`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        var readme = ReadmeText()
        readme.lineEnd = "\r\n"
        readme.body = "Trailing blanks  \n\n\ttabs, cafe\u{301}, and no line end"
        try zoo.makeModel("tiny", readme, files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let path = zoo.path("tiny/readme.md").string
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o640, .ownerAccountID: 4321, .groupOwnerAccountID: 4322], ofItemAtPath: path)

        let daemon = try await RunningDaemon.start(in: zoo)
        let id = try #require(try await daemon.waitUntilInSync().gist.id).description

        let after = try #require(try zoo.bytes(of: "tiny/readme.md"))
        let line = Array("gist_id: \(id)\r\n".utf8)
        let place = try #require(after.firstRange(of: line))
        #expect(Array(after[..<place.lowerBound] + after[place.upperBound...]) == Array(readme.text.utf8))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        #expect(attributes[.ownerAccountID] as? Int == 4321 && attributes[.groupOwnerAccountID] as? Int == 4322)
        #expect(try zoo.names(in: "tiny") == ["readme.md", "deploy.prototxt"])

        #expect(try zoo.localGists.ids == [id])
        #expect(try await zoo.localGists.revisionCount(of: id) == 2)
        #expect(try await zoo.localGists.bytes(of: "readme.md", in: id) == after)
        #expect(try await zoo.localGists.fileNames(of: id) == ["readme.md", "deploy.prototxt"])

        let told = try await daemon.gistEvents().map(\.kind)
        #expect(told == ["gist-created", "readme-edited", "gist-updated"])
        try await daemon.lookAgain()
        #expect(try await daemon.gistEvents().map(\.kind) == told)
        #expect(try await zoo.localGists.revisionCount() == 2)
        #expect(try zoo.bytes(of: "tiny/readme.md") == after)
    }

    @Test func `what is published follows the files: edits go out, equal content and vanished directories change nothing`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(TemporaryZoo.createsByItself)
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        let id = try #require(try await daemon.waitUntilInSync().gist.id).description
        let saved = try #require(try zoo.text(of: "tiny/readme.md"))

        // Saved again without a change, in the two ways that editors have.
        try zoo.write(saved, to: "tiny/readme.md")
        try Data(saved.utf8).write(to: URL(filePath: zoo.path("tiny/readme.md").string), options: .atomic)
        try await daemon.lookAgain()
        #expect(try await zoo.localGists.revisionCount(of: id) == 2)

        // A change that only bytes show: é as one character, then as two.
        for (count, word) in [(3, "caf\u{e9}"), (4, "cafe\u{301}")] {
            let text = saved + word + "\n"
            try zoo.write(text, to: "tiny/readme.md")
            try await eventually("'\(word)' is in the gist") {
                try await zoo.localGists.bytes(of: "readme.md", in: id) == Array(text.utf8)
            }
            try await daemon.waitUntilInSync()
            #expect(try await zoo.localGists.revisionCount(of: id) == count)
        }
        try await daemon.lookAgain()
        #expect(try await zoo.localGists.revisionCount(of: id) == 4)

        // A file that is truly gone leaves the gist; a directory that is gone takes nothing with it.
        try zoo.remove("tiny/deploy.prototxt")
        try await eventually("the file left the gist") { try await zoo.localGists.fileNames(of: id) == ["readme.md"] }
        try zoo.remove("tiny")
        try await daemon.waitForModel("tiny", "is told to be gone") { $0.note?.contains("gone") == true }
        _ = try await daemon.zooctl("sync")
        #expect(try zoo.localGists.ids == [id])
        #expect(try await zoo.localGists.revisionCount(of: id) == 5)
    }

    @Test func `with create: manual a model and later its new files wait for zooctl publish`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ host: local, create: manual }"])
        try zoo.makeModel("tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.lookAgain()
        let waiting = try #require(try await daemon.model("tiny"))
        #expect(waiting.gist.state == .unpublished)
        #expect(try zoo.localGists.ids.isEmpty)

        let published = try await daemon.zooctl("publish", "tiny")
        #expect(published.status == 0)
        let id = try #require(try zoo.localGists.ids.first)
        #expect(published.standardOutput.contains(id))
        #expect(try await daemon.model("tiny")?.gist.state == .inSync)

        try zoo.write(TemporaryZoo.prototxt, to: "tiny/train_val.prototxt")
        let told = try await daemon.waitForModel("tiny", "tells of the new file") { $0.has(.newFileWaits, about: "train_val.prototxt") }
        #expect(told.gist.state == .inSync && told.hint == "zooctl publish tiny")
        try await daemon.lookAgain()
        #expect(try await zoo.localGists.fileNames(of: id) == ["readme.md", "deploy.prototxt"])

        #expect(try await daemon.zooctl("publish", "tiny").status == 0)
        #expect(try await zoo.localGists.fileNames(of: id) == ["readme.md", "deploy.prototxt", "train_val.prototxt"])
        // Once published it goes by itself.
        try zoo.write(TemporaryZoo.prototxt + "# more\n", to: "tiny/train_val.prototxt")
        try await eventually("the change is in the gist") {
            try await zoo.localGists.bytes(of: "train_val.prototxt", in: id).count > TemporaryZoo.prototxt.utf8.count
        }
    }
}
