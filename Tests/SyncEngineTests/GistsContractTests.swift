import Foundation
import ModelInfo
import SyncEngine
import Testing

/// What every `GistHost` promises.
@Suite struct GistsContractTests {
    @Test(arguments: GistsUnderTest.allCases)
    func `a new gist is read back as it was sent`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(.model)
            #expect(made.files == GistDraft.model.files)
            #expect(made.description == GistDraft.model.description)
            #expect(made.isPublic == false)
            #expect(made.revision?.count == 40)
            #expect(made.parent == nil)
            #expect(made.notText.isEmpty)
            #expect(abs(made.updatedAt.timeIntervalSinceNow) < 60)
            #expect(try await host.read(made.id) == made)
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `visibility is kept`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            var draft = GistDraft.model
            draft.isPublic = true
            let made = try await host.create(draft)
            #expect(try await host.read(made.id).isPublic)
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `the same draft twice makes two gists`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let first = try await host.create(.model)
            let second = try await host.create(.model)
            #expect(first.id != second.id)
            #expect(Set(try await host.own(since: .distantPast).map(\.id)) == [first.id, second.id])
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `a changed file is a new revision and the others stay`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(.model)
            let changed = try await host.update(made.id, GistChange(files: ["readme.md": "new\n"]))
            #expect(changed.files == ["readme.md": "new\n", "deploy.prototxt": GistDraft.model.files["deploy.prototxt"]!])
            #expect(changed.description == made.description)
            #expect(changed.revision != made.revision)
            #expect(changed.parent == made.revision)
            #expect(try await host.read(made.id) == changed)
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `a file that was not there is added`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(.model)
            let changed = try await host.update(made.id, GistChange(files: ["solver.prototxt": "base_lr: 0.01\n"]))
            #expect(changed.files.count == 3)
            #expect(try await host.read(made.id).files["solver.prototxt"] == "base_lr: 0.01\n")
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `null takes a file out`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(.model)
            let changed = try await host.update(made.id, GistChange(files: ["deploy.prototxt": nil]))
            #expect(changed.files == ["readme.md": GistDraft.model.files["readme.md"]!])
            #expect(try await host.read(made.id) == changed)
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `null and a new name in one change rename a file`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(.model)
            let content = GistDraft.model.files["deploy.prototxt"]!
            let changed = try await host.update(made.id, GistChange(files: ["deploy.prototxt": nil, "net.prototxt": content]))
            #expect(Set(changed.files.keys) == ["readme.md", "net.prototxt"])
            #expect(try await host.read(made.id).files["net.prototxt"] == content)
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `a change of the description leaves the files`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(.model)
            let changed = try await host.update(made.id, GistChange(description: "Ünïcode — \"quoted\" \\ 模型"))
            #expect(changed.description == "Ünïcode — \"quoted\" \\ 模型")
            #expect(changed.files == made.files)
            #expect(try await host.read(made.id).description == changed.description)
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `unchanged content makes no revision`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(.model)
            let same = try await host.update(
                made.id, GistChange(description: made.description, files: made.files.mapValues { $0 }))
            #expect(same.revision == made.revision)
            #expect(try await host.update(made.id, GistChange()).revision == made.revision)
            #expect(try await host.read(made.id).revision == made.revision)
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `a deleted gist is gone, from the list too`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(.model)
            let kept = try await host.create(.model)
            try await host.delete(made.id)
            #expect(await failure { try await host.read(made.id) }?.kind == "notFound")
            #expect(await failure { try await host.delete(made.id) }?.kind == "notFound")
            #expect(try await host.own(since: .distantPast).map(\.id) == [kept.id])
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `an unknown id is not found, whatever is asked of it`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let id = hosts.unknownID
            #expect(await failure { try await host.read(id) }?.kind == "notFound")
            #expect(await failure { try await host.update(id, GistChange(files: ["a.txt": "a"])) }?.kind == "notFound")
            #expect(await failure { try await host.delete(id) }?.kind == "notFound")
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `own gists are listed newest first, from a time on`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            #expect(try await host.own(since: .distantPast).isEmpty)
            var ids: Set<GistID> = []
            for number in 0..<5 {
                var draft = GistDraft.model
                draft.description = "gist \(number)"
                let made = try await host.create(draft)
                ids.insert(made.id)
                // In the very second of its making, a time with a fraction included.
                #expect(try await host.own(since: made.updatedAt.addingTimeInterval(0.9)).contains { $0.id == made.id })
            }
            let listed = try await host.own(since: .distantPast)
            #expect(Set(listed.map(\.id)) == ids)
            #expect(Set(listed.map(\.description)) == Set((0..<5).map { "gist \($0)" }))
            #expect(listed.map(\.updatedAt) == listed.map(\.updatedAt).sorted(by: >))
            #expect(listed.allSatisfy { $0.createdAt <= $0.updatedAt })
            #expect(try await host.own(since: Date(timeIntervalSinceNow: 3600)).isEmpty)
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `a draft without files, with a blank file or an unsafe name is refused`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let drafts: [[String: String]] = [
                [:], ["readme.md": "x", "empty.txt": ""], ["blank.txt": " \t\r\n\u{3000}"], ["a/b.txt": "x"], ["..": "x"], [".hidden": "x"],
                ["-rf": "x"], ["a\nb": "x"], ["": "x"], [String(repeating: "n", count: 256): "x"],
            ]
            for files in drafts {
                let draft = GistDraft(description: "", isPublic: false, files: files)
                #expect(await failure { try await host.create(draft) }?.kind == "refused", "\(files.keys)")
            }
            let made = try await host.own(since: .distantPast)
            #expect(made.isEmpty)
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `a change that would leave a blank file or no file is refused and nothing changes`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(.model)
            let changes: [[String: String?]] = [
                ["readme.md": ""], ["readme.md": "\n"], ["../x": "x"], ["readme.md": nil, "deploy.prototxt": nil],
            ]
            for files in changes {
                let change = GistChange(files: files)
                #expect(await failure { try await host.update(made.id, change) }?.kind == "refused", "\(files)")
            }
            #expect(try await host.read(made.id) == made)
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `every byte of a text is kept`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let files = [
                "crlf.md": "one\r\ntwo\r\n", "no-end.md": "no newline at the end", "bom.md": "\u{FEFF}text", "nul.txt": "a\u{0}b\u{1b}[0m",
                "end-marks.txt": "done\ndata 5\ncommit refs/heads/main\n", "Ünï 模型 🦊.prototxt": "größe: ∞\n", "_readme.md": "x",
                "with \"quotes\" and 'more'.txt": "q", "nfd.txt": "e\u{301}", "nfc.txt": "é",
            ]
            let made = try await host.create(GistDraft(description: "", isPublic: false, files: files))
            let read = try await host.read(made.id)
            #expect(read.files.mapValues { Array($0.utf8) } == files.mapValues { Array($0.utf8) })
            #expect(read.description == "")
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `an edit that only changes how a letter is composed is a change`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(GistDraft(description: "", isPublic: false, files: ["a.txt": "é"]))
            let changed = try await host.update(made.id, GistChange(files: ["a.txt": "e\u{301}"]))
            #expect(changed.revision != made.revision)
            #expect(try await host.read(made.id).files["a.txt"].map { Array($0.utf8) } == Array("e\u{301}".utf8))
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `a file of more than a megabyte comes back whole`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let large = (0..<50_000).map { "layer \($0) {\u{20}größe: \($0) }\n" }.joined()
            #expect(large.utf8.count > 1_400_000)
            let draft = GistDraft(description: "", isPublic: false, files: ["large.prototxt": large, "readme.md": "x"])
            let made = try await host.create(draft)
            #expect(try await host.read(made.id).files["large.prototxt"] == large)
            let changed = try await host.update(made.id, GistChange(files: ["readme.md": "y"]))
            #expect(changed.files["large.prototxt"] == large)
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `a file of more than ten megabytes comes back whole, at each of its revisions`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let huge = String(repeating: "layer { größe: 0 }\r\n", count: 500_500)
            #expect(huge.utf8.count > 10_000_000)
            let made = try await host.create(
                GistDraft(description: "d", isPublic: false, files: ["huge.prototxt": huge, "readme.md": "x"]))
            let changed = try await host.update(made.id, GistChange(files: ["readme.md": "y"]))
            #expect(changed.files == ["huge.prototxt": huge, "readme.md": "y"])
            #expect(changed.parent == made.revision)
            #expect(try await host.read(made.id) == changed)
            #expect(try await host.read(made.id, at: try #require(made.revision)).files == ["huge.prototxt": huge, "readme.md": "x"])
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `the account is told`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let account = try await host.account()
            #expect((account.login == nil) == (host.kind == .local))
        }
    }
}
