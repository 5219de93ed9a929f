import Foundation
import Testing

@testable import ZooTestSupport

@Suite struct ProcessTests {
    /// Whether a process is there and no zombie.
    private func isAlive(_ pid: Int32) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        return !status.isEmpty && !status.contains("State:\tZ")
    }

    @Test func `a program's output, errors and status come back`() async throws {
        let result = try await ProgramRun.run("sh", ["-c", "echo out; echo err >&2; exit 3"])
        #expect(result.status == 3 && result.standardOutput == "out\n" && result.standardError == "err\n")
        #expect(try await ProgramRun.run("sh", ["-c", "kill -KILL $$"]).status == 137)
        await #expect(throws: ProgramFailure.self) { try await ProgramRun.succeed("false", []) }
    }

    @Test func `output larger than a pipe comes back whole`() async throws {
        let result = try await ProgramRun.run("head", ["--bytes", "3000000", "/dev/zero"])
        #expect(result.standardOutputBytes.count == 3_000_000)
    }

    @Test func `a program that does not end in time is killed`() async throws {
        await #expect(throws: StillRunning.self) { try await ProgramRun.run("sleep", ["600"], limit: .milliseconds(100)) }
    }

    @Test func `a program can run as another user with groups`() async throws {
        let somebody = ProcessIdentity(uid: 4711, gid: 4712, groups: [4713])
        #expect(try await ProgramRun.run("id", ["-u"], identity: somebody).standardOutput == "4711\n")
        #expect(try await ProgramRun.run("id", ["-G"], identity: somebody).standardOutput == "4712 4713\n")
    }

    @Test func `a process ends when nobody holds it any more`() async throws {
        var process: LeashedProcess? = try await LeashedProcess.start("sleep", ["600"])
        let pid = try #require(process?.pid)
        #expect(isAlive(pid))
        process = nil
        try await eventually("the process is gone") { !isAlive(pid) }
    }

    @Test(arguments: [nil, ProcessIdentity(uid: 4711)])
    func `the kernel kills a process with the one that started it, whoever it runs as`(_ identity: ProcessIdentity?) async throws {
        let dump = try await ProgramRun.run("setpriv", ["--dump"], identity: identity).standardOutput
        #expect(dump.contains("Parent death signal: KILL\n"))
    }

    @Test func `waiting ends with the condition, or says what did not come true`() async throws {
        var looks = 0
        try await eventually("the third look") {
            looks += 1
            return looks == 3
        }
        await #expect(throws: NotInTime.self) { try await eventually("never", within: .milliseconds(20)) { false } }
    }
}
