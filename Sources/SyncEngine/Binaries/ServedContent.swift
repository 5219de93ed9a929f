import ControlProtocol
import ModelInfo
import Planning
import Transfers

/// What a source served, against what the info promises.
struct ServedContent {
    let url: String
    let request: FetchRequest

    /// The size that the right file surely has: of one whose SHA-1 fitted what the info names now. Nil where none was ever seen.
    var wantedByteCount: Int64? {
        guard let good = request.memory.good, let sha1 = request.declared.sha1, good.sha1 == sha1 else { return nil }
        return good.identity.size
    }

    /// Whether more came, or was announced, than the right file has.
    func isTooLong(_ byteCount: Int64) -> Bool { wantedByteCount.map { byteCount > $0 } ?? false }

    /// What it is instead of a binary; nil when nothing speaks against one, and for an archive where the file is to be one by its name.
    func page(_ result: DownloadResult) -> String? {
        if LooksLike.archive(firstBytes: result.firstBytes) != nil, ArchiveName.isOne(request.file.name) { return nil }
        return LooksLike.page(firstBytes: result.firstBytes, contentType: result.contentType) ?? result.contentCoding.flatMap(coded)
    }

    /// Not all codings show in the bytes. Servers call a stored archive so, too.
    private func coded(_ coding: String) -> String? {
        ArchiveName.isOne(request.file.name) ? nil : "bytes that the server made into '\(coding.prefix(20))'"
    }

    /// What came instead, for people.
    func words(of result: DownloadResult, _ hashed: HashedFile, _ page: String?) -> String {
        let size = SizeWords.of(result.byteCount)
        let source = source(of: result)
        guard let page else {
            return "\(source) serves \(size) with sha1 \(hashed.sha1?.description ?? "?") instead of \(wantedDigest)"
        }
        // A page is told from a model by its size at a glance; two models only by their digests.
        return "\(source) serves \(page), \(size), instead of \(wantedByteCount.map { SizeWords.of($0) } ?? wantedDigest)"
    }

    /// The URL, and where it led: without parameters, which may let in who has them.
    private func source(of result: DownloadResult) -> String {
        guard let asked = try? HTTPURL(url), asked != result.url else { return url }
        let shown = result.url.description.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return "\(url), which led to \(shown[0])\(shown.count > 1 ? "?…" : ""),"
    }

    func words(ofMoreThan byteCount: Int64) -> String {
        "\(url) serves \(SizeWords.of(byteCount)) or more instead of \(wantedByteCount.map { SizeWords.of($0) } ?? wantedDigest)"
    }

    private var wantedDigest: String {
        request.declared.sha1.map { "sha1 \($0)" } ?? request.sha256.map { "sha256 \($0)" } ?? "a model"
    }
}
