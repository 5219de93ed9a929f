import Foundation
import ModelInfo
import Planning
import Testing
import ZooTestSupport

@testable import SyncEngine

struct FetchRequestTests {
    private let sha1 = SHA1Digest(hex: String(repeating: "1", count: 40))!
    private let sha256 = SHA256Digest(hex: String(repeating: "a", count: 64))!

    private func sources(
        _ mirrors: [String], model: String = "vision/my net", sha1: SHA1Digest?, sha256: SHA256Digest? = nil, good: HashedFile? = nil,
        urls: [String] = ["https://example.org/w"]
    ) async throws -> [String] {
        try await withTemporaryDirectory { directory in
            let zoo = directory.appending("zoo")
            try FileManager.default.createDirectory(atPath: zoo.string, withIntermediateDirectories: true)
            let file = try RelativePath("rgb/net {sha1}.caffemodel")
            let declared = DeclaredBinary(
                file: file, fileText: file.description, url: urls.first, urlText: urls.first, mirrors: Array(urls.dropFirst()), sha1: sha1,
                sha256: sha256)
            let request = FetchRequest(
                model: ModelID(zoo: "z", path: try RelativePath(model)), idWord: model, file: file, declared: declared, purpose: .missing,
                memory: BinaryMemory(good: good), zoo: try Zoo.open(ZooConfiguration(path: zoo)))
            return request.sources(mirrors: mirrors).map(\.url)
        }
    }

    @Test func `all placeholders of mirrors are filled in, percent-encoded; what needs a value that is not there is skipped`() async throws
    {
        let own = "https://example.org/w"
        let all = "https://m.example.org/{model}/{sha1}/{sha256}/{file}?f={file}"
        let file = "net%20%7Bsha1%7D.caffemodel"
        #expect(
            try await sources([all], sha1: sha1, sha256: sha256) == [
                "https://m.example.org/vision/my%20net/\(sha1)/\(sha256)/\(file)?f=\(file)", own,
            ])
        #expect(try await sources([all, "https://n/{sha1}"], sha1: sha1) == ["https://n/\(sha1)", own])
        #expect(try await sources(["https://n/{sha1}", "https://n/{sha256}"], sha1: nil, sha256: sha256) == ["https://n/\(sha256)", own])
        // The SHA-256 that was recorded for this very SHA-1 is known too.
        let good = HashedFile(identity: .none, sha1: sha1, sha256: sha256, at: .distantPast)
        #expect(try await sources(["https://n/{sha256}"], sha1: sha1, good: good) == ["https://n/\(sha256)", own])
    }

    @Test func `without a checksum no mirror is asked, and each URL is asked once`() async throws {
        #expect(try await sources(["https://n/{model}/{file}"], sha1: nil) == ["https://example.org/w"])
        #expect(
            try await sources(
                ["https://n/{sha1}", "https://a/w"], sha1: sha1, urls: ["https://a/w", "https://b/w", "https://a/w"]) == [
                    "https://n/\(sha1)", "https://a/w", "https://b/w",
                ])
    }
}
