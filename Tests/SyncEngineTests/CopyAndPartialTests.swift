import Foundation
import Glibc
import ModelInfo
import SystemIO
import Testing
import Transfers

@testable import SyncEngine

struct CopyAndPartialTests {
    @Test func `a copy ends, and leaves nothing, when there is too little room after it took its own or while it grows`() async throws {
        try await withTemporaryDirectory { path in
            let directory = try RootedDirectory(at: path)
            let (name, copy) = (try RelativePath("a"), try RelativePath("b"))
            try Data(repeating: 7, count: 3 << 20).write(to: URL(filePath: path.appending("a").string))
            for limit in [Int64(0), 2 << 20] {
                #expect(throws: SystemError.self) {
                    try FileCopy.make(
                        of: name, in: directory, as: copy, in: directory, permissions: 0o600,
                        onProgress: { if $0 >= limit { throw SystemError(errno: ENOSPC, operation: "copy", path: "b") } })
                }
                #expect(try directory.status(of: copy) == nil)
            }
            #expect(throws: DigestFailure.cancelled) {
                try FileCopy.make(of: name, in: directory, as: copy, in: directory, permissions: 0o600, isCancelled: { true })
            }
            #expect(try directory.status(of: copy) == nil)
            #expect(try FileCopy.make(of: name, in: directory, as: copy, in: directory, permissions: 0o600).identity.size == 3 << 20)
        }
    }

    @Test func `boots that cannot be told apart are two`() throws {
        var partial = PartialDownload(stagingName: try RelativePath("a.part"), url: "http://a/", mark: "m", bootID: "one")
        partial.validator = .entityTag("\"x\"")
        #expect(partial.resume(bootID: "one")?.kept == .all && partial.resume(bootID: "two")?.kept == .parts(ByteRanges()))
        partial.bootID = ""
        #expect(partial.resume(bootID: "")?.kept == .parts(ByteRanges()))
    }
}
