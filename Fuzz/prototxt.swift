// The prototxts: any bytes are read to an answer, and a fault has its place in the text.
@testable import ModelInfo

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPrototxt(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    switch PrototxtReader.read(bytes, file: "deploy.prototxt") {
    case .success(let summary):
        require(summary.parameters.count <= summary.parameterCount && summary.layers <= count, "a count that cannot be")
        require(summary.inputs.allSatisfy { $0.shape.count <= 32 }, "a shape that is too long")
    case .failure(let failure):
        let diagnostic = failure.diagnostic(in: bytes, file: "deploy.prototxt")
        let lines = 1 + bytes.count { $0 == 10 || $0 == 13 }
        require((1...lines).contains(diagnostic.line ?? 0) && (1...count + 1).contains(diagnostic.column ?? 0), "a fault outside the text")
    }
    return 0
}
