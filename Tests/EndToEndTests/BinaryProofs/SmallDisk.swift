import Foundation
import SystemPackage
import ZooTestSupport

/// A file system in memory, of any size and at any place.
struct SmallDisk {
    let place: FilePath

    /// Runs `body` while it is mounted. A process that still holds it keeps nothing else from going on.
    static func with(at place: FilePath, size: String, _ body: (SmallDisk) async throws -> Void) async throws {
        try await ProgramRun.succeed("mount", ["-t", "tmpfs", "-o", "size=\(size),mode=755", "tmpfs", place.string])
        var failure: (any Error)?
        do { try await body(SmallDisk(place: place)) } catch { failure = error }
        try await ProgramRun.succeed("umount", ["--lazy", place.string])
        if let failure { throw failure }
    }

    /// As `mount` takes a size.
    func resize(_ size: String) async throws { try await remount("size=\(size)") }

    /// Leaves so much room beside what is there.
    func leave(kibibytes: Int) async throws {
        let used = try await ProgramRun.succeed("df", ["--output=used", "--block-size=1K", place.string]).standardOutput
        guard let number = used.split(separator: "\n").last.flatMap({ Int($0.trimmingCharacters(in: .whitespaces)) }) else { return }
        // Nothing is no size.
        try await resize("\(max(1, number + kibibytes))k")
    }

    func remount(_ options: String) async throws { try await ProgramRun.succeed("mount", ["-o", "remount,\(options)", place.string]) }
}

/// An ext4 file system without a journal in a file, at any place.
enum LoopDisk {
    /// Makes it, of 64 MiB.
    static func make(_ image: FilePath) async throws {
        try await ProgramRun.succeed("truncate", ["-s", "64M", image.string])
        try await ProgramRun.succeed("mkfs.ext4", ["-q", "-O", "^has_journal", image.string])
    }

    /// Runs `body` while it is mounted. A process that still holds it keeps nothing else from going on.
    static func with(_ image: FilePath, at place: FilePath, _ body: () async throws -> Void) async throws {
        try await ProgramRun.succeed("mount", ["-o", "loop,noatime,errors=remount-ro", image.string, place.string])
        var failure: (any Error)?
        do { try await body() } catch { failure = error }
        try await ProgramRun.succeed("umount", ["--lazy", place.string])
        if let failure { throw failure }
    }

    /// Tells the kernel that something is wrong with it: from now on it can only be read, until it is mounted anew.
    static func breakDown(at place: FilePath) async throws {
        let device = try await ProgramRun.succeed("findmnt", ["--noheadings", "--output", "SOURCE", place.string]).standardOutput
        let name = device.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: "/").last ?? ""
        try Data("1".utf8).write(to: URL(filePath: "/sys/fs/ext4/\(name)/trigger_fs_error"))
    }
}
