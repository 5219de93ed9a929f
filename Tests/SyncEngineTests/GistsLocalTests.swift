import Foundation
import ModelInfo
import SystemPackage
import Testing

@testable import SyncEngine

/// What only the local host has: repositories on disk that people and kills reach.
@Suite struct GistsLocalTests {
    private func withHost(_ body: (LocalGistHost, FilePath) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("gists")
            try await body(LocalGistHost(directory: path), path)
        }
    }

    @discardableResult
    private func git(_ arguments: [String], in repository: String, input: String = "") throws -> String {
        String(decoding: try GitProgram().run(arguments, in: FilePath(repository), input: Array(input.utf8)), as: UTF8.self)
    }

    private func mode(_ path: FilePath) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions] as? Int
    }

    @Test func `nobody else can look into the repositories`() async throws {
        try await withHost { host, path in
            let made = try await host.create(.model)
            #expect(try mode(path) == 0o700)
            #expect(try mode(FilePath(made.url)) == 0o700)
        }
    }

    @Test func `a gist is a bare repository that any git reads, with one commit a revision and sound objects`() async throws {
        try await withHost { host, path in
            let made = try await host.create(.model)
            let changed = try await host.update(made.id, GistChange(files: ["readme.md": "new\n"]))
            #expect(made.url == path.appending("\(made.id).git").string)
            let log = try git(["log", "--format=%H %an %s", "main"], in: made.url).split(separator: "\n")
            #expect(log == ["\(changed.revision!) zood Change readme.md", "\(made.revision!) zood Create the gist"])
            #expect(try git(["show", "main:readme.md"], in: made.url) == "new\n")
            #expect(try git(["symbolic-ref", "HEAD"], in: made.url) == "refs/heads/main\n")
            try git(["fsck", "--strict"], in: made.url)
        }
    }

    @Test func `what a person commits is the newest revision, under the description it had`() async throws {
        try await withHost { host, _ in
            let made = try await host.create(.model)
            let stream = """
                commit refs/heads/main
                committer A Person <person@example.org> \(Int(Date().timeIntervalSince1970)) +0100
                data 6
                byhand
                from \(made.revision!)
                M 100644 inline readme.md
                data 4
                mine
                M 120000 inline link
                data 9
                readme.md
                M 100644 inline sub/file.txt
                data 1
                x

                """
            try git(["fast-import", "--quiet", "--date-format=raw"], in: made.url, input: stream)
            let read = try await host.read(made.id)
            #expect(read.revision != made.revision)
            #expect(read.files["readme.md"] == "mine")
            #expect(read.description == made.description)
            #expect(read.notText == ["link", "sub"])
            let changed = try await host.update(made.id, GistChange(files: ["readme.md": "ours"]))
            #expect(changed.notText == ["link", "sub"])
            #expect(try await host.read(made.id) == changed)
        }
    }

    @Test func `bytes that are no text are named and kept`() async throws {
        try await withHost { host, _ in
            let made = try await host.create(.model)
            var stream = Array("commit refs/heads/main\ncommitter P <p@x> 1700000000 +0000\ndata 0\nfrom \(made.revision!)\n".utf8)
            stream += Array("M 100644 inline weights.bin\ndata 3\n".utf8) + [0xff, 0xfe, 0x00] + Array("\n".utf8)
            _ = try GitProgram().run(["fast-import", "--quiet"], in: FilePath(made.url), input: stream)
            #expect(try await host.read(made.id).notText == ["weights.bin"])
            let changed = try await host.update(made.id, GistChange(files: ["readme.md": "x"]))
            #expect(changed.notText == ["weights.bin"])
            #expect(try git(["cat-file", "-s", "main:weights.bin"], in: made.url) == "3\n")
        }
    }

    @Test func `a damaged repository fails with the command that shows the damage, and the others go on`() async throws {
        try await withHost { host, path in
            let damaged = try await host.create(.model)
            let sound = try await host.create(.model)
            let branch = path.appending("\(damaged.id).git/refs/heads/main").string
            try Data("0123456789012345678901234567890123456789\n".utf8).write(to: URL(fileURLWithPath: branch))
            let reason = await failure { try await host.read(damaged.id) }
            #expect(reason?.kind == "nonsense")
            #expect(reason?.text.contains("--git-dir=\(damaged.url) fsck") == true)
            #expect(await failure { try await host.update(damaged.id, GistChange(files: ["a": "b"])) }?.kind == "nonsense")
            #expect(try await host.own(since: .distantPast).map(\.id) == [sound.id])
            #expect(try await host.read(sound.id) == sound)
        }
    }

    @Test func `objects with flipped bytes are damage, not content`() async throws {
        try await withHost { host, _ in
            let made = try await host.create(.model)
            let packs = URL(fileURLWithPath: made.url + "/objects/pack")
            let files = try FileManager.default.contentsOfDirectory(at: packs, includingPropertiesForKeys: nil)
            let pack = try #require(files.first { $0.pathExtension == "pack" })
            var bytes = try Data(contentsOf: pack)
            for index in 20..<(bytes.count - 20) { bytes[index] ^= 0x55 }
            try FileManager.default.removeItem(at: pack)
            try bytes.write(to: pack)
            #expect(await failure { try await host.read(made.id) }?.kind == "nonsense")
        }
    }

    @Test func `many revisions are put into one pack, and none is lost`() async throws {
        try await withTemporaryDirectory { directory in
            let host = try LocalGistHost(directory: directory.appending("gists"), git: GitProgram(), packLimit: 3)
            let made = try await host.create(.model)
            for number in 0..<4 { _ = try await host.update(made.id, GistChange(files: ["readme.md": "\(number)\n"])) }
            let files = try FileManager.default.contentsOfDirectory(atPath: made.url + "/objects/pack")
            #expect(files.filter { $0.hasSuffix(".pack") }.count < 4)
            #expect(try git(["rev-list", "--count", "main"], in: made.url) == "5\n")
            #expect(try git(["show", "main~3:readme.md"], in: made.url) == "0\n")
            #expect(try await host.read(made.id).files["readme.md"] == "3\n")
            try git(["fsck", "--strict"], in: made.url)
        }
    }

    @Test func `what a kill left half made is cleared away at the next start and was never a gist`() async throws {
        try await withHost { host, path in
            let made = try await host.create(.model)
            let half = path.appending(".creating-local-0123456789abcdef0123456789abcdef/objects").string
            let dying = path.appending(".deleting-local-0123456789abcdef0123456789abcdef-00112233/refs/heads").string
            for directory in [half, dying] { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) }
            #expect(try await host.own(since: .distantPast).map(\.id) == [made.id])
            let again = try LocalGistHost(directory: path)
            #expect(try FileManager.default.contentsOfDirectory(atPath: path.string) == ["\(made.id).git"])
            #expect(try await again.read(made.id) == made)
        }
    }

    @Test func `a lock that a power cut left behind does not stop revisions for ever, a fresh one is waited for`() async throws {
        try await withHost { host, path in
            let made = try await host.create(.model)
            let lock = path.appending("\(made.id).git/refs/heads/main.lock").string
            try Data().write(to: URL(fileURLWithPath: lock))
            #expect(await failure { try await host.update(made.id, GistChange(files: ["a": "b"])) }?.kind == "unavailable")
            #expect(try await host.read(made.id) == made)
            try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: lock)
            #expect(try await host.update(made.id, GistChange(files: ["a": "b"])).files["a"] == "b")
        }
    }

    @Test func `without git the message says what to install`() async throws {
        try await withTemporaryDirectory { directory in
            let host = try LocalGistHost(directory: directory.appending("gists"), git: GitProgram(program: "git-that-is-not-there"))
            for reason in [
                await failure { try await host.create(.model) },
                await failure { try await host.account() },
            ] {
                #expect(reason?.kind == "unavailable")
                #expect(reason?.text.contains("apt install git") == true)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.appending("gists").string).isEmpty)
        }
    }

    @Test func `an id of GitHub is not looked for here`() async throws {
        try await withHost { host, _ in
            let id = GistID(bare: "034c6ac3865563b69e60")!
            #expect(await failure { try await host.read(id) }?.kind == "notFound")
        }
    }

    @Test func `hooks and configuration of the machine do not reach git`() async throws {
        try await withHost { host, _ in
            let made = try await host.create(.model)
            let marker = made.url + "/hook-ran"
            let hooks = made.url + "/hooks"
            try FileManager.default.createDirectory(atPath: hooks, withIntermediateDirectories: true)
            let hook = "#!/bin/sh\ntouch \(marker)\n"
            try Data(hook.utf8).write(to: URL(fileURLWithPath: hooks + "/reference-transaction"))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hooks + "/reference-transaction")
            _ = try await host.update(made.id, GistChange(files: ["a": "b"]))
            #expect(!FileManager.default.fileExists(atPath: marker))
        }
    }

    /// A program that runs git and writes a line for each run.
    private func countingGit(in directory: FilePath) throws -> (GitProgram, count: () -> Int) {
        let (script, log) = (directory.appending("counting-git").string, directory.appending("runs").string)
        try Data("#!/bin/sh\necho \"$*\" >> '\(log)'\nexec git \"$@\"\n".utf8).write(to: URL(fileURLWithPath: script))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        return (
            GitProgram(program: script),
            { ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").count { $0 == "\n" } }
        )
    }

    @Test func `a gist is read and changed by two runs of git`() async throws {
        try await withTemporaryDirectory { directory in
            let (counting, count) = try countingGit(in: directory)
            let host = try LocalGistHost(directory: directory.appending("gists"), git: counting)
            let id = try await host.create(.model).id
            _ = try await host.read(id)
            for text in ["one\n", "two\n"] {
                let before = count()
                var gist = try await host.read(id)
                gist.files["readme.md"] = text
                let changed = try await host.update(id, GistChange(files: ["readme.md": text]))
                #expect(count() == before + 2)
                #expect(changed.files == gist.files)
            }
            #expect(try await host.read(id).files["readme.md"] == "two\n")
        }
    }

    @Test func `what a person commits between reading and changing stays in the gist`() async throws {
        try await withHost { host, _ in
            let made = try await host.create(.model)
            _ = try await host.read(made.id)
            let stream = "commit refs/heads/main\ncommitter P <p@x> 1700000000 +0000\ndata 0\nfrom \(made.revision!)\n"
            try git(["fast-import", "--quiet"], in: made.url, input: stream + "M 100644 inline theirs.txt\ndata 4\nmine\n")
            for packs in [false, true] {
                if packs { try git(["pack-refs", "--all"], in: made.url) }
                let changed = try await host.update(made.id, GistChange(files: ["readme.md": "ours \(packs)\n"]))
                #expect(changed.files["theirs.txt"] == "mine")
                #expect(try git(["show", "main:theirs.txt"], in: made.url) == "mine")
                #expect(try git(["show", "main:readme.md"], in: made.url) == "ours \(packs)\n")
            }
        }
    }

    @Test func `two writers at once lose nothing`() async throws {
        try await withHost { host, _ in
            let made = try await host.create(.model)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask { _ = try await host.update(made.id, GistChange(files: ["file\(number).txt": "\(number)"])) }
                }
                try await group.waitForAll()
            }
            #expect(try await host.read(made.id).files.count == 10)
            #expect(try git(["rev-list", "--count", "main"], in: made.url) == "9\n")
        }
    }

    @Test func `a page of gists is listed by one run of git, and an unchanged list by none`() async throws {
        try await withTemporaryDirectory { directory in
            let (counting, count) = try countingGit(in: directory)
            let host = try LocalGistHost(directory: directory.appending("with: colon"), git: counting)
            var made: [Gist] = []
            for _ in 0..<5 { made.append(try await host.create(.model)) }
            let before = count()
            let page = try await host.page(GistListingRequest(.own))
            #expect(count() == before + 1)
            #expect(Set(page.gists.map(\.id)) == Set(made.map(\.id)))
            #expect(page.gists.allSatisfy { $0.description == GistDraft.model.description })
            #expect(try await host.listing(GistListingRequest(.own, validator: page.validator)) == .unchanged)
            #expect(count() == before + 1)
            try git(["pack-refs", "--all"], in: made[0].url)
            #expect(Set(try await host.page(GistListingRequest(.own)).gists.map(\.id)) == Set(made.map(\.id)))
        }
    }

    @Test func `what was committed long ago and pushed now has changed now`() async throws {
        try await withHost { host, _ in
            let made = try await host.create(.model)
            let branch = URL(fileURLWithPath: made.url + "/refs/heads/main").path
            try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -86_400)], ofItemAtPath: branch)
            let since = Date(timeIntervalSinceNow: -3600)
            #expect(try await host.page(GistListingRequest(.own, since: since)).gists.isEmpty)
            let stream = "commit refs/heads/main\ncommitter P <p@x> 1700000000 +0000\ndata 0\nfrom \(made.revision!)\n"
            try git(["fast-import", "--quiet"], in: made.url, input: stream + "M 100644 inline theirs.txt\ndata 4\nmine\n")
            let listed = try await host.page(GistListingRequest(.own, since: since)).gists
            #expect(listed.map(\.id) == [made.id])
            #expect(listed.first?.description == made.description)
            #expect(try await host.read(made.id).parent == made.revision)
            #expect(try await host.revisions(of: made.id, limit: 10).map(\.author) == ["P", "zood"])
            #expect(try await host.read(made.id, at: made.revision!).files == made.files)
        }
    }
}
