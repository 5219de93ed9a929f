import ControlProtocol
import Foundation
import ModelInfo
import SystemPackage
import Testing
import ZooTestSupport

/// Disks that are full at any byte, that cannot be written for a while, and that lose what they were given.
@Suite struct BinaryDiskTests {
    private static let byteCount = 300_000
    private static let roomy = "64m"

    private func bench() async throws -> BinaryBench {
        try await BinaryBench(["binaries": "{ allow_addresses: [127.0.0.0/8], min_free: 0B }"])
    }

    @Test func `wherever a fetch meets the end of the disk it waits with a clear word, and goes on when there is room`() async throws {
        let bench = try await bench()
        try await SmallDisk.with(at: bench.zoo.zoo, size: Self.roomy) { disk in
            let rooms = [0, 4, 8, 64, 128, 196, 256, 288, 292]
            var names: [FilePath: Set<SHA1Digest>] = [:]
            for room in rooms {
                // Each another one: what is here already would be copied.
                let content = FileContent.generated(seed: 8000 + UInt64(room), byteCount: Self.byteCount)
                // Every second one does not say how much comes.
                if (room / 4) % 2 == 1 { bench.host.inject(.chunked, on: .path("/.later/m\(room).bin"), times: .max) }
                try bench.makeModel(".later/m\(room)", serving: content)
                names[bench.zoo.path(bench.binary("m\(room)"))] = [try content.digests().sha1]
            }
            let watch = FinalNameWatch(names)
            let daemon = try await RunningDaemon.start(in: bench.zoo)
            for room in rooms {
                let id = "m\(room)"
                try await disk.leave(kibibytes: room)
                try FileManager.default.moveItem(atPath: bench.zoo.path(".later/\(id)").string, toPath: bench.zoo.path(id).string)
                let full = try await daemon.waitForBinary(.failed, of: id)
                #expect(full.note?.contains(BinaryBench.tellsFullDisk) == true, "\(room) KiB: \(full.note ?? "")")
                let asked = try await daemon.zooctl("fetch", id)
                #expect(asked.status == 9, "\(room) KiB: \(asked.status) \(asked.standardError)")
                try await disk.resize(Self.roomy)
                #expect(try await daemon.zooctl("fetch", id).status == 0, "\(room) KiB")
            }
            #expect(watch.finish() == [] && watch.found == rooms.count && bench.kept("downloads").isEmpty)
            #expect(try await daemon.terminate().status == 0)
        }
    }

    @Test func `wherever a copy to another file system meets its end nothing is left of it, and it is made when there is room`()
        async throws
    {
        let bench = try await bench()
        let directory = bench.zoo.path("tiny")
        try FileManager.default.createDirectory(atPath: directory.string, withIntermediateDirectories: false)
        try await SmallDisk.with(at: directory, size: Self.roomy) { disk in
            let content = FileContent.generated(seed: 81, byteCount: Self.byteCount)
            let watch = FinalNameWatch([bench.zoo.path(bench.binary()): [try content.digests().sha1]])
            try bench.makeModel(serving: content)
            try await disk.leave(kibibytes: 0)
            let daemon = try await RunningDaemon.start(in: bench.zoo)
            for room in [0, 4, 100, 292] {
                try await disk.leave(kibibytes: room)
                let asked = try await daemon.zooctl("fetch", "tiny")
                #expect(
                    asked.status == 9 && asked.standardError.contains("No space left"), "\(room): \(asked.status) \(asked.standardError)")
                let names = try FileManager.default.contentsOfDirectory(atPath: directory.string)
                #expect(names.sorted() == ["deploy.prototxt", "readme.md"], "\(room)")
            }
            // What was fetched is still there.
            let requests = bench.requests().map(\.bodyBytesSent).reduce(0, +)
            #expect(requests <= Self.byteCount, "\(requests) bytes were sent")
            try await disk.resize(Self.roomy)
            #expect(try await daemon.zooctl("fetch", "tiny").status == 0)
            #expect(watch.finish() == [] && watch.found == 1 && bench.kept("downloads").isEmpty)
            #expect(try await daemon.terminate().status == 0)
        }
    }

    @Test func `a disk that becomes read-only during a fetch is told, zood lives, and goes on when it is mounted anew`() async throws {
        let bench = try await bench()
        let (byteCount, image) = (4 << 20, bench.zoo.directory.appending("image"))
        let content = FileContent.generated(seed: 82, byteCount: byteCount)
        try await LoopDisk.make(image)
        var had = 0
        try await LoopDisk.with(image, at: bench.zoo.zoo) {
            bench.host.limit(bytesPerSecond: 1 << 20)
            try bench.makeModel(serving: content)
            let daemon = try await RunningDaemon.start(in: bench.zoo)
            try await eventually("some of it is there") { (bench.stagedByteCount ?? 0) > 200_000 }
            try await LoopDisk.breakDown(at: bench.zoo.zoo)
            let failed = try await daemon.waitForBinary(.failed)
            #expect(failed.note?.contains("Read-only file system") == true, "\(failed.note ?? "")")
            let asked = try await daemon.zooctl("fetch", "tiny")
            #expect(asked.status == 1 && asked.standardError.contains("Read-only file system"), "\(asked.status) \(asked.standardError)")
            #expect(try bench.zoo.bytes(of: bench.binary()) == nil)
            #expect(try await daemon.terminate().status == 0)
            had = bench.stagedByteCount ?? 0
        }
        bench.host.limit(bytesPerSecond: nil)
        // What the disk did not get is not there any more; what it has counts.
        _ = try await ProgramRun.run("fsck.ext4", ["-y", image.string])
        try await LoopDisk.with(image, at: bench.zoo.zoo) {
            let daemon = try await RunningDaemon.start(in: bench.zoo)
            try await daemon.waitForBinary(.failed, .queued, .fetching, .verified)
            let asked = try await daemon.zooctl("fetch", "tiny")
            #expect(asked.status == 0, "\(asked.standardError)")
            #expect(try bench.zoo.bytes(of: bench.binary()) == content.bytes(in: 0..<byteCount))
            #expect(had > 200_000 && bench.kept("downloads").isEmpty)
            #expect(try await daemon.terminate().status == 0)
        }
    }

    @Test func `what a disk lost when it was synced is fetched anew, although the cache still has it`() async throws {
        let bench = try await bench()
        let content = FileContent.generated(seed: 83, byteCount: 6 << 20)
        let backing = bench.zoo.directory.appending("backing")
        try FileManager.default.createDirectory(atPath: backing.string, withIntermediateDirectories: false)
        try await SmallDisk.with(at: backing, size: "4m") { disk in
            // A disk of 64 MiB that has room for four: writes are taken, and fail when they are synced.
            try await LoopDisk.make(backing.appending("image"))
            try await LoopDisk.with(backing.appending("image"), at: bench.zoo.zoo) {
                try bench.makeModel(serving: content)
                let daemon = try await RunningDaemon.start(in: bench.zoo)
                let failed = try await daemon.waitForBinary(.failed)
                #expect(failed.note?.contains("sync") == true, "\(failed.note ?? "")")
                #expect(try bench.zoo.bytes(of: bench.binary()) == nil)
                try await disk.resize(Self.roomy)
                let asked = try await daemon.zooctl("fetch", "tiny")
                #expect(asked.status == 0, "\(asked.standardError)")
                // What the disk has, not what was kept of it in memory.
                let path = bench.zoo.path(bench.binary())
                try await ProgramRun.succeed("dd", ["if=\(path)", "iflag=nocache", "count=0", "status=none"])
                #expect(try FileContent.file(path).digests() == content.digests())
                #expect(try await daemon.terminate().status == 0)
            }
        }
    }
}
