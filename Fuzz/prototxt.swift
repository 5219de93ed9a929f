@testable import ModelInfo

/// A prototxt of these bytes is read to an answer, and a fault has its place in the text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPrototxt(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    switch PrototxtReader.read(bytes, file: "deploy.prototxt") {
    case .success(let summary):
        precondition(summary.parameters.count <= summary.parameterCount && summary.layers <= count)
        precondition(summary.inputs.allSatisfy { $0.shape.count <= 32 })
    case .failure(let failure):
        let diagnostic = failure.diagnostic(in: bytes, file: "deploy.prototxt")
        let lines = 1 + bytes.count { $0 == 10 || $0 == 13 }
        precondition((1...lines).contains(diagnostic.line ?? 0) && (1...count + 1).contains(diagnostic.column ?? 0))
    }
    return 0
}
