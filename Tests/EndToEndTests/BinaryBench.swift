import ControlProtocol
import Foundation
import ModelInfo
import SystemPackage
import ZooTestSupport

/// A zoo without gists, and the file host that its readmes point to.
struct BinaryBench {
    static let file = "tiny.caffemodel"

    /// Written before there was an error, or by the system that met the end.
    static var tellsFullDisk: Regex<Substring> { /more are needed in .* are free|No space left/ }

    let zoo: TemporaryZoo
    let host: LoopbackFileHost

    /// - Parameter sections: As for ``TemporaryZoo/configure(_:)``.
    init(_ sections: [String: String] = [:]) async throws {
        (zoo, host) = (try TemporaryZoo(), try await LoopbackFileHost.start())
        try configure(sections)
    }

    func configure(_ sections: [String: String]) throws {
        try zoo.configure(["gists": "{ host: none }"].merging(sections) { $1 })
    }

    /// Serves `content` and makes a model whose readme names it with the checksum of `promised`.
    /// - Parameters:
    ///   - url: Nil: where it is served.
    ///   - promised: Nil: what is served.
    ///   - hasChecksum: False: the readme has no sha1.
    func makeModel(
        _ id: String = "tiny", serving content: FileContent, url: String? = nil, promised: FileContent? = nil, hasChecksum: Bool = true
    ) throws {
        let served = host.serve(content, at: "\(id).bin")
        try zoo.makeModel(
            id, ReadmeText(url: url ?? served, sha1: hasChecksum ? (promised ?? content).digests().sha1 : nil),
            files: ["deploy.prototxt": TemporaryZoo.prototxt])
    }

    /// Where a model's binary lies, below the zoo.
    func binary(_ id: String = "tiny") -> String { "\(id)/\(Self.file)" }

    /// The GET requests for a model's file.
    func requests(_ id: String = "tiny") -> [RecordedRequest] { host.requests.requests("GET", path: "/\(id).bin") }

    /// Bytes of a model's file that the host sent, all answers together.
    func sentByteCount(_ id: String = "tiny") -> Int { requests(id).reduce(0) { $0 + $1.bodyBytesSent } }

    /// Names below `.zood/`, none when it is not there.
    func kept(_ directory: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: zoo.path(".zood/\(directory)").string)) ?? []).sorted()
    }

    /// The bytes of everything in the trash.
    func trash() throws -> [[UInt8]] { try kept("trash").compactMap { try zoo.bytes(of: ".zood/trash/\($0)") } }

    /// How many bytes of a download are there by now; nil when there is not exactly one.
    var stagedByteCount: Int? {
        guard kept("downloads").count == 1, let name = kept("downloads").first else { return nil }
        let attributes = try? FileManager.default.attributesOfItem(atPath: zoo.path(".zood/downloads/\(name)").string)
        return (attributes?[.size] as? NSNumber)?.intValue
    }
}

extension RunningDaemon {
    /// Waits until a model's only binary is in one of these states, and gives it.
    @discardableResult
    func waitForBinary(_ states: BinaryState..., of id: String = "tiny", within limit: Duration = .seconds(30)) async throws -> BinaryStatus
    {
        let wanted = states.map(\.rawValue).joined(separator: " or ")
        return try await wait(for: id, "has a binary that is \(wanted)", within: limit) { model in
            model.binaries.first.flatMap { states.contains($0.state) ? $0 : nil }
        }
    }
}
