import Foundation

/// A certificate authority that nobody but who is told so trusts, and one certificate by it.
public final class OwnAuthority: Sendable {
    /// What `network.ca_file` is set to.
    public let caFile: String
    let certificate: String
    let key: String
    private let directory: URL

    /// - Parameter name: A DNS name; whatever ends in it is covered, too.
    public init(for name: String) async throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "authority-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        let place = { @Sendable [directory] (file: String) in directory.appending(path: file).path }
        (caFile, certificate, key) = (place("ca.pem"), place("certificate.pem"), place("key.pem"))
        let common = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        try await ProgramRun.succeed("openssl", common + ["-subj", "/CN=Zoo authority", "-keyout", place("ca.key"), "-out", caFile])
        try await ProgramRun.succeed(
            "openssl",
            common + [
                "-CA", caFile, "-CAkey", place("ca.key"), "-subj", "/CN=\(name)", "-addext", "basicConstraints=critical,CA:FALSE",
                "-addext", "subjectAltName=DNS:\(name),DNS:*.\(name)", "-keyout", key, "-out", certificate,
            ])
    }

    deinit { try? FileManager.default.removeItem(at: directory) }
}

/// TLS in front of servers that speak plain HTTP.
public final class TLSFront: Sendable {
    /// One for each server, in their order.
    public let ports: [Int]
    private let process: LeashedProcess
    private let log: String

    /// - Parameter servers: Ports of 127.0.0.1.
    public init(of authority: OwnAuthority, before servers: [Int]) async throws {
        let program = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../TLSFront/front.py").standardized.path
        let log = FileManager.default.temporaryDirectory.appending(path: "front-\(UUID().uuidString)").path
        process = try await LeashedProcess.start(
            "python3", [program, authority.certificate, authority.key] + servers.map(String.init), standardOutput: log, standardError: log)
        self.log = log
        ports = try await eventually("the front listens") {
            let lines = (try? String(contentsOfFile: log, encoding: .utf8))?.split(separator: "\n").compactMap { Int($0) } ?? []
            return lines.count == servers.count ? lines : nil
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: log) }
}
