import Synchronization
import ZooTestSupport

/// The troubles of other hosts than the usual one: no name, no listener, a certificate that does not do.
final class OtherTroubles: Sendable {
    /// What zood has to trust.
    let caFile: String
    private let certificates: (good: TLSCertificate, expired: TLSCertificate, ofAnotherHost: TLSCertificate)
    private let hosts = Mutex<[TLSHost]>([])
    private let listeners = Mutex<[LoopbackFileHost]>([])
    private let cures = Mutex<[@Sendable () async throws -> Void]>([])

    init() async throws {
        certificates = try await (TLSCertificate(.good), TLSCertificate(.expired), TLSCertificate(.ofAnotherHost))
        let all = [certificates.good, certificates.expired, certificates.ofAnotherHost]
        caFile = certificates.good.file + ".all"
        try await ProgramRun.succeed("sh", ["-c", "cat \"$@\" > '\(caFile)'", "cat"] + all.map(\.file))
    }

    /// Where a model's readme points; nil where the usual host makes the trouble.
    /// - Parameter plain: The file without TLS.
    func url(of cause: DownloadFault.Cause, _ file: String, _ content: FileContent, plain: String) async throws -> String? {
        let bytes = try content.bytes(in: 0..<content.byteCount)
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\nETag: \"1\"\r\nConnection: close\r\n\r\n"
        let answer = Array(head.utf8) + bytes
        switch cause {
        case .answers: return nil
        case .noSuchName: return "http://no-such-name.invalid/\(file)"
        case .nobodyListens:
            let gone = try await LoopbackFileHost.start()
            let port = gone.port
            await gone.stop()
            cures.withLock {
                $0.append { [self] in
                    let host = try await LoopbackFileHost.start(port: port)
                    host.serve(content, at: file)
                    listeners.withLock { $0.append(host) }
                }
            }
            return gone.url(file)
        case .expiredCertificate: return try await url(file, answer, certificates.expired, until: answer)
        case .certificateOfAnotherHost: return try await url(file, answer, certificates.ofAnotherHost, until: answer)
        case .leavesHTTPS:
            let elsewhere = "HTTP/1.1 302 Found\r\nLocation: \(plain)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            return try await url(file, Array(elsewhere.utf8), certificates.good, until: answer)
        }
    }

    private func url(
        _ file: String, _ answer: [UInt8], _ certificate: TLSCertificate, until good: [UInt8]
    ) async throws -> String {
        let host = try await TLSHost([file: answer], certificate: certificate)
        cures.withLock {
            $0.append { [self] in
                try await host.stop()
                let better = try await TLSHost([file: good], certificate: certificates.good, port: host.port)
                hosts.withLock { $0.append(better) }
            }
        }
        return "\(host.origin)/\(file)"
    }

    /// Everything is as it should be; a name that does not exist is a matter of the readme.
    func end() async throws {
        for cure in cures.withLock({ $0 }) { try await cure() }
    }
}
