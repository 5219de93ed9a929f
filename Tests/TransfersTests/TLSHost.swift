import Foundation
import ZooTestSupport

/// `openssl s_server` on 127.0.0.1 with a certificate of its own making. It answers with what the requested file holds, head included,
/// one connection after another: an answer should say `Connection: close`.
final class TLSHost: Sendable {
    let origin: String
    /// The certificate that a client has to trust.
    let caFile: String
    private let server: LeashedProcess
    private let directory: URL

    /// - Parameter answers: Complete HTTP answers by path, without the slash.
    init(_ answers: [String: String]) async throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        for (path, answer) in answers { try Data(answer.utf8).write(to: directory.appending(path: path)) }
        let (key, certificate) = (directory.appending(path: "key.pem").path, directory.appending(path: "certificate.pem").path)
        try await ProgramRun.succeed(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=zoo",
                "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ])
        caFile = certificate
        let log = directory.appending(path: "log").path
        server = try await LeashedProcess.start(
            "openssl", ["s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-HTTP"], directory: directory.path,
            standardOutput: log)
        origin = try await eventually("openssl listens") {
            let lines = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            return lines.split(separator: "\n").first { $0.hasPrefix("ACCEPT 127.0.0.1:") }.map { "https://" + $0.dropFirst(7) }
        }
    }

    deinit { try? FileManager.default.removeItem(at: directory) }
}
