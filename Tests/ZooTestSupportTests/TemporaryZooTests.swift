import Foundation
import ModelInfo
import SystemPackage
import Testing

@testable import ZooTestSupport

@Suite struct TemporaryZooTests {
    @Test func `a zoo is removed with everything in it`() throws {
        var zoo: TemporaryZoo? = try TemporaryZoo()
        let directory = try #require(zoo?.directory.string)
        try zoo?.makeModel("vision/tiny", files: ["deploy.prototxt": TemporaryZoo.prototxt])
        #expect(FileManager.default.fileExists(atPath: directory + "/zoo/vision/tiny/readme.md"))
        zoo = nil
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    @Test func `a readme says what it was told to`() throws {
        let sha1 = try #require(SHA1Digest(hex: "15aa726b4d46d9f023526d85537db81cbc8dd566"))
        var readme = ReadmeText(name: "Face", caffemodel: "f.caffemodel", url: "http://127.0.0.1/f", sha1: sha1)
        readme["license"] = nil
        readme["gist_id"] = "0123456789abcdef0123"
        #expect(
            readme.text == """
                ---
                name: Face
                caffemodel: f.caffemodel
                caffemodel_url: http://127.0.0.1/f
                sha1: 15aa726b4d46d9f023526d85537db81cbc8dd566
                caffe_commit: 709dc159a4ae0f5d7a5a0c2e3b41ed0f7eb79a3d
                gist_id: 0123456789abcdef0123
                ---

                A model for tests.

                """)
        readme.lineEnd = "\r\n"
        #expect(readme.text.hasPrefix("---\r\nname: Face\r\n"))
    }

    @Test func `rot changes bytes and leaves the time as it was, to the nanosecond`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.write(.generated(seed: 1, byteCount: 3 << 20), to: "m/big.caffemodel")
        let old = try await ProgramRun.succeed("stat", ["--format=%y %s %i", zoo.path("m/big.caffemodel").string]).standardOutput
        try await zoo.rot("m/big.caffemodel", at: 2 << 20, byteCount: 4)
        #expect(try await ProgramRun.succeed("stat", ["--format=%y %s %i", zoo.path("m/big.caffemodel").string]).standardOutput == old)
        let (good, bad) = (
            try FileContent.generated(seed: 1, byteCount: 3 << 20).bytes(in: 0..<3 << 20), try zoo.bytes(of: "m/big.caffemodel")
        )
        #expect(zip(good, bad ?? []).count { $0 != $1 } == 4)
    }

    @Test func `sections replace the default ones in the configuration`() throws {
        let zoo = try TemporaryZoo()
        try zoo.configure(["gists": "{ host: none }", "watch": "{ settle: 1s }"])
        let text = try String(contentsOfFile: zoo.configuration.string, encoding: .utf8)
        #expect(text.contains("gists: { host: none }\n") && text.contains("watch: { settle: 1s }\n") && !text.contains("settle_max"))
    }

    @Test func `a zoo can be given to another user`() async throws {
        let zoo = try TemporaryZoo()
        try await zoo.give(to: ProcessIdentity(uid: 4711))
        #expect(try await ProgramRun.succeed("stat", ["--format=%u", zoo.state.string]).standardOutput == "4711\n")
    }
}

@Suite struct RunningDaemonTests {
    @Test func `a daemon that ends at once is reported with what it wrote`() async throws {
        let zoo = try TemporaryZoo()
        let script = zoo.directory.appending("broken")
        try Data("#!/bin/sh\necho cannot start: $* >&2\nexit 2\n".utf8).write(to: URL(filePath: script.string))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.string)
        let error = await #expect(throws: DaemonEnded.self) { try await RunningDaemon.start(script.string, in: zoo) }
        #expect(error?.status == 2)
        #expect(error?.log == "cannot start: --config \(zoo.configuration) --state \(zoo.state) --socket \(zoo.socket)\n")
    }

    @Test func `a daemon that never answers is given up and killed`() async throws {
        let zoo = try TemporaryZoo()
        let script = zoo.directory.appending("silent")
        try Data("#!/bin/sh\necho $$\nexec sleep 600\n".utf8).write(to: URL(filePath: script.string))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.string)
        await #expect(throws: NotInTime.self) { try await RunningDaemon.start(script.string, in: zoo, within: .milliseconds(300)) }
        let pid = try String(contentsOfFile: zoo.log.string, encoding: .utf8).trimmingCharacters(in: .newlines)
        try await eventually("it is gone") { !FileManager.default.fileExists(atPath: "/proc/\(pid)") }
    }

    @Test func `signals end a daemon, and the exit status is told`() async throws {
        let zoo = try TemporaryZoo()
        let script = zoo.directory.appending("polite")
        try Data("#!/bin/sh\ntrap 'exit 0' TERM\necho ready $ZOOD_CRASH_AT\nwhile :; do sleep 0.01; done\n".utf8)
            .write(to: URL(filePath: script.string))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.string)
        let polite = try await RunningDaemon.start(script.string, in: zoo, crashAt: "edit.exchanged:2", within: .zero)
        try await eventually("it is ready") { polite.log == "ready edit.exchanged:2\n" }
        #expect(try await polite.terminate().status == 0)
        let killed = try await RunningDaemon.start(script.string, in: zoo, within: .zero)
        try await eventually("it is ready") { killed.log == "ready\n" }
        try await killed.kill9()
        #expect(try await killed.exitStatus() == 137)
    }
}
