import FoundationEssentials
import ModelInfo
import Planning
import Transfers

/// One binary to get.
struct FetchRequest: Sendable {
    var model: ModelID
    /// The model in a command, `ModelView.idWord`.
    var idWord: String
    var file: RelativePath
    var declared: DeclaredBinary
    var purpose: FetchPurpose
    var memory: BinaryMemory
    /// An operator lets it through however large it is.
    var allowsAnySize = false
    /// The uid of who handed the file over; nil for a fetch.
    var importedBy: UInt32?
    var zoo: Zoo
    /// When a person last asked for it by name; nil when nobody did.
    var askedAt: Date?

    /// The SHA-256 that it must have, as far as that is known; the model info mostly names a SHA-1 alone.
    var sha256: SHA256Digest? {
        if let named = declared.sha256 { return named }
        // What was once recorded for this SHA-1 is the only thing that passes for it. Without any checksum the first digest stands in for
        // it, as long as the file that had it is there.
        let isRecorded = declared.sha1 == nil ? purpose == .repair : memory.good?.sha1 == declared.sha1
        return isRecorded ? memory.good?.sha256 : nil
    }

    /// What tells whether two requests are for the same bytes; nil when any bytes will do.
    var digest: String? { declared.sha1?.description ?? sha256?.description }

    /// Whether bytes with these digests are what is wanted. Without a checksum anything is, that is no page.
    func accepts(_ hashed: HashedFile, _ page: String?) -> Bool {
        if declared.sha1 != nil || declared.sha256 != nil { return memory.accepts(hashed, declared) }
        return sha256.map { $0 == hashed.sha256 } ?? (page == nil)
    }

    /// Where it may come from: mirrors in the order of the configuration, then what the model info names.
    /// - Parameter mirrors: Templates. Each is looked up by what the bytes are, so they serve only binaries with a checksum.
    func sources(mirrors: [String]) -> [BinarySource] {
        var sources: [BinarySource] = []
        func add(_ kind: BinarySource.Kind, _ url: String) {
            guard !sources.contains(where: { $0.url == url }) else { return }
            let parsed = try? HTTPURL(url)
            sources.append(BinarySource(kind, url: url, host: parsed.map { "\($0.host):\($0.port)" } ?? ""))
        }
        if digest != nil { for mirror in mirrors.compactMap(filled) { add(.mirror, mirror) } }
        for url in [declared.url].compactMap({ $0 }) + declared.mirrors { add(.named, url) }
        return sources
    }

    /// Nil for a template that needs what is not known of this binary.
    private func filled(_ template: String) -> String? {
        let values: [String: String?] = [
            "{sha1}": declared.sha1?.description, "{sha256}": sha256?.description, "{file}": percentEncoded(file.name),
            "{model}": model.path.components.map(percentEncoded).joined(separator: "/"),
        ]
        var url = template
        for (placeholder, value) in values where url.contains(placeholder) {
            guard let value else { return nil }
            url = url.replacing(placeholder, with: value)
        }
        return url
    }

    private func percentEncoded(_ name: String) -> String {
        name.utf8.map { byte in
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
            return isPlain ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
