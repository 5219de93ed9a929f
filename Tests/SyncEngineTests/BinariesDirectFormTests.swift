import Foundation
import ModelInfo
import Planning
import Testing
import ZooTestSupport

@testable import SyncEngine

@Suite struct BinariesDirectFormTests {
    private static func readme(_ url: String) -> String {
        """
        ---
        name: Net
        caffemodel: net.caffemodel
        caffemodel_url: \(url)
        sha1: 9116a64c0fbe4459d18f4bb6b56d647b63920377
        ---

        """
    }

    @Test(
        arguments: [
            ("https://www.dropbox.com/s/abc/net.caffemodel?dl=0", "https://www.dropbox.com/s/abc/net.caffemodel?dl=1", .dropboxNotDirect),
            ("https://github.com/o/r/blob/main/net.caffemodel", "https://github.com/o/r/raw/main/net.caffemodel", .urlNotDirect),
            ("http://www.example.org/net.caffemodel).", "http://www.example.org/net.caffemodel", .urlDecorated),
        ] as [(String, String, DiagnosticCode)])
    func `what is asked of the network is the direct form, and the diagnostic says so`(
        written: String, direct: String, code: DiagnosticCode
    ) async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            try rooms.write(Self.readme(written), to: "net/readme.md")
            try await rooms.work(on: ["net"]) { !rooms.downloads.urls.isEmpty }
            #expect(Set(rooms.downloads.urls) == [direct])
            let (_, model) = try await rooms.view(of: "net")
            let said = model.reading.diagnostics.first { $0.code == code }
            #expect((said?.message ?? "").contains(direct) || said?.hint?.contains(direct) == true)
        }
    }

    @Test func `what the readme may not name is not asked of the network`() async throws {
        try await withTemporaryDirectory { directory in
            let rooms = try await RoomsUnderTest(in: directory)
            let refused = ["http://2130706433/net", "http://localhost:1/net", "https://example.org/net?token=abc", "s3://b/net"]
            for (index, url) in refused.enumerated() { try rooms.write(Self.readme(url), to: "net\(index)/readme.md") }
            let ids = try refused.indices.map { try rooms.id("net\($0)") }
            try await rooms.work(on: refused.indices.map { "net\($0)" }) {
                for id in ids { guard await rooms.board[id] != nil else { return false } }
                return true
            }
            #expect(rooms.downloads.urls.isEmpty)
            for id in ids { #expect(await rooms.board[id]?.plan.binaries.first?.state == .blocked) }
            #expect(await rooms.board[ids[0]]?.plan.binaries.first?.hint?.contains("binaries.allow_addresses") == true)
        }
    }
}
