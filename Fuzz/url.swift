// The judgement of one URL: what is to be fetched is a plain http URL, and nothing that may be a secret is said.
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
    return 0
}
