import Foundation
import ModelInfo
import Synchronization
import SystemIO
import SystemPackage
import Testing

struct RootedDirectoryTests {
    let temporary: TemporaryDirectory
    let root: RootedDirectory

    init() throws {
        temporary = try TemporaryDirectory()
        root = try temporary.rooted()
    }

    @Test func `a link in any part of a path is refused`() throws {
        try temporary.makeDirectory("real")
        try temporary.write("x", to: "real/file")
        try temporary.link("dir-link", to: "real")
        try temporary.link("file-link", to: "real/file")
        #expect(errnoOf { _ = try root.open(relative("dir-link/file")) } == ELOOP)
        #expect(errnoOf { _ = try root.open(relative("file-link")) } == ELOOP)
        #expect(errnoOf { _ = try root.directory(relative("dir-link")) } == ELOOP)
        #expect(errnoOf { _ = try root.open(relative("file-link"), .write) } == ELOOP)
        #expect(errnoOf { _ = try root.open(relative("dir-link/new"), .write, creating: .mustBeNew) } == ELOOP)
        #expect(errnoOf { try root.remove(relative("dir-link/file")) } == ELOOP)
        #expect(errnoOf { try root.rename(relative("real/file"), to: relative("dir-link/other")) } == ELOOP)
        #expect(errnoOf { try root.createDirectory(relative("dir-link/new"), permissions: 0o700) } == ELOOP)
        #expect(try temporary.text("real/file") == "x")
    }

    @Test func `a directory that is swapped for a link leads nowhere outside`() throws {
        let outside = try TemporaryDirectory()
        try outside.write("outside", to: "file")
        try temporary.makeDirectory("model")
        try temporary.write("inside", to: "model/file")
        try temporary.link("lure", to: outside.path)
        let (model, lure) = (try relative("model"), try relative("lure"))
        let isDone = Atomic(false)
        let swapper = root
        let thread = Thread {
            while !isDone.load(ordering: .relaxed) { try? swapper.rename(model, to: lure, .exchange) }
        }
        thread.start()
        defer { isDone.store(true, ordering: .relaxed) }

        var (reads, refusals, attempts) = (0, 0, 0)
        let deadline = Date.now + 20
        while attempts < 2000 || ((reads < 100 || refusals < 100) && Date.now < deadline) {
            attempts += 1
            do {
                #expect(try root.readFile(relative("model/file"), limit: 100).bytes == Array("inside".utf8))
                reads += 1
            } catch let error as SystemError {
                #expect(error.errno == ELOOP)
                refusals += 1
            }
            // Creating and removing must not reach outside either.
            _ = try? root.open(relative("model/made-\(attempts)"), .write, creating: .mustBeNew)
            try? root.rename(relative("model/made-\(attempts)"), to: relative("model/moved"))
        }
        #expect(reads >= 100 && refusals >= 100)
        #expect(try outside.names() == ["file"])
        #expect(try outside.text("file") == "outside")
    }

    @Test func `an opened directory stays itself when it is renamed and replaced`() throws {
        try temporary.makeDirectory("model")
        try temporary.write("mine", to: "model/file")
        let model = try root.directory(relative("model"))
        try root.rename(relative("model"), to: relative("old"))
        try temporary.makeDirectory("model")
        try temporary.write("another", to: "model/file")
        #expect(try model.readFile(relative("file"), limit: 10).bytes == Array("mine".utf8))
    }

    @Test func `only a missing name has no status`() throws {
        try temporary.write("x", to: "file")
        try temporary.link("link", to: "nowhere")
        try temporary.makeDirectory("dir")
        #expect(try root.status(of: relative("missing")) == nil)
        #expect(try root.status(of: relative("dir/missing")) == nil)
        #expect(try root.status(of: relative("file"))?.kind == .file)
        #expect(try root.status(of: relative("link"))?.kind == .link)
        #expect(try root.status(of: relative("dir"))?.kind == .directory)
        #expect(errnoOf { _ = try root.status(of: relative("file/below")) } == ENOTDIR)
        #expect(errnoOf { _ = try root.status(of: relative("link/below")) } == ELOOP)
    }

    @Test func `what may not be looked at is not missing`() async throws {
        try temporary.makeDirectory("closed")
        try temporary.write("x", to: "closed/file")
        try temporary.setMode(0o755)
        try temporary.setMode(0o700, of: "closed")
        await #expect(processExitsWith: .success) { [path = temporary.path as String] in
            becomeNobody()
            let root = try RootedDirectory(at: FilePath(path))
            let denied = errnoOf { _ = try root.status(of: relative("closed/file")) }
            let deniedListing = errnoOf { _ = try root.directory(relative("closed")) }
            exit(denied == EACCES && deniedListing == EACCES ? 0 : 1)
        }
    }

    @Test func `status tells inode, size, times, rights and links`() throws {
        try temporary.write("12345", to: "file")
        try temporary.setMode(0o640, of: "file")
        try root.link(relative("file"), to: relative("second"))
        let found = try #require(try root.status(of: relative("file"))).identity
        #expect(found == (try root.status(of: relative("second"))?.identity))
        #expect(found.size == 5 && found.mode == 0o640 && found.links == 2 && found.owner == getuid())
        #expect(abs(Double(found.modified) / 1e9 - Date.now.timeIntervalSince1970) < 60)
    }

    @Test func `a FIFO or a directory in a file's place is refused and does not block`() async throws {
        try temporary.makeFIFO("fifo")
        try temporary.makeDirectory("dir")
        #expect(errnoOf { _ = try root.open(relative("dir")) } == EISDIR)
        await #expect(processExitsWith: .success) { [path = temporary.path as String] in
            alarm(20)
            let root = try RootedDirectory(at: FilePath(path))
            #expect(errnoOf { _ = try root.open(relative("fifo")) } == EINVAL)
            #expect(errnoOf { _ = try root.readFile(relative("fifo"), limit: 10) } == EINVAL)
            #expect(errnoOf { _ = try root.open(relative("fifo"), .write) } == ENXIO)
        }
    }

    @Test func `a file is read up to its limit and never beyond`() throws {
        try temporary.write("12345", to: "file")
        #expect(try root.readFile(relative("file"), limit: 5).bytes.count == 5)
        #expect(errnoOf { _ = try root.readFile(relative("file"), limit: 4) } == EFBIG)
        // A sparse GiB: reading it would take seconds, asking for its size does not.
        try root.open(relative("huge"), .write, creating: .mustBeNew).truncate(to: 1 << 30)
        let start = ContinuousClock.now
        #expect(errnoOf { _ = try root.readFile(relative("huge"), limit: 1 << 20) } == EFBIG)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func `a growing file is never read beyond the limit`() throws {
        let file = try root.open(relative("file"), .write, creating: .mustBeNew)
        let isDone = Atomic(false)
        nonisolated(unsafe) var size: Int64 = 0
        let descriptor = Mutex(try file.duplicate())
        let thread = Thread {
            while !isDone.load(ordering: .relaxed) {
                unsafe size = (unsafe size + 997) % 20000
                let next = unsafe size
                descriptor.withLock { try? $0.truncate(to: next) }
            }
        }
        thread.start()
        defer { isDone.store(true, ordering: .relaxed) }
        for _ in 0..<2000 {
            do {
                #expect(try root.readFile(relative("file"), limit: 10000).bytes.count <= 10000)
            } catch let error as SystemError {
                #expect(error.errno == EFBIG)
            }
        }
    }

    @Test func `created files and directories have exactly the permissions asked for`() throws {
        _ = try root.open(relative("file"), .write, creating: .mustBeNew, permissions: 0o666)
        #expect(try root.status(of: relative("file"))?.identity.mode == 0o666)
        try temporary.setMode(0o2755)
        try root.createDirectory(relative("dir"), permissions: 0o777)
        #expect(try root.status(of: relative("dir"))?.identity.mode == 0o2777)
        #expect(errnoOf { _ = try root.open(relative("file"), .write, creating: .mustBeNew) } == EEXIST)
        #expect(errnoOf { _ = try root.open(relative("none"), .write) } == ENOENT)
    }

    @Test func `the three rules of a rename`() throws {
        try temporary.write("a", to: "a")
        try temporary.write("b", to: "b")
        #expect(errnoOf { try root.rename(relative("a"), to: relative("b"), .refuse) } == EEXIST)
        try root.rename(relative("a"), to: relative("b"), .exchange)
        #expect(try temporary.text("a") == "b" && temporary.text("b") == "a")
        try temporary.makeDirectory("dir")
        try root.rename(relative("a"), to: relative("c"), in: root.directory(relative("dir")))
        #expect(try temporary.text("dir/c") == "b")
        try root.rename(relative("dir/c"), to: relative("b"))
        #expect(try temporary.text("b") == "b" && temporary.names() == ["b", "dir"])
        try root.removeDirectory(relative("dir"))
        try root.remove(relative("b"))
        #expect(try temporary.names().isEmpty)
    }

    @Test func `a listing counts names that are not UTF-8 and knows links`() throws {
        try temporary.write("x", to: "file")
        try temporary.makeDirectory("dir")
        try temporary.link("link", to: "dir")
        try temporary.makeFIFO("fifo")
        try temporary.write("x", to: ".hidden")
        let raw = Array(temporary.path.utf8CString.dropLast()) + [0x2f, -1, -2, 0]
        close(unsafe open(raw, O_CREAT | O_WRONLY, 0o600))
        let listing = try root.entries()
        #expect(listing.unreadableNames == 1)
        let kinds = Dictionary(uniqueKeysWithValues: listing.entries.map { ($0.name.description, $0.kind) })
        #expect(kinds == ["file": .file, "dir": .directory, "link": .link, "fifo": .other, ".hidden": .file])
        #expect(try root.entries() == listing, "a second listing begins anew")
        #expect(try root.linkTarget(of: relative("link")) == "dir")
        #expect(errnoOf { _ = try root.linkTarget(of: relative("file")) } == EINVAL)
    }

    @Test func `other file systems are entered only when asked`() throws {
        #expect(throws: Never.self) { try RootedDirectory(at: "/").directory(relative("proc")) }
        #expect(errnoOf { _ = try RootedDirectory(at: "/", crossesMounts: false).directory(relative("proc")) } == EXDEV)
    }

    @Test func `an error says what was done to what and why`() throws {
        let error = #expect(throws: SystemError.self) { _ = try root.open(relative("none")) }
        #expect(error?.description == "open \(temporary.path)/none: No such file or directory (ENOENT)")
        #expect(SystemError(errno: 99999, operation: "stat", path: "").description == "stat: error 99999")
    }
}
