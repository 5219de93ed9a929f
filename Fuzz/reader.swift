// The reader: any bytes as a readme. It must end without a trap, say only places that exist, and show no password.
@testable import ModelInfo

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let reading = reading(of: bytes)
    let lineCount = TextLine.all(in: bytes, range: 0..<bytes.count).count + 1
    let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    for diagnostic in reading.diagnostics {
        let (line, column) = (diagnostic.line ?? 1, diagnostic.column ?? 1)
        require(line >= 1 && column >= 1 && (isWide || line <= lineCount), "\(diagnostic.code.rawValue) at \(line):\(column)")
    }
    for binary in reading.declaredBinaryURLs { require(isFetchable(binary), "not to be fetched: \(binary)") }
    require(!reading.canPublish || reading.diagnostics.allSatisfy { $0.severity != .error }, "published with an error")
    return 0
}
