import Foundation
import SystemPackage
import Testing

@testable import SyncEngine

@Suite struct ThreeWayMergeTests {
    private func with(_ body: (ThreeWayMerge, FilePath) throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let place = directory.appending("merges")
            try body(ThreeWayMerge(directory: place), place)
        }
    }

    private func expect(_ found: String?, is expected: String?, _ place: SourceLocation = #_sourceLocation) {
        #expect(found == expected, sourceLocation: place)
    }

    @Test func `both sides' changes come together, and nothing of it is left on the disk`() async throws {
        try await with { merge, place in
            expect(try merge.merge(base: "a\n\nb\n\nc\n", local: "1\n\nb\n\nc\n", remote: "a\n\nb\n\n3\n"), is: "1\n\nb\n\n3\n")
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.string).isEmpty)
            let mode = try FileManager.default.attributesOfItem(atPath: place.string)[.posixPermissions] as? Int
            #expect(mode == 0o700)
        }
    }

    @Test func `the same lines on both sides have no merge, unless a side is favoured`() async throws {
        try await with { merge, _ in
            expect(try merge.merge(base: "a\n", local: "1\n", remote: "2\n"), is: nil)
            expect(try merge.merge(base: "a\n\nb\n", local: "1\n\nb\n", remote: "2\n\n3\n", favouring: .local), is: "1\n\n3\n")
            expect(try merge.merge(base: "", local: "1\n", remote: "2\n"), is: nil)
            expect(try merge.merge(base: "", local: "1\n", remote: "1\n"), is: "1\n")
        }
    }

    @Test func `any number of conflicts is a conflict`() async throws {
        try await with { merge, _ in
            func text(_ word: String) -> String { (0..<20_000).map { "\($0)\n\n\n\n\n\(word)\n\n\n\n\n" }.joined() }
            expect(try merge.merge(base: text("a"), local: text("b"), remote: text("c")), is: nil)
            expect(try merge.merge(base: text("a"), local: text("b"), remote: text("c"), favouring: .local), is: text("b"))
            func short(_ word: String) -> String { (0..<2_000).map { _ in "x\ny\nz\n\(word)\n" }.joined() }
            expect(try merge.merge(base: short("a"), local: short("b"), remote: short("c")), is: nil)
        }
    }

    @Test func `lines that look like a conflict's marks are lines`() async throws {
        try await with { merge, _ in
            let text = "<<<<<<< here\na\n=======\nb\n>>>>>>> there\n"
            expect(try merge.merge(base: text, local: text + "\n\nc\n", remote: "d\n\n" + text), is: "d\n\n" + text + "\n\nc\n")
        }
    }

    @Test func `what a kill left of a merge is cleared away`() async throws {
        try await with { merge, place in
            try FileManager.default.createDirectory(atPath: place.appending("left").string, withIntermediateDirectories: true)
            merge.clean()
            #expect(!FileManager.default.fileExists(atPath: place.string))
            expect(try merge.merge(base: "a\n", local: "a\n", remote: "b\n"), is: "b\n")
        }
    }

    @Test func `a git that is not there is an error, not a conflict`() async throws {
        try await with { merge, _ in
            var merge = merge
            merge.git.program = "/nonexistent/git"
            #expect(throws: GitProgramFailure.self) { try merge.merge(base: "a\n", local: "b\n", remote: "c\n") }
        }
    }
}
