import Foundation
import ModelInfo
import SystemIO
import SystemPackage
import Testing

struct ModelDirectoryTests {
    let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    private func snapshot(fileLimit: Int = 1000, readBinaries: Bool = false) throws -> DirectorySnapshot {
        try ModelDirectory.snapshot(of: temporary.rooted(), fileLimit: fileLimit, readBinaries: readBinaries)
    }

    @Test func `text files are read, binaries and hidden files are only seen`() throws {
        try temporary.write("---\n", to: "readme.md")
        try temporary.write("weights", to: "net.CaffeModel.gz")
        try temporary.write("swap", to: ".readme.md.swp")
        try temporary.makeDirectory("sub")
        let seen = try snapshot()
        #expect(seen.entries.map(\.name.description) == [".readme.md.swp", "net.CaffeModel.gz", "readme.md", "sub"])
        #expect(seen["readme.md"]?.content == .bytes(Array("---\n".utf8)))
        #expect(seen["net.CaffeModel.gz"]?.content == .notRead)
        #expect(seen["net.CaffeModel.gz"]?.identity.size == 7)
        #expect(seen[".readme.md.swp"]?.content == .notRead)
        #expect(seen["sub"]?.kind == .directory)
        #expect(try snapshot(readBinaries: true)["net.CaffeModel.gz"]?.content == .bytes(Array("weights".utf8)))
    }

    @Test func `a file is hidden by its first byte, whatever combines with it`() throws {
        try temporary.write("secret", to: ".\u{301}secret.txt")
        #expect(try snapshot()[".\u{301}secret.txt"]?.content == .notRead)
    }

    @Test func `a readme that is a FIFO or a link is seen, never opened`() async throws {
        try temporary.makeFIFO("readme.md")
        try temporary.link("solver.prototxt", to: "/etc/passwd")
        await #expect(processExitsWith: .success) { [path = temporary.path as String] in
            alarm(20)
            let seen = try ModelDirectory.snapshot(of: RootedDirectory(at: FilePath(path)))
            #expect(seen["readme.md"]?.kind == .other)
            #expect(seen["readme.md"]?.content == .notRead)
            #expect(seen["solver.prototxt"]?.kind == .link)
            #expect(seen["solver.prototxt"]?.content == .notRead)
            #expect(seen["solver.prototxt"]?.linkTarget == "/etc/passwd")
        }
    }

    @Test func `a huge readme is too large and not read`() throws {
        try temporary.rooted().open(relative("readme.md"), .write, creating: .mustBeNew).truncate(to: 1 << 30)
        let start = ContinuousClock.now
        #expect(try snapshot(fileLimit: 1 << 20)["readme.md"]?.content == .tooLarge)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func `a directory full of large files is read up to a bound, the small ones first`() throws {
        let root = try temporary.rooted()
        for number in 0..<9 { try root.open(relative("\(number).csv"), .write, creating: .mustBeNew).truncate(to: 10 << 20) }
        try temporary.write("small", to: "readme.md")
        let seen = try snapshot(fileLimit: 16 << 20)
        #expect(seen["readme.md"]?.content == .bytes(Array("small".utf8)))
        let read = seen.entries.count { if case .bytes = $0.content { true } else { false } }
        #expect(read == 7, "the readme and six files of 10 MiB; 64 MiB are the bound")
        let refused = seen.entries.count { if case .unreadable(let why) = $0.content { why.contains("64 MiB") } else { false } }
        #expect(refused == 3)
    }

    @Test func `unreadable is not absent`() async throws {
        try temporary.write("secret", to: "readme.md")
        try temporary.write("open", to: "train.prototxt")
        try temporary.setMode(0o600, of: "readme.md")
        try temporary.setMode(0o755)
        await #expect(processExitsWith: .success) { [path = temporary.path as String] in
            becomeNobody()
            let seen = try ModelDirectory.snapshot(of: RootedDirectory(at: FilePath(path)))
            let readme = seen["readme.md"]?.content == .unreadable("Permission denied (EACCES)")
            exit(readme && seen["train.prototxt"]?.content == .bytes(Array("open".utf8)) ? 0 : 1)
        }
    }

    @Test func `a directory whose names cannot be looked at is an error, not empty`() async throws {
        try temporary.write("x", to: "readme.md")
        // May be listed, may not be entered.
        try temporary.setMode(0o744)
        await #expect(processExitsWith: .success) { [path = temporary.path as String] in
            becomeNobody()
            let failed = errnoOf { _ = try ModelDirectory.snapshot(of: RootedDirectory(at: FilePath(path))) }
            exit(failed == EACCES ? 0 : 1)
        }
    }

    @Test func `the identity is that of the file the bytes came from`() throws {
        try temporary.write("x", to: "readme.md")
        try temporary.setMode(0o604, of: "readme.md")
        let seen = try #require(try snapshot()["readme.md"])
        #expect(seen.identity == (try temporary.rooted().status(of: relative("readme.md"))?.identity))
        #expect(seen.identity.mode == 0o604)
    }
}
