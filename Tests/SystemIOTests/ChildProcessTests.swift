import Foundation
import ModelInfo
import SystemPackage
import Testing

@testable import SystemIO

@Suite struct ChildProcessTests {
    private func shell(
        _ script: String, environment: [String: String] = [:], deadline: Duration = .seconds(20), outputLimit: Int = 1 << 20
    ) -> SystemIO.ChildProcess {
        SystemIO.ChildProcess("/bin/sh", ["-c", script], environment: environment, deadline: deadline, outputLimit: outputLimit)
    }

    @Test func `input, both outputs and the exit status arrive whole`() throws {
        let input = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let outcome = try shell("cat; echo oops >&2; exit 7", outputLimit: 4 << 20).run(input: input)
        #expect(outcome.ending == .exited(7))
        #expect(outcome.output == input)
        #expect(outcome.errorText == "oops\n")
    }

    @Test func `a child that reads nothing does not hold up its own end`() throws {
        #expect(try shell("exit 0").run(input: [UInt8](repeating: 1, count: 1 << 20)).ending == .exited(0))
    }

    @Test func `the child has the environment that was given and no other`() throws {
        let outcome = try shell("env", environment: ["ONE": "1", "PATH": "/usr/bin:/bin"]).run()
        let names = Set(String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").map { $0.prefix { $0 != "=" } })
        #expect(names.subtracting(["PWD", "OLDPWD", "SHLVL", "_"]) == ["ONE", "PATH"])
    }

    @Test func `no descriptor of ours reaches the child`() throws {
        let name = "zood-leak-\(UUID().uuidString)"
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        // Open without O_CLOEXEC, as a careless library would.
        let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: [.create], permissions: .ownerReadWrite)
        defer {
            try? file.close()
            try? FileManager.default.removeItem(atPath: path)
        }
        let outcome = try shell("ls -l /proc/$$/fd", environment: ["PATH": "/usr/bin:/bin"]).run()
        let listing = String(decoding: outcome.output, as: UTF8.self)
        #expect(listing.contains("standard-input"))
        #expect(!listing.contains(name))
    }

    @Test func `a child that does not end is ended at the deadline, with what it started`() throws {
        let marker = FileManager.default.temporaryDirectory.appendingPathComponent("zood-child-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: marker) }
        #expect(throws: ChildProcessFailure.deadlinePassed(.milliseconds(300))) {
            try shell("sleep 60 & echo $! > \(marker); wait", environment: ["PATH": "/usr/bin:/bin"], deadline: .milliseconds(300)).run()
        }
        let process = try #require(Int32(String(contentsOfFile: marker, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
        let end = ContinuousClock.now + .seconds(10)
        while isRunning(process), ContinuousClock.now < end { usleep(5_000) }  // no wait: between two looks, with a deadline
        #expect(!isRunning(process))
    }

    /// A zombie that nobody has reaped yet does not run.
    private func isRunning(_ process: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !status.contains(") Z ")
    }

    @Test func `somebody who keeps the pipe open is not waited for`() throws {
        let started = ContinuousClock.now
        let outcome = try shell("sleep 60 & echo $!", environment: ["PATH": "/usr/bin:/bin"]).run()
        let holder = try #require(Int32(String(decoding: outcome.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)))
        defer { kill(holder, SIGKILL) }
        #expect(isRunning(holder))
        #expect(ContinuousClock.now - started < .seconds(15))
    }

    @Test func `more output than the limit ends the child`() {
        #expect(throws: ChildProcessFailure.outputTooLarge(limit: 1000)) {
            try shell("while :; do echo 0123456789; done", outputLimit: 1000).run()
        }
    }

    @Test func `errors are bounded and kept from their beginning`() throws {
        let outcome = try shell("i=0; while [ $i -lt 5000 ]; do echo line-$i >&2; i=$((i+1)); done").run()
        #expect(outcome.ending == .exited(0))
        #expect(outcome.errorText.hasPrefix("line-0\nline-1\n"))
        #expect(outcome.errorText.utf8.count == 16 << 10)
    }

    @Test func `a program that is not there is told apart`() {
        #expect(throws: ChildProcessFailure.notFound) {
            try SystemIO.ChildProcess("no-such-program-here", [], environment: [:], deadline: .seconds(5), outputLimit: 10).run()
        }
    }

    @Test func `a signal is told apart from a status`() throws {
        #expect(try shell("kill -TERM $$").run().ending == .killed(SIGTERM))
    }

    @Test func `a directory that is removed as a tree is gone, and what its links lead to is not`() throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("zood-tree-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: base + "/tree/a/b", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: base) }
        try Data("x".utf8).write(to: URL(fileURLWithPath: base + "/kept"))
        try FileManager.default.createSymbolicLink(atPath: base + "/tree/a/link", withDestinationPath: base)
        try Data("x".utf8).write(to: URL(fileURLWithPath: base + "/tree/a/b/file"))
        let root = try RootedDirectory(at: FilePath(base))
        try root.removeTree(RelativePath("tree"))
        try root.removeTree(RelativePath("tree"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: base) == ["kept"])
    }
}
