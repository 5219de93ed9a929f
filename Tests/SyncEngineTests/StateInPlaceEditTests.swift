import Foundation
import ModelInfo
import SystemIO
import SystemPackage
import Testing

@testable import SyncEngine

struct StateInPlaceEditTests {
    static let shorter = Array("---\nname: a\n---\n".utf8)
    static let longer = Array("---\nname: a\ngist_id: 034c6ac3865563b69e60\n---\n".utf8)

    private func edit(_ before: [UInt8], _ after: [UInt8], of id: ModelID = model("net")) -> InPlaceEdit {
        InPlaceEdit(model: id, file: try! RelativePath("readme.md"), before: before, after: after)
    }

    private func withFile(_ content: [UInt8], _ body: (RootedDirectory, String) throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending("readme.md").string
            try Data(content).write(to: URL(filePath: file))
            try body(RootedDirectory(at: directory), file)
        }
    }

    @Test(arguments: [(shorter, longer), (longer, shorter), (shorter, Array("---\nname: b\n---\n".utf8)), ([], longer), (longer, [])])
    func `a write that was cut at any byte is finished`(before: [UInt8], after: [UInt8]) async throws {
        let edit = edit(before, after)
        for count in 0...after.count {
            let torn = Array(after.prefix(count)) + before.dropFirst(count)
            #expect(edit.isTorn(torn), "cut at \(count)")
            try await withFile(torn) { directory, file in
                try edit.finish(in: directory)
                #expect(try Array(Data(contentsOf: URL(filePath: file))) == after)
            }
        }
    }

    @Test(arguments: [
        Array("---\nname: a person's\n---\n".utf8), shorter + [10], Array(shorter.dropLast()), longer + [10], [], Array("---\n".utf8),
        Array(longer.prefix(20)) + Array(repeating: 0, count: 30),
    ])
    func `what a person saved since is left alone`(saved: [UInt8]) async throws {
        let edit = edit(Self.shorter, Self.longer)
        let isPrefixOfNew = Self.longer.starts(with: saved) && saved.count >= Self.shorter.count
        #expect(edit.isTorn(saved) == isPrefixOfNew)
        try await withFile(saved) { directory, file in
            try edit.finish(in: directory)
            #expect(try Array(Data(contentsOf: URL(filePath: file))) == saved)
        }
    }

    @Test func `a write keeps the inode and forgets its images`() async throws {
        try await withFile(Self.shorter) { directory, file in
            let store = try StateStore(directory: FilePath(file).removingLastComponent(), now: Date())
            let inode = try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int
            let identity = try directory.readFile(RelativePath("readme.md"), limit: 1000).identity
            try edit(Self.shorter, Self.longer).perform(in: directory, expected: identity, store: store, at: Date())
            #expect(try Array(Data(contentsOf: URL(filePath: file))) == Self.longer)
            #expect(try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int == inode)
            #expect(try store.journals().isEmpty)
        }
    }

    @Test func `a file that was saved meanwhile is not written over`() async throws {
        try await withFile(Self.shorter) { directory, file in
            let store = try StateStore(directory: FilePath(file).removingLastComponent(), now: Date())
            let identity = try directory.readFile(RelativePath("readme.md"), limit: 1000).identity
            try Data("somebody was faster".utf8).write(to: URL(filePath: file))
            #expect(throws: SystemError.self) {
                try edit(Self.shorter, Self.longer).perform(in: directory, expected: identity, store: store, at: Date())
            }
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "somebody was faster")
            #expect(try store.journals().isEmpty)
        }
    }

    @Test func `two writes at the same time keep their images apart`() async throws {
        try await withTemporaryDirectory { directory in
            let store = try StateStore(directory: directory, now: Date())
            let (first, second) = (edit([1], [2], of: model("a")), edit([3], [4], of: model("b")))
            try store.keep(first)
            try store.keep(second)
            try store.drop(first)
            #expect(try store.journals() == [second])
            let again = try StateStore(directory: directory, now: Date())
            #expect(try again.journals() == [second])
        }
    }
}
