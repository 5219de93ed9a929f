import Foundation
import Testing

@testable import SystemIO

struct CrashPointTests {
    @Test func `the process dies at the named place, at the arrival that was asked for`() async {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            setEnvironment("INVOCATION_ID", nil)
            setEnvironment("ZOOD_CRASH_AT", "test.here")
            CrashPoint.reach("test.elsewhere")
            CrashPoint.reach("test.here")
            exit(0)
        }
        await #expect(processExitsWith: .exitCode(7)) {
            setEnvironment("INVOCATION_ID", nil)
            setEnvironment("ZOOD_CRASH_AT", "test.here:3")
            CrashPoint.reach("test.here")
            CrashPoint.reach("test.here")
            exit(7)
        }
        await #expect(processExitsWith: .signal(SIGKILL)) {
            setEnvironment("INVOCATION_ID", nil)
            setEnvironment("ZOOD_CRASH_AT", "test.here:3")
            for _ in 0..<3 { CrashPoint.reach("test.here") }
            exit(0)
        }
    }

    @Test func `a process under systemd never dies so`() async {
        await #expect(processExitsWith: .success) {
            setEnvironment("INVOCATION_ID", "0123456789abcdef0123456789abcdef")
            setEnvironment("ZOOD_CRASH_AT", "test.here")
            CrashPoint.reach("test.here")
            exit(0)
        }
    }

    @Test(arguments: ["", ":1", "a:", "a:0", "a:-1", "a:x", "a:1:2"]) func `a malformed setting arms nothing`(setting: String) {
        let isArmed = CrashPoint.Armed(setting: setting, invocation: nil) != nil
        #expect(!isArmed)
    }

    @Test func `no two places have the same name, and names look alike`() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var names: [String] = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            names += text.matches(of: /CrashPoint\.reach\("([^"]*)"\)/).map { String($0.output.1) }
        }
        #expect(names.count >= 10)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*/) != nil })
    }
}
