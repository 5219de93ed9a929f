import Foundation
import ModelInfo
import SystemPackage
import Testing

@testable import SystemIO

struct FinishedFileTests {
    let temporary: TemporaryDirectory
    let staging: RootedDirectory
    let model: RootedDirectory
    let name: RelativePath

    init() throws {
        temporary = try TemporaryDirectory()
        try temporary.makeDirectory(".zood")
        try temporary.makeDirectory("model")
        staging = try temporary.rooted().directory(relative(".zood"))
        model = try temporary.rooted().directory(relative("model"))
        name = try relative("net.caffemodel")
    }

    private func finished(_ text: String, in directory: RootedDirectory? = nil) throws -> FinishedFile {
        let staged = try relative("staged")
        let file = try (directory ?? staging).open(staged, .readWrite, creating: .mustBeNew)
        try file.write(Array(text.utf8), at: 0)
        try file.sync()
        return FinishedFile(staged, in: directory ?? staging, verified: try file.status().identity)
    }

    @Test func `a finished file gets the group, the default ACL and the mode that belong there`() throws {
        try #require(unsafe chown(temporary.path + "/model", 0, 4321) == 0)
        let acl = TemporaryDirectory.acl(user: 888, permissions: 6)
        try temporary.setAttribute("system.posix_acl_default", to: acl, of: "model")
        let file = try finished("weights")
        let placed = try file.place(as: name, in: model, mode: 0o444)
        #expect(placed.isSameFile(as: file.verified))
        #expect(placed == (try model.status(of: name)?.identity))
        #expect((placed.owner, placed.group, placed.mode) == (getuid(), 4321, 0o444))
        let effective = try #require(try temporary.attribute("system.posix_acl_access", of: "model/net.caffemodel"))
        #expect(effective.count == acl.count && effective[4..<20].dropFirst(8).elementsEqual(acl[12..<20]), "the named user is in it")
        #expect(try temporary.names(in: ".zood").isEmpty)
    }

    @Test func `where a rename takes no rules, a free name is given all the same, and a taken one is said to be`() throws {
        let file = try finished("weights")
        #expect(try file.place(as: name, in: model, mode: 0o444, .refuse, knowsRules: false).isSameFile(as: file.verified))
        #expect(try model.status(of: name)?.identity.links == 1)
        let second = try finished("other")
        #expect(throws: PlacementFailure.exists) { try second.place(as: name, in: model, mode: 0o444, .refuse, knowsRules: false) }
        do {
            _ = try second.place(as: name, in: model, mode: 0o444, .exchange, knowsRules: false)
            Issue.record("nothing was exchanged")
        } catch {
            guard case .cannotExchange = error else { throw error }
        }
        #expect(try model.readFile(name, limit: 100).bytes == Array("weights".utf8))
    }

    @Test func `an ACL of the staging directory does not come along`() throws {
        try temporary.setAttribute("system.posix_acl_default", to: TemporaryDirectory.acl(user: 888, permissions: 6), of: ".zood")
        #expect(try finished("weights").place(as: name, in: model, mode: 0o444).mode == 0o444)
        #expect(try temporary.attribute("system.posix_acl_access", of: "model/net.caffemodel") == nil)
    }

    @Test func `only the file that was verified gets the name`() throws {
        let file = try finished("weights")
        try temporary.write("something else", to: "swapped")
        try temporary.rooted().rename(relative("swapped"), to: relative("staged"), in: staging)
        #expect(throws: PlacementFailure.notTheVerifiedFile) { try file.place(as: name, in: model, mode: 0o444) }
        #expect(try model.status(of: name) == nil)
        try staging.remove(file.staged)
        #expect(throws: PlacementFailure.notTheVerifiedFile) { try file.place(as: name, in: model, mode: 0o444) }
    }

    @Test func `a file that was written to after it was verified is refused`() throws {
        let file = try finished("weights")
        // One byte more, so that no clock's resolution matters.
        try staging.open(file.staged, .write).write([1], at: 7)
        #expect(throws: PlacementFailure.notTheVerifiedFile) { try file.place(as: name, in: model, mode: 0o444) }
    }

    @Test func `the old file is replaced, refused or exchanged as asked`() throws {
        try temporary.write("good old", to: "model/net.caffemodel")
        let file = try finished("weights")
        #expect(throws: PlacementFailure.exists) { try file.place(as: name, in: model, mode: 0o444, .refuse) }
        #expect(try temporary.text("model/net.caffemodel") == "good old")
        _ = try file.place(as: name, in: model, mode: 0o444, .exchange)
        #expect(try temporary.text("model/net.caffemodel") == "weights")
        #expect(try temporary.text(".zood/staged") == "good old")
        let old = FinishedFile(file.staged, in: staging, verified: try #require(try staging.status(of: file.staged)).identity)
        _ = try old.place(as: name, in: model, mode: 0o444)
        #expect(try temporary.text("model/net.caffemodel") == "good old")
    }

    @Test func `another file system or a foreign group asks for staging in the target`() async throws {
        let elsewhere = try RootedDirectory(at: "/dev/shm")
        let hidden = try relative(".zood-test-" + SystemRandom.hex(byteCount: 8))
        let file = try elsewhere.open(hidden, .readWrite, creating: .mustBeNew)
        defer { try? elsewhere.remove(hidden) }
        let foreign = FinishedFile(hidden, in: elsewhere, verified: try file.status().identity)
        guard
            case .stageInTarget(let error) = #expect(
                throws: PlacementFailure.self, performing: { try foreign.place(as: name, in: model, mode: 0o444) })
        else { return #expect(Bool(false), "not told to stage in the target") }
        #expect(error.errno == EXDEV)

        try temporary.setMode(0o755)
        try temporary.setMode(0o777, of: ".zood")
        try temporary.setMode(0o777, of: "model")
        await #expect(processExitsWith: .success) { [path = temporary.path as String] in
            becomeNobody()
            let root = try RootedDirectory(at: FilePath(path))
            let (staging, model) = (try root.directory(relative(".zood")), try root.directory(relative("model")))
            let (staged, name) = (try relative("staged"), try relative("net.caffemodel"))
            let file = try staging.open(staged, .readWrite, creating: .mustBeNew)
            let finished = FinishedFile(staged, in: staging, verified: try file.status().identity)
            do {
                _ = try finished.place(as: name, in: model, mode: 0o444)
                exit(1)
            } catch PlacementFailure.stageInTarget(let error) where error.errno == EPERM {}
            // Staged there, it keeps the group that it was made with.
            let beside = try model.open(staged, .readWrite, creating: .mustBeNew)
            let placed = try FinishedFile(staged, in: model, verified: beside.status().identity).place(as: name, in: model, mode: 0o444)
            exit(placed.group == 65534 && placed.mode == 0o444 ? 0 : 2)
        }
    }

    @Test(arguments: ["place.prepared", "place.renamed", "place.synced"])
    func `a kill at any step leaves the old file or the verified one`(point: String) async throws {
        try temporary.write("good old", to: "model/net.caffemodel")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = temporary.path as String, point = point as String] in
            setEnvironment("INVOCATION_ID", nil)
            setEnvironment("ZOOD_CRASH_AT", point)
            let root = try RootedDirectory(at: FilePath(path))
            let staging = try root.directory(relative(".zood"))
            let file = try staging.open(relative("staged"), .readWrite, creating: .mustBeNew)
            try file.write("verified".utf8, at: 0)
            let finished = FinishedFile(try relative("staged"), in: staging, verified: try file.status().identity)
            _ = try finished.place(as: relative("net.caffemodel"), in: root.directory(relative("model")), mode: 0o444)
        }
        #expect(try temporary.text("model/net.caffemodel") == (point == "place.prepared" ? "good old" : "verified"))
    }
}
