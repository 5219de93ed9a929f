import ControlProtocol
import Foundation
import ModelInfo
import Testing
import ZooTestSupport

@Suite struct BinarySourceTests {
    @Test func `a page in the place of a file that was here is told by title and both sizes, and a longer file is not even begun`()
        async throws
    {
        let bench = try await BinaryBench()
        let content = FileContent.generated(seed: 77, byteCount: 2_430_000)
        try bench.makeModel(serving: content)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        let page = "<!DOCTYPE html><html><head><title>Sign in</title></head>" + String(repeating: " ", count: 33_000)
        bench.host.serve(.bytes(Array(page.utf8)), at: "tiny.bin")
        try FileManager.default.removeItem(atPath: bench.zoo.path(bench.binary()).string)
        let told = try await daemon.waitForBinary(.mismatch)
        #expect(told.note?.hasSuffix("serves an HTML page titled 'Sign in', 32.3 KiB, instead of 2.3 MiB") == true, "\(told.note ?? "")")

        bench.host.serve(.generated(seed: 78, byteCount: 64 << 20), at: "tiny.bin")
        #expect(try await daemon.zooctl("fetch", "tiny").status == 7)
        let longer = try await daemon.waitForBinary(.mismatch)
        #expect(longer.note?.hasSuffix("serves 64 MiB or more instead of 2.3 MiB") == true, "\(longer.note ?? "")")
        // The kernel takes some megabytes from the host before anybody says no.
        #expect(bench.kept("downloads").isEmpty && (bench.requests().last?.bodyBytesSent ?? 0) < 32 << 20)
    }

    private static let right = FileContent.generated(seed: 10, byteCount: 50_000)

    @Test func `what the readme does not promise gets no name, is told with what was seen, and the host is left in peace`() async throws {
        let bench = try await BinaryBench()
        let wrong = FileContent.generated(seed: 11, byteCount: 40_000)
        try bench.makeModel("wrong", serving: wrong, promised: .generated(seed: 15, byteCount: 40_000))
        try bench.makeModel("page", serving: Self.right)
        try bench.makeModel("unnamed", serving: Self.right, hasChecksum: false)
        for id in ["page", "unnamed"] { bench.host.inject(.loginPage, on: .path("/\(id).bin"), times: .max) }
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        let mismatch = try await daemon.waitForBinary(.mismatch, of: "wrong")
        #expect(try mismatch.note?.contains("39.1 KiB with sha1 \(wrong.digests().sha1)") == true, "\(mismatch.note ?? "")")
        #expect(try await daemon.model("wrong")?.hint?.contains("sha1") == true)
        let page = try await daemon.waitForBinary(.mismatch, of: "page")
        #expect(page.note?.contains("HTML") == true, "\(page.note ?? "")")
        let unnamed = try await daemon.zooctl("fetch", "unnamed")
        #expect(unnamed.status == 7 && unnamed.standardError.contains("HTML"), "\(unnamed.standardError)")
        #expect(unnamed.standardError.contains("hint: correct caffemodel_url in the readme"), "\(unnamed.standardError)")
        for id in ["wrong", "page", "unnamed"] {
            #expect(try bench.zoo.bytes(of: bench.binary(id)) == nil)
            #expect(bench.requests(id).count == 1)
        }
        #expect(bench.kept("downloads").isEmpty)

        // Neither looking again by itself nor a restart asks the host anew; a person does.
        try bench.zoo.write("more", to: "wrong/notes.txt")
        _ = try await daemon.terminate()
        let again = try await RunningDaemon.start(in: bench.zoo)
        try await again.waitForBinary(.mismatch, of: "wrong")
        #expect(bench.requests("wrong").count == 1 && bench.requests("page").count == 1)
        #expect(try await again.zooctl("fetch", "wrong").status == 7)
        #expect(bench.requests("wrong").count == 2)
        // A corrected readme makes it void.
        bench.host.clearFaults()
        try bench.makeModel("wrong", serving: Self.right)
        try await again.waitForBinary(.verified, of: "wrong")
    }

    @Test func `where a redirect led is told of what came from there, without what lets in`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.right)
        let page = bench.host.serve(.bytes(Array("<!DOCTYPE html><title>Sign in</title>".utf8)), at: "login")
        bench.host.inject(.redirect(to: "/login?token=geheim"), on: .path("/tiny.bin"), times: .max)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        let told = try await daemon.waitForBinary(.mismatch)
        #expect(
            told.note?.hasPrefix("\(bench.host.url("tiny.bin")), which led to \(page)?…, serves an HTML page") == true, "\(told.note ?? "")"
        )
        #expect(told.note?.contains("geheim") == false)
    }

    @Test func `a good old file stays when the new one is not what was promised`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.right)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        let wrong = FileContent.generated(seed: 12, byteCount: 40_000)
        try bench.makeModel(serving: wrong, promised: .generated(seed: 13, byteCount: 40_000))
        let binary = try await daemon.waitForModel("tiny", "tells what the host serves") { $0.binaries[0].note?.contains("serves") == true }
        #expect(binary.binaries[0].state == .outdated && binary.state == .attention)
        #expect(try bench.zoo.bytes(of: bench.binary()) == Self.right.bytes(in: 0..<50_000))
        #expect(bench.kept("trash").isEmpty && bench.kept("downloads").isEmpty)
    }

    @Test func `zooctl fetch of what is not there, or of a host that is down, ends promptly with 10`() async throws {
        let bench = try await BinaryBench(["binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        let gone = try await LoopbackFileHost.start()
        try bench.makeModel("absent", serving: Self.right, url: bench.host.url("nothing.bin"))
        try bench.makeModel("down", serving: Self.right, url: gone.url("x.bin"))
        await gone.stop()
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.missing, of: "absent")
        try await daemon.waitForBinary(.missing, of: "down")
        let absent = try await daemon.zooctl("fetch", "absent")
        #expect(absent.status == 10 && absent.standardError.contains("404"), "\(absent.status) \(absent.standardError)")
        #expect(absent.standardError.contains("caffemodel_url"))
        let down = try await daemon.zooctl("fetch", "down")
        #expect(down.status == 10, "\(down.status) \(down.standardError)")
        let state = try await daemon.waitForBinary(.failed, of: "down")
        #expect(state.note?.contains(gone.url("x.bin")) == true)
        #expect(bench.host.requests.requests("GET", path: "/nothing.bin").count == 1)
    }

    @Test func `a reset, a server that is busy and one that says nothing are tried again, as late as they ask`() async throws {
        let bench = try await BinaryBench()
        // Different files: one that is here already would be copied.
        for (seed, id) in [(14, "reset"), (16, "busy"), (17, "stall")] {
            try bench.makeModel(id, serving: .generated(seed: UInt64(seed), byteCount: 600_000))
        }
        bench.host.inject(.reset(atBodyByte: 200_000), on: .path("/reset.bin"))
        bench.host.inject(.status(503, headers: [("retry-after", "4")]), on: .path("/busy.bin"))
        bench.host.inject(.stall(atBodyByte: 200_000), on: .path("/stall.bin"))
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        let busy = try await daemon.waitForBinary(.failed, of: "busy")
        #expect(busy.note?.contains("503") == true)
        try await daemon.waitForBinary(.verified, of: "reset")
        let reset = bench.requests("reset")
        #expect(reset.count == 2 && reset.last?.header("range") != nil && reset.last?.header("if-range") != nil)
        try await daemon.waitForBinary(.verified, of: "busy")
        let tries = bench.requests("busy")
        #expect(tries.count == 2 && tries[1].receivedAt - tries[0].receivedAt >= .seconds(4))
        // The silent one is still waited for, and keeps nobody from ending.
        try await daemon.waitForBinary(.fetching, of: "stall")
        #expect(bench.stagedByteCount == 200_000)
        let end = try await daemon.terminate()
        #expect(end.status == 0 && end.duration < .seconds(2))
        let again = try await RunningDaemon.start(in: bench.zoo)
        try await again.waitForBinary(.verified, of: "stall")
        #expect(bench.requests("stall").last?.header("range") == "bytes=200000-")
    }

    @Test func `private addresses and other schemes are refused, named or by a redirect, unless allowed`() async throws {
        let bench = try await BinaryBench(["binaries": "{ allow_addresses: [127.0.0.2/32], min_free: 1MiB }"])
        let allowed = try await LoopbackFileHost.start(address: "127.0.0.2")
        let files = (0..<4).map { FileContent.generated(seed: UInt64(60 + $0), byteCount: 50_000) }
        try bench.makeModel("literal", serving: files[0])
        try bench.makeModel("redirect", serving: files[1], url: allowed.url("redirect.bin"))
        allowed.redirect("redirect.bin", to: bench.host.url("literal.bin"))
        try bench.makeModel("metadata", serving: files[2], url: allowed.url("metadata.bin"))
        allowed.redirect("metadata.bin", to: "http://169.254.169.254/latest/meta-data/")
        try bench.makeModel("file", serving: files[3], url: allowed.url("file.bin"))
        allowed.redirect("file.bin", to: "file:///etc/passwd")
        try bench.makeModel("fine", serving: Self.right, url: allowed.serve(Self.right, at: "fine.bin"))
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        for id in ["literal", "redirect", "metadata"] {
            let binary = try await daemon.waitForBinary(.blocked, of: id)
            #expect(binary.note?.contains(id == "metadata" ? "169.254.169.254" : "127.0.0.1") == true, "\(binary.note ?? "")")
            #expect(try await daemon.model(id)?.hint?.contains("binaries.allow_addresses") == true)
        }
        let file = try await daemon.waitForBinary(.blocked, of: "file")
        #expect(file.note?.contains("file") == true)
        try await daemon.waitForBinary(.verified, of: "fine")
        #expect(bench.host.requests.count == 0)

        try bench.configure(["binaries": "{ allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        #expect(try await daemon.zooctl("reload").status == 0)
        #expect(try await daemon.zooctl("fetch", "literal").status == 0)
        // The model that is redirected there is tried again too.
        #expect(bench.requests("literal").count >= 1)
    }
}
