import Foundation
import ModelInfo
import Testing
import ZooTestSupport

/// A lab where zood itself writes into readmes that belong to people, and is killed while it does.
@Suite struct InPlaceEditCrashTests {
    /// - Parameter cut: What a kill in the middle of the write leaves: so many bytes of the new file, then the old one.
    @Test(arguments: [("inplace.journalled", nil), ("inplace.journalled", 20), ("inplace.torn", nil), ("inplace.written", nil)])
    func `killed while it edits somebody's file in place, zood finishes that edit and nothing is lost`(point: String, cut: Int?)
        async throws
    {
        let zoo = try TemporaryZoo()
        let daemonUser = ProcessIdentity(uid: 4711)
        try zoo.configure(TemporaryZoo.createsByItself.merging(["files": "{ edit_foreign: in-place }"]) { $1 })
        try zoo.makeModel("lenet", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        let before = try #require(try zoo.text(of: "lenet/readme.md"))
        let readme = zoo.path("lenet/readme.md").string
        try await zoo.give(to: daemonUser)
        try await ProgramRun.succeed("chown", ["--recursive", "4712:\(daemonUser.gid)", zoo.path("lenet").string])
        try await ProgramRun.succeed("chmod", ["664", readme])
        // Quiet for long enough to be written into.
        try await ProgramRun.succeed("touch", ["--date", "2 minutes ago", readme])
        let inode = try FileManager.default.attributesOfItem(atPath: readme)[.systemFileNumber] as? UInt64

        let crashing = try await RunningDaemon.start(in: zoo, crashAt: point, identity: daemonUser, within: .zero)
        #expect(try await crashing.exitStatus() == 137)
        let gist = try #require(try zoo.localGists.ids.first)
        let edited = try FrontmatterEditor.setting("gist_id", to: gist, in: Array(before.utf8)).get()
        let left = try #require(try zoo.bytes(of: "lenet/readme.md"))
        #expect(left == (point == "inplace.journalled" ? Array(before.utf8) : edited))
        if let cut {
            let place = try #require(zip(edited, left).enumerated().first { $0.element.0 != $0.element.1 }?.offset) + cut
            let handle = try FileHandle(forWritingTo: URL(filePath: readme))
            try handle.write(contentsOf: edited.prefix(place))
            try handle.close()
        }

        let daemon = try await RunningDaemon.start(in: zoo, identity: daemonUser)
        let model = try await daemon.waitUntilInSync("lenet")
        let id = try #require(model.gist.id)
        let after = try #require(try zoo.text(of: "lenet/readme.md"))
        #expect(Array(after.utf8) == edited && id.description == gist)
        let attributes = try FileManager.default.attributesOfItem(atPath: readme)
        #expect(attributes[.ownerAccountID] as? Int == 4712 && attributes[.posixPermissions] as? Int == 0o664)
        #expect(attributes[.systemFileNumber] as? UInt64 == inode)
        #expect(try zoo.localGists.ids == [id.description])
    }
}
