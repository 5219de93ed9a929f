import ControlProtocol
import Foundation
import Testing

@testable import zooctl

struct LocalModelEditTests {
    @Test func `of edits nothing is written when somebody saved meanwhile, and nothing that is not the user's`() throws {
        let root = try OfflineDirectories(["readme.md": "old\n", "a.prototxt": "a\n", "done.prototxt": "new\n"])
        defer { root.remove() }
        let model = try LocalModel(root.root.path)
        func edit(_ file: String, _ old: String?, _ new: String) -> OwnersEdit {
            OwnersEdit(file: file, old: old, new: new, mode: "0640")
        }
        let whole = [edit("done.prototxt", "old\n", "new\n"), edit("new.prototxt", nil, "new\n"), edit("readme.md", "old\n", "new\n")]
        for broken in [edit("a.prototxt", "other\n", "new\n"), edit("gone.prototxt", "old\n", "new\n"), edit("a.prototxt", nil, "new\n")] {
            let error = #expect(throws: ControlError.self) { _ = try model.write(whole + [broken]) }
            #expect(error?.code == .conflict)
            #expect(root.text("readme.md") == "old\n" && root.text("new.prototxt") == nil)
        }
        for name in ["../readme.md", "a/b", "/etc/passwd", "..", ""] {
            #expect(throws: ControlError.self, "\(name)") { _ = try model.write([edit(name, nil, "new\n")]) }
        }
        #expect(try model.write(whole) == ["new.prototxt", "readme.md"])
        #expect(root.text("readme.md") == "new\n" && root.text("new.prototxt") == "new\n" && root.text("a.prototxt") == "a\n")
        let mode = try FileManager.default.attributesOfItem(atPath: root.root.appending(path: "new.prototxt").path)[.posixPermissions]
        #expect(mode as? Int == 0o640)

        // As root, which may write anything.
        let others = root.root.appending(path: "a.prototxt").path
        try FileManager.default.setAttributes([.ownerAccountID: 4712], ofItemAtPath: others)
        try FileManager.default.setAttributes([.ownerAccountID: 4712], ofItemAtPath: root.root.path)
        #expect(try model.write([edit("a.prototxt", "a\n", "b\n"), edit("c.prototxt", nil, "c\n")]).isEmpty)
        #expect(root.text("a.prototxt") == "a\n" && root.text("c.prototxt") == nil)
    }
}
