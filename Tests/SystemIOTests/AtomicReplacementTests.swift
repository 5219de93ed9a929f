import Foundation
import ModelInfo
import Synchronization
import SystemPackage
import Testing

@testable import SystemIO

struct AtomicReplacementTests {
    let temporary: TemporaryDirectory
    let root: RootedDirectory
    let readme: RelativePath

    init() throws {
        temporary = try TemporaryDirectory()
        root = try temporary.rooted()
        readme = try relative("readme.md")
    }

    private func replace(_ content: String, canExchange: Bool = true) throws -> FileIdentity {
        let expected = try root.readFile(readme, limit: 1000)
        return try AtomicReplacement.replace(readme, in: root, expected: expected, with: Array(content.utf8), canExchange: canExchange)
    }

    @Test(arguments: [true, false]) func `new content keeps owner, group, mode, ACL and attributes`(canExchange: Bool) throws {
        try temporary.write("old", to: "readme.md")
        try #require(unsafe chown(temporary.path + "/readme.md", 1234, 2345) == 0)
        let acl = TemporaryDirectory.acl(user: 777, permissions: 4)
        try temporary.setAttribute("system.posix_acl_access", to: acl, of: "readme.md")
        try temporary.setAttribute("user.note", to: [1, 2, 3], of: "readme.md")
        // What the directory gives to new files must not creep in.
        try temporary.setAttribute("system.posix_acl_default", to: TemporaryDirectory.acl(user: 888, permissions: 6), of: "")
        let before = try #require(try root.status(of: readme)).identity

        let after = try replace("new content", canExchange: canExchange)

        #expect(try temporary.text("readme.md") == "new content")
        #expect(after == (try root.status(of: readme)?.identity))
        #expect((after.owner, after.group, after.mode) == (1234, 2345, before.mode))
        #expect(try temporary.attribute("system.posix_acl_access", of: "readme.md") == acl)
        #expect(try temporary.attribute("user.note", of: "readme.md") == [1, 2, 3])
        #expect(try temporary.names() == ["readme.md"], "nothing staged is left")
    }

    @Test func `a directory's default ACL does not reach a file that had none`() throws {
        try temporary.write("old", to: "readme.md")
        try temporary.setMode(0o640, of: "readme.md")
        try temporary.setAttribute("system.posix_acl_default", to: TemporaryDirectory.acl(user: 888, permissions: 6), of: "")
        #expect(try replace("new").mode == 0o640)
        #expect(try temporary.attribute("system.posix_acl_access", of: "readme.md") == nil)
    }

    @Test(arguments: [true, false]) func `a file that was saved since it was read stays as it is`(canExchange: Bool) throws {
        try temporary.write("old", to: "readme.md")
        let expected = try root.readFile(readme, limit: 100)
        for save in ["rename", "in place"] {
            if save == "rename" {
                try temporary.write("old", to: "other")
                try root.rename(relative("other"), to: readme)
            } else {
                try root.open(readme, .write).write("OLD".utf8, at: 0)
            }
            #expect(throws: ReplacementFailure.changedMeanwhile) {
                try AtomicReplacement.replace(readme, in: root, expected: expected, with: [1], canExchange: canExchange)
            }
        }
        #expect(try temporary.text("readme.md") == "OLD")
        #expect(try temporary.names() == ["readme.md"])
    }

    @Test func `a file that somebody is writing to is left alone`() throws {
        try temporary.write("old", to: "readme.md")
        let editor = try root.open(readme, .write)
        #expect(throws: ReplacementFailure.changedMeanwhile) { try replace("new") }
        #expect(try temporary.text("readme.md") == "old")
        try editor.close()
        #expect(throws: Never.self) { try replace("new") }
    }

    @Test func `what was saved between the staging and the exchange is put back`() throws {
        try temporary.write("old", to: "readme.md")
        let edit = FileEdit(name: readme, staged: try relative(".staged"), directory: root, expected: try root.readFile(readme, limit: 100))
        let new = try edit.stage(Array("new".utf8))
        try temporary.write("saved", to: "other")
        try root.rename(relative("other"), to: readme)
        #expect(throws: ReplacementFailure.changedMeanwhile) { try edit.swap(to: new, canExchange: true) }
        #expect(try temporary.text("readme.md") == "saved")
        edit.removeStaged(ifStill: new)
        #expect(try temporary.names() == ["readme.md"])
    }

    @Test func `a file that was deleted meanwhile does not come back with our content`() throws {
        try temporary.write("old", to: "readme.md")
        let edit = FileEdit(name: readme, staged: try relative(".staged"), directory: root, expected: try root.readFile(readme, limit: 100))
        let new = try edit.stage(Array("new".utf8))
        try root.remove(readme)
        #expect(throws: ReplacementFailure.changedMeanwhile) { try edit.swap(to: new, canExchange: true) }
        #expect(try root.status(of: readme) == nil)
    }

    @Test func `nothing that is saved while edits run is lost`() throws {
        try temporary.write("0", to: "readme.md")
        let isDone = Atomic(false)
        let (root, readme) = (root, readme)
        let finished = DispatchSemaphore(value: 0)
        let editCount = Atomic(0)
        let editor = Thread {
            while !isDone.load(ordering: .relaxed) {
                guard let expected = try? root.readFile(readme, limit: 100) else { continue }
                let number = expected.bytes.prefix { $0 != UInt8(ascii: "+") }
                do {
                    _ = try AtomicReplacement.replace(readme, in: root, expected: expected, with: number + [UInt8(ascii: "+")])
                    editCount.add(1, ordering: .relaxed)
                } catch ReplacementFailure.changedMeanwhile {
                    continue
                } catch {
                    Issue.record(error)
                }
            }
            finished.signal()
        }
        editor.start()
        let deadline = Date.now + 20
        var saved = 0
        while saved < 400 || (editCount.load(ordering: .relaxed) < 3 && Date.now < deadline) {
            saved += 1
            try temporary.write("\(saved)", to: "save")
            try root.rename(relative("save"), to: readme)
        }
        isDone.store(true, ordering: .relaxed)
        finished.wait()
        #expect(try temporary.text("readme.md").prefix { $0 != "+" } == "\(saved)")
        #expect(editCount.load(ordering: .relaxed) >= 3)
    }

    @Test func `a file with a second hard link is refused, saying so`() throws {
        try temporary.write("old", to: "readme.md")
        try root.link(readme, to: relative("second"))
        #expect(throws: ReplacementFailure.notKept("readme.md has 2 hard links")) { try replace("new") }
        #expect(try temporary.text("second") == "old")
    }

    @Test func `an owner that cannot be kept refuses the edit`() async throws {
        try temporary.write("old", to: "readme.md")
        try temporary.setMode(0o777)
        await #expect(processExitsWith: .success) { [path = temporary.path as String] in
            becomeNobody()
            let (root, readme) = (try RootedDirectory(at: FilePath(path)), try relative("readme.md"))
            let expected = try root.readFile(readme, limit: 100)
            do {
                _ = try AtomicReplacement.replace(readme, in: root, expected: expected, with: [1])
                exit(1)
            } catch ReplacementFailure.notKept(let why) {
                exit(why.contains("chown") && why.contains("EPERM") ? 0 : 2)
            }
        }
        #expect(try temporary.text("readme.md") == "old")
        #expect(try temporary.names() == ["readme.md"])
    }

    @Test(arguments: ["edit.staged", "edit.exchanged", "edit.compared", "edit.removed", "edit.synced"])
    func `a kill at any step leaves the old or the new content, whole`(point: String) async throws {
        try temporary.write("old", to: "readme.md")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = temporary.path as String, point = point as String] in
            setEnvironment("INVOCATION_ID", nil)
            setEnvironment("ZOOD_CRASH_AT", point)
            let (root, readme) = (try RootedDirectory(at: FilePath(path)), try relative("readme.md"))
            _ = try AtomicReplacement.replace(readme, in: root, expected: root.readFile(readme, limit: 100), with: Array("new".utf8))
        }
        #expect(try temporary.text("readme.md") == (point == "edit.staged" ? "old" : "new"))
        let leftovers = try AtomicReplacement.leftovers(in: root).map(\.description)
        #expect(
            try leftovers.map(temporary.text)
                == ["edit.staged": ["new"], "edit.exchanged": ["old"], "edit.compared": ["old"]][point, default: []])
        #expect(try temporary.names().filter { $0 != "readme.md" } == leftovers)
    }

    @Test func `a new file has all of its content and rights, and never replaces one`() throws {
        try temporary.setAttribute("system.posix_acl_default", to: TemporaryDirectory.acl(user: 888, permissions: 6), of: "")
        let made = try AtomicReplacement.create(readme, in: root, content: Array("first".utf8), permissions: 0o664)
        #expect(made == (try root.status(of: readme)?.identity))
        #expect(made.mode == 0o664)
        #expect(try temporary.attribute("system.posix_acl_access", of: "readme.md") != nil, "the directory's default ACL")
        #expect(throws: ReplacementFailure.exists) {
            try AtomicReplacement.create(readme, in: root, content: Array("second".utf8), permissions: 0o664)
        }
        #expect(try temporary.text("readme.md") == "first")
        #expect(try temporary.names() == ["readme.md"])
    }

    @Test(arguments: ["create.staged", "create.renamed", "create.synced"])
    func `a kill while a file is created leaves none or the whole one`(point: String) async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = temporary.path as String, point = point as String] in
            setEnvironment("INVOCATION_ID", nil)
            setEnvironment("ZOOD_CRASH_AT", point)
            let root = try RootedDirectory(at: FilePath(path))
            _ = try AtomicReplacement.create(relative("readme.md"), in: root, content: Array("whole".utf8), permissions: 0o644)
        }
        let names = try temporary.names().filter { !$0.hasPrefix(".") }
        #expect(names == (point == "create.staged" ? [] : ["readme.md"]))
        #expect(try names.allSatisfy { try temporary.text($0) == "whole" })
    }
}
