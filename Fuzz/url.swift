// The judgement of one URL: what is to be fetched is a plain http URL, and nothing that may be a secret is said. And what people write for
// a gist: an id that is one, or a reason.
@testable import ModelInfo

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
    for piece in URLDecoration.separated(text) {
        let judged = BinaryURL(piece, addresses: AddressPolicy())
        for url in [judged.url, judged.directForm].compactMap({ $0 }) {
            require(isFetchable(url), "not to be fetched: \(url)")
            let again = BinaryURL(url, addresses: AddressPolicy())
            require(
                again.findings.allSatisfy { ![.urlInvalid, .urlHasCredentials, .urlNoScheme].contains($0.code) }, "not stable: \(url)")
        }
        require(judged.url == nil || judged.findings.allSatisfy { $0.code.severity != .error }, "fetched with an error: \(piece)")
        require(judged.url != nil || judged.findings.contains { $0.code.severity == .error }, "refused without a word: \(piece)")
    }
    judgeReference(text)
    for piece in text.split(separator: "\n").prefix(20) { judgeReference(String(piece)) }
    return 0
}

private func judgeReference(_ written: String) {
    guard let reference = GistReference(written) else {
        guard let problem = GistReference.problem(with: written) else { fatalError("no gist and no reason: \(written)") }
        require(problem.utf8.count <= 2048 && !problem.utf8.contains { $0 < 0x20 || $0 == 0x7F }, "not to be shown: \(problem)")
        return
    }
    let id = reference.id
    require(GistReference.problem(with: written) == nil, "a gist with a reason against it: \(written)")
    require(GistID(bare: id.description) == id, "no id: \(id)")
    require(id.description.utf8.allSatisfy { isIDByte($0) } && id.description.utf8.count <= 38, "no plain id: \(id)")
    require(GistReference(id.description)?.id == id, "not understood again: \(id)")
    require(GistReference("https://gist.github.com/owner/\(id)")?.id == id, "not understood in a URL: \(id)")
    require(reference.owner.map { !$0.utf8.contains(UInt8(ascii: "/")) } ?? true, "no owner: \(reference.owner ?? "")")
}

private func isIDByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || byte == UInt8(ascii: "-")
}
