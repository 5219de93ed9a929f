import Foundation
import ModelInfo
import SystemIO
import SystemPackage
import Testing
import Transfers
import ZooTestSupport

@Suite struct `Digests` {
    @Test func `both digests come from one pass over pieces of any size`() throws {
        var running = try RunningDigest(sha1: true, sha256: true)
        running.update(Array("a".utf8))
        running.update([])
        running.update(Array("bc".utf8))
        let digests = running.finish()
        #expect(digests.sha1?.description == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(digests.sha256?.description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func `a digest that nobody asked for is not computed`() throws {
        #expect(try RunningDigest(sha1: false, sha256: true).finish().sha1 == nil)
        #expect(try RunningDigest(sha1: true, sha256: false).finish().sha256 == nil)
        #expect(try RunningDigest(sha1: true, sha256: false).finish().sha1 == .ofNothing)
    }

    @Test(arguments: [0, 1, (1 << 20) - 1, 1 << 20, (2 << 20) + 7])
    func `the digests of a file are those of all its bytes, and belong to its inode`(byteCount: Int) throws {
        let content = pattern(byteCount)
        let file = try ScratchFile(content)
        let digest = try FileDigest.compute(of: file.open(), sha1: true, sha256: true)
        #expect(digest.sha1 == ContentDigests(of: content).sha1)
        #expect(digest.sha256 == ContentDigests(of: content).sha256)
        #expect(digest.identity == (try file.open().status().identity))
    }

    @Test func `a file that changes while it is read has no digest`() throws {
        let file = try ScratchFile(pattern(3 << 20))
        // The kernel's time stamps are some milliseconds coarse: an old one makes the change certain to show.
        try file.setModificationDate(Date(timeIntervalSince1970: 1_700_000_000))
        #expect(throws: DigestFailure.changedMeanwhile) {
            try FileDigest.compute(of: file.open(), sha1: true, sha256: false) {
                false
            } onProgress: { byteCount in
                if byteCount == 2 << 20 { try? file.open().write([1, 2, 3], at: 0) }
            }
        }
        #expect(throws: DigestFailure.changedMeanwhile) {
            try FileDigest.compute(of: file.open(), sha1: true, sha256: false) {
                false
            } onProgress: { byteCount in
                if byteCount == 1 << 20 { try? file.open().truncate(to: 1 << 20) }
            }
        }
    }

    @Test func `hashing stops when cancelled`() throws {
        let file = try ScratchFile(pattern(3 << 20))
        var reads = 0
        #expect(throws: DigestFailure.cancelled) {
            try FileDigest.compute(of: file.open(), sha1: true, sha256: false, isCancelled: { reads == 1 }) { _ in reads += 1 }
        }
        #expect(reads == 1)
    }

    @Test func `hashing keeps to its rate`() throws {
        let file = try ScratchFile(pattern(3 << 20))
        let elapsed = try ContinuousClock().measure {
            _ = try FileDigest.compute(of: file.open(), sha1: true, sha256: false, bandwidth: SharedBandwidth { 10 << 20 })
        }
        #expect(elapsed >= .milliseconds(300))
    }

    @Test func `two files that are hashed at once share one rate`() async throws {
        let lane = BlockingLane(label: "test", width: 2)
        let bandwidth = SharedBandwidth { 4 << 20 }
        let file = try ScratchFile(pattern(3 << 20))
        let elapsed = try await ContinuousClock().measure {
            try await withThrowingTaskGroup { group in
                for _ in 0..<2 {
                    group.addTask {
                        try await lane.run {
                            _ = try FileDigest.compute(of: file.open(), sha1: true, sha256: false, bandwidth: bandwidth)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(elapsed >= .milliseconds(1450))
    }

    @Test func `a directory cannot be hashed, and the error says so`() throws {
        let directory = OwnedDescriptor(owning: try FileDescriptor.open(FilePath("/"), .readOnly), path: "/")
        #expect(throws: DigestFailure.disk(SystemError(errno: EISDIR, operation: "read", path: ""))) {
            try FileDigest.compute(of: directory, sha1: true, sha256: true)
        }
    }
}

@Suite struct `What came instead of a model` {
    private func verdict(_ text: String, _ contentType: String? = nil) -> String? {
        LooksLike.page(firstBytes: Array(text.utf8), contentType: contentType)
    }

    @Test func `pages, archives and messages are told by their first bytes`() {
        #expect(verdict("\n<!DOCTYPE html><html><head><TITLE lang=en>\n Sign  in </TITLE>") == "an HTML page titled 'Sign in'")
        #expect(verdict("\u{FEFF}<html><body>no title") == "an HTML page")
        #expect(verdict("moved", "text/html; charset=utf-8") == "an HTML page")
        #expect(verdict("{\"error\": \"quota\"}", "application/octet-stream") == "a JSON document that says 'quota'")
        #expect(verdict("{\"error\": {\"code\": 403, \"message\": \"no more\\n today\"}}") == "a JSON document that says 'no more today'")
        #expect(verdict("{\"message\": \"Not Found\", \"error\": 1}") == "a JSON document that says 'Not Found'")
        #expect(verdict("[1, 2]") == "a JSON document" && verdict("{\"cut") == "a JSON document")
        #expect(verdict("<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>") == "an XML document")
        #expect(verdict("version https://git-lfs.github.com/spec/v1\noid sha256:…") == "a Git LFS pointer, not the file it stands for")
        #expect(LooksLike.page(firstBytes: [0x1F, 0x8B, 8, 0], contentType: nil) == "a gzip archive")
        #expect(LooksLike.page(firstBytes: [0x50, 0x4B, 3, 4, 0], contentType: nil) == "a zip archive")
        #expect(LooksLike.page(firstBytes: [], contentType: nil) == "an empty file")
        #expect(verdict("Not found", "text/plain") == "a text file")
    }

    @Test func `a model is not taken for a page, whatever the server calls it`() {
        let model: [UInt8] = [0x0A, 0x07] + Array("AlexNet".utf8) + [0x12, 0x9C, 0x03, 0x00, 0x01]
        #expect(LooksLike.page(firstBytes: model, contentType: "text/html") == nil)
        #expect(LooksLike.page(firstBytes: model, contentType: nil) == nil)
    }

    @Test func `the quota page of a share host is told by its title, behind scripts and in its own letters`() {
        let scripts = "<!DOCTYPE html><html><head>" + String(repeating: "<script>var a = 1</script>", count: 60)
        #expect(
            verdict(scripts + "<title>Google Drive - Can&#39;t scan for viruses</title>")
                == "an HTML page titled 'Google Drive - Can't scan for viruses'")
        #expect(verdict("<!doctype html><title>A &amp;lt; B</title>") == "an HTML page titled 'A &lt; B'")
    }

    private static let archives: [(bytes: [UInt8], words: String)] = [
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4], "a 7z archive"),
        ([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07, 1, 0], "a rar archive"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz archive"),
        ([0x28, 0xB5, 0x2F, 0xFD, 4], "a zstd archive"),
        ([0x42, 0x5A, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59], "a bzip2 archive"),
        ([0x50, 0x4B, 5, 6, 0], "an empty zip archive"),
        ([UInt8](repeating: 0x61, count: 257) + Array("ustar".utf8), "a tar archive"),
    ]

    @Test(arguments: archives)
    func `every common archive is told`(bytes: [UInt8], words: String) {
        #expect(LooksLike.page(firstBytes: bytes, contentType: nil) == words)
        #expect(LooksLike.archive(firstBytes: bytes) == words)
        #expect(LooksLike.archive(firstBytes: Array("BZh9 is a name".utf8)) == nil)
    }

    @Test func `only the first 512 bytes count`() {
        #expect(LooksLike.page(firstBytes: Array(repeating: 0x41, count: 512) + [0], contentType: nil) == "a text file")
    }
}
