import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@Suite struct BinarySizeTests {
    private static let large = FileContent.generated(seed: 62, byteCount: 300_000)
    private let member = ProcessIdentity(uid: 4720, groups: [50])

    @Test(arguments: [false, true])
    func `what is larger than max_size is blocked until an operator wants that file, told or not told how large`(isUnsized: Bool)
        async throws
    {
        let bench = try await BinaryBench([
            "binaries": "{ allow_addresses: [127.0.0.0/8], min_free: 1MiB, max_size: 100KiB }",
            "control": "{ roles: { member: [staff] } }",
        ])
        if isUnsized { bench.host.inject(.chunked, on: .path("/tiny.bin"), times: .max) }
        try bench.makeModel(serving: Self.large)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        let blocked = try await daemon.waitForBinary(.blocked)
        #expect(blocked.note?.hasSuffix(" or more, and binaries.max_size allows 100 KiB") == true, "\(blocked.note ?? "")")
        #expect(isUnsized || blocked.note?.contains("it has 293 KiB or more") == true, "\(blocked.note ?? "")")
        #expect(try await daemon.model("tiny")?.hint?.contains("zooctl fetch --force tiny") == true)
        #expect(bench.kept("downloads").allSatisfy { try! bench.zoo.bytes(of: ".zood/downloads/\($0)")!.isEmpty }, "no byte is kept of it")
        #expect(try await daemon.zooctl("fetch", "tiny").status == 8)

        let refused = try await daemon.zooctl("fetch", "--force", "tiny", identity: member)
        #expect(refused.status == 6 && refused.standardError.contains("role operator"), "\(refused.standardError)")
        #expect(try await daemon.zooctl("fetch", "tiny", identity: member).status == 8, "a member may ask, and the answer is the same")

        let forced = try await daemon.zooctl("fetch", "--force", "tiny")
        #expect(forced.status == 0, "\(forced.standardError)")
        try await daemon.waitForBinary(.verified)

        // Remembered for that source: what is lost is got again by itself.
        try FileManager.default.removeItem(atPath: bench.zoo.path(bench.binary()).string)
        try await daemon.waitForBinary(.verified)
        try await eventually("it is there again") { try bench.zoo.bytes(of: bench.binary())?.count == 300_000 }
        let events = try await daemon.zooctl("events", "--since", "0", "--json").standardOutput
        #expect(events.components(separatedBy: "size-allowed").count == 2, "said once")

        // Another file is another question.
        try bench.makeModel(serving: .generated(seed: 63, byteCount: 400_000))
        try await daemon.waitForModel("tiny", "has an outdated binary") { $0.binaries.first?.state == .outdated }
        #expect(try await daemon.zooctl("fetch", "tiny").status == 8)
    }
}
