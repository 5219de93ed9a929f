import Foundation
import ModelInfo
import Planning
import Testing

@testable import SyncEngine

/// An update has no precondition: between the reading before it and the update itself somebody else may write. What they wrote is not
/// lost, whatever file it is in and whether or not the answer came.
@Suite struct GistOverwriteTests {
    private static let lines = (1...9).map { "Line \($0).\n" }
    private static let head = "---\nname: Net\n---\n\n"

    private static func body(_ changes: [Int: String]) -> String {
        lines.enumerated().map { number, line in changes[number + 1].map { $0 + "\n" } ?? line }.joined()
    }

    /// How the answer to the update that meets the other's comes.
    enum Answer: CaseIterable { case whole, lost }

    /// What somebody else does.
    enum Other: CaseIterable {
        /// Another line of the same file.
        case sameFile
        /// That, and a file of their own beside it.
        case bothFiles
        /// That, and once more after the update.
        case beforeAndAfter
    }

    @Test(arguments: Answer.allCases, Other.allCases)
    func `what somebody else wrote just before an update is brought here, and stands in the gist in the end`(
        answer: Answer, other: Other
    ) async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write(Self.head + Self.body([:]), to: "net/readme.md")
            let model = try rooms.id("net")
            try await rooms.work(on: ["net"]) { await rooms.board[model]?.plan.gist.state == .inSync }
            let id = try #require(try await rooms.store.memory(of: model).gist?.id)
            let head = try rooms.text(of: "net/readme.md").replacing(Self.body([:]), with: "")

            var foreign: [String: String?] = ["readme.md": .some(head + Self.body([2: "Theirs."]))]
            if other == .bothFiles { foreign["notes.txt"] = .some("Theirs too.\n") }
            let before = foreign
            rooms.host.change {
                $0.beforeUpdate = before
                if answer == .lost { $0.afterUpdate = .answerLost("cut") }
            }
            let ours = head + Self.body([8: "Ours."])
            try rooms.write(ours, to: "net/readme.md")
            let (view, present) = try await rooms.view(of: "net")
            try await rooms.publisher.update(id, ["readme.md": .some(ours)], for: view, present)
            #expect(try await rooms.host.inner.read(id).files["readme.md"] == ours, "the update went over theirs")
            var wanted = [2: "Theirs.", 8: "Ours."]
            if other == .beforeAndAfter {
                wanted[5] = "Theirs again."
                let after = head + Self.body([5: "Theirs again.", 8: "Ours."])
                _ = try await rooms.host.inner.update(id, GistChange(files: ["readme.md": .some(after)]))
                let now = Date()
                try await rooms.events.record(model, []) { $0.gist?.noticedAt = now }
            }

            let again = try await RoomsUnderTest(in: directory, zoo: rooms.zoo)
            let text = head + Self.body(wanted)
            try await again.work(on: ["net"]) {
                guard await again.board[model]?.plan.gist.state == .inSync else { return false }
                return try await again.store.memory(of: model).gist?.noticedAt == nil
            }
            #expect(try again.text(of: "net/readme.md") == text)
            let there = try await again.host.inner.read(id).files
            #expect(there["readme.md"] == text)
            if other == .bothFiles {
                #expect(there["notes.txt"] == "Theirs too.\n")
                #expect(try again.text(of: "net/notes.txt") == "Theirs too.\n")
            }
        }
    }
}
