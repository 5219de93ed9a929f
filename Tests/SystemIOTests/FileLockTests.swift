import Foundation
import SystemIO
import SystemPackage
import Testing

struct FileLockTests {
    @Test func `a second holder is refused and told of the first`() throws {
        let temporary = try TemporaryDirectory()
        let first = try FileLock(relative("lock"), in: temporary.rooted())
        #expect(throws: FileLock.Failure.taken(byProcess: Int(getpid()))) {
            try FileLock(relative("lock"), in: temporary.rooted(), patience: .zero)
        }
        withExtendedLifetime(first) {}
        #expect(try temporary.rooted().status(of: relative("lock"))?.identity.mode == 0o600)
    }

    @Test func `the lock ends with its holder, and with a killed process`() async throws {
        let temporary = try TemporaryDirectory()
        do { _ = try FileLock(relative("lock"), in: temporary.rooted()) }
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = temporary.path as String] in
            let lock = try FileLock(relative("lock"), in: RootedDirectory(at: FilePath(path)))
            withExtendedLifetime(lock) { _ = kill(getpid(), SIGKILL) }
        }
        _ = try FileLock(relative("lock"), in: temporary.rooted())
        #expect(try temporary.text("lock") == "\(getpid())\n", "the dead process's number is gone")
    }

    @Test func `a holder that is about to end is waited for`() async throws {
        let temporary = try TemporaryDirectory()
        var first: FileLock? = try FileLock(relative("lock"), in: temporary.rooted())
        let second = Task.detached { [path = temporary.path] in
            try FileLock(relative("lock"), in: RootedDirectory(at: FilePath(path)), patience: .seconds(30))
        }
        // Two descriptors of this process: the second holder has tried.
        let lock = temporary.path + "/lock"
        func descriptorCount() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
                .count { (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)) == lock }
        }
        let end = ContinuousClock.now + .seconds(30)
        while try descriptorCount() < 2, ContinuousClock.now < end { await Task.yield() }
        withExtendedLifetime(first) {}
        first = nil
        _ = try await second.value
    }

    @Test func `a link in the lock file's place is refused`() throws {
        let temporary = try TemporaryDirectory()
        try temporary.write("precious", to: "target")
        try temporary.link("lock", to: "target")
        #expect(throws: FileLock.Failure.self) { try FileLock(relative("lock"), in: temporary.rooted()) }
        #expect(try temporary.text("target") == "precious")
    }
}
