import NIOCore

/// The body of one request on its way from the connection to the handler that takes it: bounded, so that a client is no faster than
/// the disk.
actor BodyPipe {
    /// A client went away, or was cut, before the body was complete.
    struct Cut: Error {}

    private enum State { case open, complete, cut }

    /// Bytes that wait at most, and one piece of the connection more.
    private static let capacity = 1 << 20

    private var buffered = ByteBuffer()
    private var state = State.open
    private var isClosed = false
    private var taker: CheckedContinuation<Void, Never>?
    private var giver: CheckedContinuation<Void, Never>?

    /// Returns when there is room for more. What nobody wants any more is dropped.
    func put(_ bytes: ByteBuffer) async {
        guard !isClosed else { return }
        buffered.writeImmutableBuffer(bytes)
        wakeTaker()
        while buffered.readableBytes >= Self.capacity, !isClosed { await withCheckedContinuation { giver = $0 } }
    }

    /// The body is complete.
    func complete() { end(.complete) }

    /// Nothing more comes. What was complete stays so.
    func cut() { end(.cut) }

    private func end(_ new: State) {
        if case .open = state { state = new }
        wakeTaker()
    }

    /// All that is there, waiting for some; nil at the end of the body.
    /// - Throws: ``Cut``, `CancellationError`.
    func next() async throws -> [UInt8]? {
        while true {
            try Task.checkCancellation()
            if buffered.readableBytes > 0 {
                let bytes = Array(buffered.readableBytesView)
                buffered.clear()
                wakeGiver()
                return bytes
            }
            switch state {
            case .complete: return nil
            case .cut: throw Cut()
            case .open: break
            }
            await withTaskCancellationHandler {
                await withCheckedContinuation { taker = $0 }
            } onCancel: {
                Task { await self.wakeTaker() }
            }
        }
    }

    /// Nobody takes any more of it.
    /// - Returns: Whether the whole body had come.
    func close() -> Bool {
        isClosed = true
        wakeGiver()
        return if case .complete = state { true } else { false }
    }

    private func wakeTaker() {
        taker?.resume()
        taker = nil
    }

    private func wakeGiver() {
        giver?.resume()
        giver = nil
    }
}

/// A body that is taken while it comes.
struct Upload: Sendable {
    /// As announced; the connection sees to it that no more come.
    let byteCount: Int64
    let pipe: BodyPipe
}
