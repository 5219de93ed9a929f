import ControlProtocol
import Foundation
import ModelInfo
import SystemPackage
import Testing
import ZooTestSupport

@Suite struct BinaryImportTests {
    private static let byteCount = 3 << 20
    private static let good = FileContent.generated(seed: 70, byteCount: byteCount)
    private let daemonUser = ProcessIdentity(uid: 4730)

    /// A file beside the zoo.
    private func file(_ content: FileContent, _ name: String = "weights.bin", in bench: BinaryBench) throws -> String {
        let path = bench.zoo.directory.appending(name).string
        try Data(try content.bytes(in: 0..<content.byteCount)).write(to: URL(filePath: path))
        return path
    }

    private func goodBytes() throws -> [UInt8] { try Self.good.bytes(in: 0..<Self.byteCount) }

    @Test func `a file that only its user may read is imported, verified, and stays where it is`() async throws {
        let bench = try await BinaryBench([
            "binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }", "control": "{ roles: { member: [staff] } }",
        ])
        try bench.makeModel(serving: Self.good)
        try await bench.zoo.give(to: daemonUser)
        let member = ProcessIdentity(uid: 4731, groups: [50])
        let path = try file(Self.good, in: bench)
        try await ProgramRun.succeed("chown", ["4731", path])
        try await ProgramRun.succeed("chmod", ["600", path])
        let daemon = try await RunningDaemon.start(in: bench.zoo, identity: daemonUser)
        try await daemon.waitForBinary(.missing)
        let done = try await daemon.zooctl("import", "tiny", path, "--json", identity: member)
        #expect(done.status == 0, "\(done.standardError)")
        let report = try ControlCoding.decode(ImportReport.self, from: done.standardOutputBytes)
        #expect(report.file == BinaryBench.file && report.isVerified && !report.wasThere && report.byteCount == Int64(Self.byteCount))
        #expect(try report.sha1 == Self.good.digests().sha1)
        let verified = try await daemon.waitForBinary(.verified)
        #expect(try verified.sha256 == Self.good.digests().sha256)
        #expect(try bench.zoo.bytes(of: bench.binary()) == goodBytes())
        #expect(FileManager.default.fileExists(atPath: path) && bench.requests().isEmpty && bench.kept("downloads").isEmpty)
        let events = try await daemon.zooctl("events", "--since", "0", "--json").standardOutput
        #expect(events.contains(#""kind":"binary-imported""#) && events.contains(#""uid":4731"#), "\(events)")

        let again = try await daemon.zooctl("import", "tiny", path, identity: member)
        #expect(again.status == 0 && again.standardOutput.contains("is there already"), "\(again.standardError)")
        #expect(bench.kept("downloads").isEmpty)
        let stranger = try await daemon.zooctl("import", "tiny", bench.zoo.configuration.string, identity: ProcessIdentity(uid: 4732))
        #expect(stranger.status == 6 && stranger.standardError.contains("role member"), "\(stranger.standardError)")
    }

    @Test func `what does not fit ends with 7, is told what it is, and changes nothing`() async throws {
        let bench = try await BinaryBench(["binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.missing)
        let other = FileContent.generated(seed: 71, byteCount: 100_000)
        let path = try file(other, in: bench)
        let refused = try await daemon.zooctl("import", "tiny", path)
        #expect(refused.status == 7, "\(refused.standardError)")
        // Who sends which file into which model, and what makes it fit.
        #expect(refused.standardError.contains("zooctl: \(path): the file has sha1 "), "\(refused.standardError)")
        #expect(refused.standardError.contains("tiny.caffemodel of tiny is to have"), "\(refused.standardError)")
        let set = try "zooctl set \(bench.zoo.path("tiny")) sha1=\(other.digests().sha1); then import again"
        #expect(refused.standardError.contains(set), "\(refused.standardError)")
        let (seen, wanted) = (try other.digests().sha1.description, try Self.good.digests().sha1.description)
        #expect(refused.standardError.contains(seen) && refused.standardError.contains(wanted), "\(refused.standardError)")
        #expect(try bench.zoo.bytes(of: bench.binary()) == nil && bench.kept("downloads").isEmpty)
        let empty = try await daemon.zooctl("import", "tiny", file(.bytes([]), in: bench))
        #expect(empty.status == 7 && empty.standardError.contains("weights.bin: the file is empty"), "\(empty.standardError)")
        #expect(try await daemon.zooctl("import", "tiny", "/nowhere").status == 1)
        #expect(try await daemon.zooctl("import", "nowhere", file(other, in: bench)).status == 4)
        #expect(try await daemon.zooctl("import", "tiny", file(other, in: bench), "--as", "other.caffemodel").status == 2)
    }

    @Test func `what somebody changed is left as it is; what rotted or is outdated is replaced, and kept in the trash`() async throws {
        let bench = try await BinaryBench([
            "verify": "{ repair: report }", "binaries": "{ allow_addresses: [127.0.0.0/8], min_free: 1MiB }",
        ])
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        let path = try file(Self.good, in: bench)

        try await bench.zoo.rot(bench.binary(), at: 1000)
        let bad = try #require(try bench.zoo.bytes(of: bench.binary()))
        #expect(try await daemon.zooctl("verify", "tiny").status == 7)
        let repaired = try await daemon.zooctl("import", "tiny", path)
        #expect(repaired.status == 0, "\(repaired.standardError)")
        try await daemon.waitForBinary(.verified)
        #expect(try bench.zoo.bytes(of: bench.binary()) == goodBytes() && bench.trash() == [bad])

        try await ProgramRun.succeed("chmod", ["644", bench.zoo.path(bench.binary()).string])
        try bench.zoo.write("fine-tuned", to: bench.binary())
        try await daemon.waitForBinary(.modified)
        let held = try await daemon.zooctl("import", "tiny", path)
        #expect(held.status == 8 && held.standardError.contains("left as it is"), "\(held.standardError)")
        #expect(try bench.zoo.text(of: bench.binary()) == "fine-tuned" && bench.kept("downloads").isEmpty)
    }

    @Test func `a file of somebody's own is replaced by nobody's import but theirs`() async throws {
        let bench = try await BinaryBench([
            "binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }", "control": "{ roles: { member: [staff] } }",
        ])
        let (owner, other) = (ProcessIdentity(uid: 4733, groups: [50]), ProcessIdentity(uid: 4734, groups: [50]))
        try bench.makeModel(serving: Self.good)
        try bench.zoo.write(Self.good, to: bench.binary())
        try await bench.zoo.shell("chown 4733:4733 \(bench.binary())")
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.verified)
        let new = FileContent.generated(seed: 76, byteCount: 70_000)
        try bench.makeModel(serving: new)
        try await daemon.waitForBinary(.outdated)
        let path = try file(new, in: bench)
        for identity in [other, ProcessIdentity(uid: 0)] {
            let refused = try await daemon.zooctl("import", "tiny", path, identity: identity)
            #expect(refused.status == 8 && refused.standardError.contains("belongs to uid 4733"), "\(refused.standardError)")
        }
        #expect(try bench.zoo.bytes(of: bench.binary()) == goodBytes() && bench.kept("downloads").isEmpty)
        let done = try await daemon.zooctl("import", "tiny", path, identity: owner)
        #expect(done.status == 0, "\(done.standardError)")
        try await daemon.waitForBinary(.verified)
        #expect(try bench.zoo.bytes(of: bench.binary()) == new.bytes(in: 0..<70_000) && bench.trash() == [goodBytes()])
    }

    @Test func `of several binaries it is the one whose checksum fits, or the one that is named`() async throws {
        let bench = try await BinaryBench(["binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        let (a, b) = (FileContent.generated(seed: 72, byteCount: 50_000), FileContent.generated(seed: 73, byteCount: 60_000))
        let readme = """
            ---
            name: Pair
            license: MIT
            binaries:
              - file: a.caffemodel
                url: https://example.org/a
                sha1: \(try a.digests().sha1)
              - file: b.caffemodel
                url: https://example.org/b
                sha1: \(try b.digests().sha1)
            ---
            """
        try bench.zoo.write(TemporaryZoo.prototxt, to: "pair/deploy.prototxt")
        try bench.zoo.write(readme, to: "pair/readme.md")
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForModel("pair", "has two binaries") { $0.binaries.count == 2 }
        #expect(try await daemon.zooctl("import", "pair", file(b, in: bench)).status == 0)
        #expect(try bench.zoo.bytes(of: "pair/b.caffemodel")?.count == 60_000 && bench.zoo.bytes(of: "pair/a.caffemodel") == nil)
        let wrong = try await daemon.zooctl("import", "pair", file(b, in: bench), "--as", "a.caffemodel")
        #expect(wrong.status == 7, "\(wrong.standardError)")
        let none = try await daemon.zooctl("import", "pair", file(.generated(seed: 74, byteCount: 10), in: bench))
        #expect(none.status == 7 && none.standardError.contains("none of the 2 binaries"), "\(none.standardError)")
        #expect(try await daemon.zooctl("import", "pair", file(a, in: bench), "--as", "a.caffemodel").status == 0)
        try await daemon.waitForModel("pair", "is verified") { $0.binaries.allSatisfy { $0.state == .verified } }
    }

    @Test func `without a checksum only a person's word takes it, and its digest is what counts from then on`() async throws {
        let bench = try await BinaryBench()
        try bench.makeModel(serving: Self.good, hasChecksum: false)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.missing)
        let path = try file(Self.good, in: bench)
        let held = try await daemon.zooctl("import", "tiny", path)
        #expect(held.status == 8 && held.standardError.contains("zooctl import --unverified tiny FILE"), "\(held.standardError)")
        let page = try await daemon.zooctl(
            "import", "tiny", "--unverified", file(.bytes(Array("<!DOCTYPE html><title>Sign in</title>".utf8)), in: bench))
        #expect(page.status == 7 && page.standardError.contains("HTML page titled 'Sign in'"), "\(page.standardError)")
        let taken = try await daemon.zooctl("import", "tiny", "--unverified", file(Self.good, in: bench))
        #expect(taken.status == 0 && taken.standardOutput.contains("digest recorded"), "\(taken.standardError)")
        let binary = try await daemon.waitForBinary(.unverifiable)
        #expect(try binary.recordedSHA1 == Self.good.digests().sha1)
        let other = try await daemon.zooctl("import", "tiny", "--unverified", file(.generated(seed: 75, byteCount: 500), in: bench))
        #expect(other.status == 7, "what is there is good: \(other.standardError)")
    }

    @Test func `a pipe will do, and a fetch that is under way gives way`() async throws {
        let bench = try await BinaryBench()
        bench.host.limit(bytesPerSecond: 50_000)
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.fetching)
        let path = try file(Self.good, in: bench)
        let zooctl = try BuildProducts.path(of: "zooctl")
        let piped = try await ProgramRun.run(
            "sh", ["-c", "cat \(path) | \(zooctl) import tiny - --socket \(bench.zoo.socket)"])
        #expect(piped.status == 0, "\(piped.standardError)")
        try await daemon.waitForBinary(.verified)
        let redirected = try await ProgramRun.run("sh", ["-c", "\(zooctl) import tiny - --socket \(bench.zoo.socket) < \(path)"])
        #expect(redirected.status == 0 && redirected.standardOutput.contains("there already"), "\(redirected.standardError)")
        try await eventually("nothing is left of the fetch") { bench.kept("downloads").isEmpty }
    }

    @Test func `what is no file and no pipe is refused at once, and a pipe is read no further than max_size`() async throws {
        let bench = try await BinaryBench([
            "binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB, max_size: 4MiB }"
        ])
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.missing)
        for device in ["/dev/zero", "/dev/null"] {
            let refused = try await daemon.zooctl("import", "tiny", device)
            #expect(refused.status == 1 && refused.standardError.contains("\(device) is no regular file"), "\(refused.standardError)")
        }
        let start = "\(try BuildProducts.path(of: "zooctl")) import --socket \(bench.zoo.socket) tiny"
        let endless = try await ProgramRun.run("sh", ["-c", "\(start) - < /dev/zero"])
        #expect(endless.status == 8 && endless.standardError.contains("max_size"), "\(endless.status) \(endless.standardError)")
        // What would be refused anyway is not even read.
        let unknown = try await ProgramRun.run("sh", ["-c", "\(start) - --as other < /dev/zero"])
        #expect(unknown.status == 2 && unknown.standardError.contains("has no binary 'other'"), "\(unknown.standardError)")
        let path = try file(Self.good, in: bench)
        let named = try await ProgramRun.run("bash", ["-c", "\(start) <(cat \(path))"])
        #expect(named.status == 0, "\(named.standardError)")
    }

    @Test func `where there is no room for what comes by a pipe that is said of that place`() async throws {
        let bench = try await BinaryBench(["binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.missing)
        let disk = bench.zoo.directory.appending("small").string
        try await ProgramRun.succeed("mkdir", [disk])
        let command = "\(try BuildProducts.path(of: "zooctl")) import --socket \(bench.zoo.socket) tiny - < /dev/zero"
        let full = try await ProgramRun.run(
            "unshare", ["-m", "sh", "-c", "mount -t tmpfs -o size=2m tmpfs \(disk) && export TMPDIR=\(disk) && \(command)"])
        #expect(full.status == 9 && full.standardError.contains("$TMPDIR (\(disk)) is full"), "\(full.status) \(full.standardError)")
        #expect(!full.standardError.contains("cannot read"), "\(full.standardError)")
    }

    @Test func `once it is imported every status says so`() async throws {
        let bench = try await BinaryBench([
            "binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }", "watch": "{ settle: 1s, settle_max: 3s }",
        ])
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.missing)
        let done = try await daemon.zooctl("import", "tiny", file(Self.good, in: bench))
        #expect(done.status == 0 && done.standardError.isEmpty, "\(done.standardError)")
        #expect(try await daemon.model("tiny")?.binaries.first?.state == .verified)
    }

    @Test func `max_size and min_free hold for what is sent, before a byte of it is taken`() async throws {
        let bench = try await BinaryBench([
            "binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB, max_size: 100KiB }"
        ])
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.missing)
        let large = try await daemon.zooctl("import", "tiny", file(Self.good, in: bench))
        #expect(
            large.status == 8 && large.standardError.contains("and binaries.max_size allows 100 KiB"),
            "\(large.status) \(large.standardError)")
        try bench.configure(["binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 900TiB }"])
        #expect(try await daemon.zooctl("reload").status == 0)
        let full = try await daemon.zooctl("import", "tiny", file(Self.good, in: bench))
        #expect(full.status == 9 && full.standardError.contains("min_free"), "\(full.status) \(full.standardError)")
        #expect(bench.kept("downloads").isEmpty)
    }

    @Test func `a sender that dies in the middle leaves nothing, and the next one is served`() async throws {
        let bench = try await BinaryBench(["binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        try bench.makeModel(serving: Self.good)
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await daemon.waitForBinary(.missing)
        let path = try file(Self.good, in: bench)
        let slow = try await LeashedProcess.start(
            "curl",
            [
                "-s", "--unix-socket", bench.zoo.socket.string, "--limit-rate", "300K", "-X", "POST", "-T", path,
                "http://zood/v1/models/tiny/import",
            ])
        try await eventually("it is under way") { (bench.stagedByteCount ?? 0) > 0 }
        slow.kill9()
        try await eventually("nothing is left of it") { bench.kept("downloads").isEmpty }
        #expect(try bench.zoo.bytes(of: bench.binary()) == nil)
        #expect(try await daemon.zooctl("import", "tiny", path).status == 0)
        try await daemon.waitForBinary(.verified)
    }

    private static let points = [
        "import.named", "import.written", "import.received", "import.synced", "import.intended", "place.prepared", "place.renamed",
        "place.synced", "fetch.recorded", "import.forgotten",
    ]

    @Test(arguments: points)
    func `killed anywhere in an import, zood has the file whole and verified or not at all`(point: String) async throws {
        let bench = try await BinaryBench(["binaries": "{ fetch: manual, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        try bench.makeModel(serving: Self.good)
        let crashing = try await RunningDaemon.start(in: bench.zoo, crashAt: point)
        try await crashing.waitForBinary(.missing)
        let path = try file(Self.good, in: bench)
        let cut = try await crashing.zooctl("import", "tiny", path)
        #expect(cut.status != 0)
        #expect(try await crashing.exitStatus() == 137)
        let found = try bench.zoo.bytes(of: bench.binary())
        #expect(try found == nil || found == goodBytes())
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        let state = try await daemon.waitForBinary(.missing, .verified).state
        #expect((state == .verified) == (found != nil))
        #expect(bench.kept("downloads").isEmpty)
        #expect(try await daemon.zooctl("import", "tiny", path).status == 0)
        try await daemon.waitForBinary(.verified)
        #expect(try bench.zoo.bytes(of: bench.binary()) == goodBytes() && bench.kept("downloads").isEmpty)
    }

    @Test func `every crash point of imports is among those that are tried`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources")
        var named: Set<String> = []
        for case let file as URL in FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)!
        where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            named.formUnion(text.matches(of: /CrashPoint\.reach\("(import\.[a-z-]+)"\)/).map { String($0.1) })
        }
        #expect(named == Set(Self.points.filter { $0.hasPrefix("import.") }))
    }
}
