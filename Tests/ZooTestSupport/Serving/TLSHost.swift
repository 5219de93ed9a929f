import Foundation

/// `openssl s_server` on 127.0.0.1. It answers with what the requested file holds, head included, one connection after another: an answer
/// should say `Connection: close`.
public final class TLSHost: Sendable {
    /// `https://127.0.0.1:PORT`.
    public let origin: String
    /// The port that the kernel chose.
    public let port: Int
    /// The certificate that a client has to trust.
    public var caFile: String { certificate.file }
    private let certificate: TLSCertificate
    private let server: LeashedProcess
    private let directory: URL

    /// - Parameters:
    ///   - answers: Complete HTTP answers by path, without the slash.
    ///   - certificate: Nil: a good one of its own making.
    ///   - port: 0: any free one.
    public init(_ answers: [String: [UInt8]], certificate: TLSCertificate? = nil, port: Int = 0) async throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        for (path, answer) in answers { try Data(answer).write(to: directory.appending(path: path)) }
        if let certificate { self.certificate = certificate } else { self.certificate = try await TLSCertificate(.good) }
        let log = directory.appending(path: "log").path
        server = try await LeashedProcess.start(
            "openssl",
            ["s_server", "-accept", "127.0.0.1:\(port)", "-key", self.certificate.key, "-cert", self.certificate.file, "-HTTP"],
            directory: directory.path, standardOutput: log)
        let bound = try await eventually("openssl listens") { () -> Int? in
            let lines = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            // It says the port only when it was left to the kernel.
            return lines.split(separator: "\n").first { $0.hasPrefix("ACCEPT") }.map { Int($0.dropFirst(17)) ?? port }
        }
        (self.port, origin) = (bound, "https://127.0.0.1:\(bound)")
    }

    /// As above, of answers that are text.
    public convenience init(_ answers: [String: String]) async throws { try await self.init(answers.mapValues { Array($0.utf8) }) }

    /// Ends it, so that its port is free.
    public func stop() async throws {
        server.kill9()
        _ = try await server.exitStatus(within: .seconds(10))
    }

    deinit { try? FileManager.default.removeItem(at: directory) }
}

/// A certificate that signs itself, with its key: two files that are removed with this object.
public final class TLSCertificate: Sendable {
    /// What a client that trusts it makes of it.
    public enum Kind: Sendable {
        /// For 127.0.0.1, now.
        case good
        /// For 127.0.0.1, until the end of 2020.
        case expired
        /// For another host, now.
        case ofAnotherHost
    }

    /// Path of the PEM file with the certificate.
    public let file: String
    /// Path of the PEM file with the key.
    public let key: String
    private let directory: URL

    /// Makes both by `openssl`.
    public init(_ kind: Kind) async throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "certificate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        (file, key) = (directory.appending(path: "certificate.pem").path, directory.appending(path: "key.pem").path)
        let isExpired = kind == .expired
        let host = kind == .ofAnotherHost ? "DNS:elsewhere.example" : "IP:127.0.0.1"
        let subject = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=zoo", "-keyout", key]
        guard isExpired else {
            let rest = ["-x509", "-days", "2", "-addext", "subjectAltName=\(host)", "-out", file]
            try await ProgramRun.succeed("openssl", ["req"] + subject + rest)
            return
        }
        // Only `openssl ca` lets one say when a certificate ends.
        let configuration = """
            [ca]
            default_ca = zoo
            [zoo]
            database = \(directory.path)/index
            rand_serial = yes
            new_certs_dir = \(directory.path)
            default_md = sha256
            policy = names
            x509_extensions = extensions
            [names]
            commonName = supplied
            [extensions]
            subjectAltName = \(host)

            """
        let (request, settings) = (directory.appending(path: "request.pem").path, directory.appending(path: "ca.cnf"))
        try Data(configuration.utf8).write(to: settings)
        try Data().write(to: directory.appending(path: "index"))
        try await ProgramRun.succeed("openssl", ["req", "-new"] + subject + ["-out", request])
        try await ProgramRun.succeed(
            "openssl",
            [
                "ca", "-selfsign", "-batch", "-notext", "-config", settings.path, "-keyfile", key, "-in", request, "-out", file,
                "-startdate", "20200101000000Z", "-enddate", "20201231000000Z",
            ])
    }

    deinit { try? FileManager.default.removeItem(at: directory) }
}
