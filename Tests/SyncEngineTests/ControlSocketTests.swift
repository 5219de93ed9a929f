import Foundation
import NIOCore
import NIOPosix
import SystemPackage
import Testing
import ZooTestSupport

@testable import SyncEngine

@Suite struct ControlSocketTests {
    private static let routes = [Route(.GET, "/v1", requires: .reader) { _ in try .json("here") }]

    private func mode(_ path: FilePath) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions] as? Int)
    }

    /// The problem of a server that cannot get its socket; nil when it gets it.
    private func problem(at path: FilePath) async throws -> String? {
        let (listening, isListening) = AsyncStream<Void>.makeStream()
        let server = ControlServer(
            .path(path), routes: [], logger: .init(label: "test"), gate: { ControlServerUnderTest.gate }, audit: { _ in },
            onListening: { isListening.yield() })
        let running = Task {
            defer { isListening.finish() }
            try await server.run()
        }
        for await _ in listening { running.cancel() }
        do { try await running.value } catch let problem as ControlSocketProblem { return problem.description }
        return nil
    }

    @Test func `the socket is for everybody, in a directory that everybody may pass`() async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            #expect(try mode(server.socket) == 0o666)
            #expect(try mode(server.socket.removingLastComponent()) == 0o755)
            #expect(try await server.curl("/v1", as: ProcessIdentity(uid: 65533)).status == 200)
        }
    }

    @Test func `a socket that nobody answers on is replaced`() async throws {
        try await ControlServerUnderTest.run(
            Self.routes,
            endpoint: { path in
                let script =
                    "import socket, sys, os; os.mkdir(os.path.dirname(sys.argv[1])); socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
                _ = try await ProgramRun.run("/usr/bin/python3", ["-c", script, path.string])
                #expect(FileManager.default.fileExists(atPath: path.string))
                return .path(path)
            }
        ) { server async throws in
            #expect(try await server.curl("/v1").status == 200)
        }
    }

    @Test func `a socket that a daemon answers on is left alone, and the second daemon says so`() async throws {
        try await ControlServerUnderTest.run(Self.routes) { server async throws in
            let told = try await problem(at: server.socket)
            #expect(told == "another zood answers on \(server.socket); stop it, or name another place with --socket")
            #expect(try await server.curl("/v1").status == 200)
        }
    }

    @Test func `a socket of a daemon that hangs is left alone`() async throws {
        let directory = try ControlServerUnderTest.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory.string) }
        let path = directory.appending("zood.sock")
        // Listens, never accepts, and its queue is full.
        let script = """
            import socket, sys, time
            s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(0)
            c = socket.socket(socket.AF_UNIX); c.connect(sys.argv[1])
            open(sys.argv[1] + '.full', 'w'); time.sleep(600)
            """
        let hanging = try await LeashedProcess.start("/usr/bin/python3", ["-c", script, path.string])
        try await eventually { FileManager.default.fileExists(atPath: path.string + ".full") }
        #expect(try await problem(at: path)?.hasPrefix("another zood answers on") == true)
        #expect(FileManager.default.fileExists(atPath: path.string))
        hanging.kill9()
    }

    @Test func `what is no socket is never removed`() async throws {
        let directory = try ControlServerUnderTest.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory.string) }
        let file = directory.appending("zood.sock")
        try Data("precious".utf8).write(to: URL(filePath: file.string))
        #expect(try await problem(at: file)?.contains("exists and is no socket") == true)
        let link = directory.appending("link.sock")
        try FileManager.default.createSymbolicLink(atPath: link.string, withDestinationPath: file.string)
        #expect(try await problem(at: link)?.contains("exists and is no socket") == true)
        #expect(try String(contentsOfFile: file.string, encoding: .utf8) == "precious")
    }

    @Test func `a socket that the service manager made is served, and left where it is`() async throws {
        try await ControlServerUnderTest.run(
            Self.routes,
            endpoint: { path in
                try FileManager.default.createDirectory(atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
                // Bound by somebody else, who never accepts; the server gets a descriptor of it.
                let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .serverChannelOption(.autoRead, value: false).bind(unixDomainSocketPath: path.string).get()
                let handed = try await listener.eventLoop.submit {
                    try listener.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
                        try FileDescriptor(rawValue: $0).duplicate()
                    }
                }.get()
                try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path.string)
                // Closing takes the name away, so it hides meanwhile.
                let hidden = path.string + ".hidden"
                try FileManager.default.moveItem(atPath: path.string, toPath: hidden)
                try await listener.close()
                try FileManager.default.moveItem(atPath: hidden, toPath: path.string)
                return .inherited(try #require(handed))
            }
        ) { server async throws in
            let answer = try await server.curl("/v1", as: ProcessIdentity(uid: 65533))
            #expect(answer.status == 200)
            await server.stop()
            try await eventually { try await server.curl("/v1").exitStatus == 7 }
            #expect(FileManager.default.fileExists(atPath: server.socket.string))
        }
    }
}
