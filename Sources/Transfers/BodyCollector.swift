/// Keeps a bounded body in memory.
final class BodyCollector: BodyReceiver {
    private(set) var bytes: [UInt8] = []
    private let maximumByteCount: Int

    init(maximumByteCount: Int) { self.maximumByteCount = maximumByteCount }

    func begin(_ head: ResponseHead) throws(TransferFailure) -> Bool {
        if let length = head.contentLength, length > maximumByteCount { throw TransferFailure(.tooLarge(byteCount: length)) }
        return true
    }

    func receive(_ more: UnsafeRawBufferPointer) throws(TransferFailure) -> Bool {
        guard more.count <= maximumByteCount - bytes.count else {
            throw TransferFailure(.tooLarge(byteCount: Int64(bytes.count) + Int64(more.count)))
        }
        unsafe bytes.append(contentsOf: more)
        return true
    }
}
