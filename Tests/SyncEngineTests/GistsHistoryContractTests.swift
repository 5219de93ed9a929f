import Foundation
import ModelInfo
import SyncEngine
import Testing

/// What every `GistHost` promises of revisions and of lists.
@Suite struct GistsHistoryContractTests {
    @Test(arguments: GistsUnderTest.allCases)
    func `revisions are told newest first, each with its time and author`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(.model)
            var expected = [try #require(made.revision)]
            for text in ["one\n", "two\n", "three\n"] {
                expected.append(try #require(try await host.update(made.id, GistChange(files: ["readme.md": text])).revision))
            }
            let revisions = try await host.revisions(of: made.id, limit: 100)
            #expect(revisions.map(\.revision) == expected.reversed())
            #expect(revisions.allSatisfy { abs($0.at.timeIntervalSinceNow) < 600 && $0.author?.isEmpty == false })
            #expect(try await host.revisions(of: made.id, limit: 2).map(\.revision) == expected.suffix(2).reversed())
            #expect(try await host.revisions(of: made.id, limit: 0).count == 1)
            #expect(try await host.revisions(of: made.id, limit: 1000).count == 4)
            #expect(await failure { try await host.revisions(of: hosts.unknownID, limit: 1) }?.kind == "notFound")
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `each revision names the one before it`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            var before = try await host.create(.model)
            #expect(try await host.read(before.id).parent == nil)
            for text in ["one\n", "two\n"] {
                let changed = try await host.update(before.id, GistChange(files: ["readme.md": text]))
                #expect(changed.parent != nil)
                #expect(changed.parent == before.revision)
                #expect(try await host.read(before.id).parent == before.revision)
                before = changed
            }
            let unchanged = try await host.update(before.id, GistChange(files: ["readme.md": "two\n"]))
            #expect((unchanged.revision, unchanged.parent) == (before.revision, before.parent))
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `an older revision is read as it was, whatever came after`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let large = (0..<100_000).map { "layer \($0): größe\n" }.joined()
            var draft = GistDraft.model
            draft.files["large.prototxt"] = large
            let made = try await host.create(draft)
            let changed = try await host.update(
                made.id, GistChange(files: ["readme.md": "new\n", "deploy.prototxt": nil, "large.prototxt": "small\n"]))
            let then = try await host.read(made.id, at: try #require(made.revision))
            #expect(then.files == draft.files)
            #expect(then.revision == made.revision)
            #expect(then.id == made.id)
            let now = try await host.read(made.id, at: try #require(changed.revision).uppercased())
            #expect(now.files == changed.files)
            #expect(now.revision == changed.revision)
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `a revision that the gist never had is not found, and what is no revision is not asked for`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(.model)
            let never = String(repeating: "0123456789", count: 4)
            #expect(await failure { try await host.read(made.id, at: never) }?.kind == "notFound")
            #expect(await failure { try await host.read(hosts.unknownID, at: never) }?.kind == "notFound")
            for name in ["", "main", "HEAD~1", "-h", "0123", "\(never)/../x", "../\(never)"] {
                #expect(await failure { try await host.read(made.id, at: name) }?.kind == "refused", "\(name)")
            }
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `a list tells of each gist what there is to know without its contents`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            var draft = GistDraft.model
            let secret = try await host.create(draft)
            (draft.isPublic, draft.description) = (true, "größer")
            let open = try await host.create(draft)
            let page = try await host.page(GistListingRequest(.own))
            #expect(Set(page.gists.map(\.id)) == [secret.id, open.id])
            #expect(page.next == nil)
            let row = try #require(page.gists.first { $0.id == open.id })
            #expect((row.description, row.isPublic, row.owner) == ("größer", true, open.owner))
            #expect(row.updatedAt == open.updatedAt)
            #expect(row.createdAt <= row.updatedAt)
            #expect(page.gists.first { $0.id == secret.id }?.isPublic == false)
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `a list that is the same as before is answered by a word, until something changes`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(.model)
            var request = GistListingRequest(.own, since: made.updatedAt)
            request.validator = try await host.page(request).validator
            #expect(request.validator != nil)
            #expect(try await host.listing(request) == .unchanged)
            _ = try await host.update(made.id, GistChange(files: ["readme.md": "new\n"]))
            let changed = try await host.page(request)
            #expect(changed.gists.map(\.id) == [made.id])
            request.validator = changed.validator
            let other = try await host.create(.model)
            let grown = try await host.page(request)
            #expect(Set(grown.gists.map(\.id)) == [made.id, other.id])
            request.validator = grown.validator
            try await host.delete(made.id)
            #expect(try await host.page(request).gists.map(\.id) == [other.id])
        }
    }

    @Test(arguments: GistsUnderTest.allCases)
    func `a list from a time on leaves out what did not change since`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            let made = try await host.create(.model)
            #expect(try await host.page(GistListingRequest(.own, since: made.updatedAt.addingTimeInterval(0.9))).gists.count == 1)
            #expect(try await host.page(GistListingRequest(.own, since: Date(timeIntervalSinceNow: 3600))).gists.isEmpty)
            #expect(try await host.page(GistListingRequest(.own, since: .distantPast)).gists.count == 1)
        }
    }

    @Test(arguments: [GistsUnderTest.local, .github])
    func `a list of more than a hundred comes in pages that miss nothing`(_ hosts: GistsUnderTest) async throws {
        try await hosts.withHost { host in
            var made: Set<GistID> = []
            for number in 0..<103 {
                made.insert(try await host.create(GistDraft(description: "\(number)", isPublic: false, files: ["a.txt": "x"])).id)
            }
            let first = try await host.page(GistListingRequest(.own))
            #expect(first.gists.count == 100)
            #expect(first.next != nil)
            var request = GistListingRequest(.own, cursor: first.next)
            let second = try await host.page(request)
            #expect(second.gists.count == 3)
            #expect(second.next == nil)
            #expect(Set((first.gists + second.gists).map(\.id)) == made)
            request.validator = second.validator
            #expect(try await host.listing(request) == .unchanged)
            #expect(Set(try await host.own(since: .distantPast).map(\.id)) == made)
        }
    }
}

extension GistHost {
    /// The page that a listing answers with; fails when it says that nothing changed.
    func page(_ request: GistListingRequest) async throws -> GistPage {
        guard case .page(let page) = try await listing(request) else {
            Issue.record("the list is not the same as before")
            return GistPage(gists: [], next: nil, validator: nil)
        }
        return page
    }
}
