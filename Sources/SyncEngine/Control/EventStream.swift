import ControlProtocol
import FoundationEssentials

/// Events as lines of JSON, from a number on: none is left out in silence, and a slow reader only reads later.
struct EventStream: Sendable {
    /// Rows read at once.
    private static let batch = 200

    let after: Int64
    /// The last event to tell; nil goes on with what happens.
    let until: Int64?
    let daemon: Daemon

    var lines: AsyncStream<[UInt8]> {
        let position = Position(after)
        return AsyncStream(unfolding: { await next(position) })
    }

    /// Only ever touched by the one reader of the stream.
    private actor Position {
        var seq: Int64
        var waiting: [[UInt8]] = []

        init(_ seq: Int64) { self.seq = seq }

        func take() -> [UInt8]? { waiting.isEmpty ? nil : waiting.removeFirst() }

        func put(_ lines: [[UInt8]], upTo seq: Int64) {
            waiting += lines
            self.seq = seq
        }
    }

    private func next(_ position: Position) async -> [UInt8]? {
        while !Task.isCancelled {
            if let line = await position.take() { return line }
            let seq = await position.seq
            if let until, seq >= until { return nil }
            guard await read(after: seq, into: position) else { return nil }
            if await position.seq == seq { await daemon.events.wait(after: seq) }
        }
        return nil
    }

    private static func line(_ value: some Encodable) throws -> [UInt8] { try ControlCoding.line(value) + [UInt8(ascii: "\n")] }

    /// - Returns: False when the state cannot be read.
    private func read(after seq: Int64, into position: Position) async -> Bool {
        do {
            let range = try await daemon.store.eventRange()
            var lines: [[UInt8]] = []
            var seq = seq
            if range.oldest > seq + 1 {
                lines.append(try Self.line(EventGap(first: seq + 1, last: range.oldest - 1)))
                seq = range.oldest - 1
            }
            for recorded in try await daemon.store.events(after: seq, limit: Self.batch) {
                if let until, recorded.seq > until { break }
                let model: String? = if let id = recorded.event.model { await daemon.board.shortID(id) } else { nil }
                lines.append(try Self.line(EventRecord(recorded, model: model)))
                seq = recorded.seq
            }
            await position.put(lines, upTo: seq)
            return true
        } catch {
            return false
        }
    }
}
