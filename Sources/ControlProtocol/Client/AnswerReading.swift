import NIOCore
import NIOHTTP1

/// Collects one whole answer. Used by one task only.
final class AnswerCollector {
    private let limit: Int
    private var status: Int?
    private var body: [UInt8] = []

    init(limit: Int) {
        self.limit = limit
    }

    func take(_ part: HTTPClientResponsePart) throws(ControlError) {
        switch part {
        case .head(let head): status = Int(head.status.code)
        case .body(let buffer):
            guard body.count + buffer.readableBytes <= limit else {
                throw ControlError(.notZood, "the daemon's answer is larger than \(limit >> 20) MiB")
            }
            body.append(contentsOf: buffer.readableBytesView)
        case .end: break
        }
    }

    func finish() throws(ControlError) -> ControlAnswer {
        guard let status else { throw hungUp }
        return ControlAnswer(status: status, body: body)
    }
}

/// Cuts an answer into lines as it comes; an answer with a status of 400 or more is kept whole instead. Used by one task only.
final class LineSplitter {
    private let limit: Int
    private var status: Int?
    private var rest: [UInt8] = []

    init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: The lines that this part completed, without their line ends; never an empty one.
    func take(_ part: HTTPClientResponsePart) throws(ControlError) -> [[UInt8]] {
        switch part {
        case .head(let head):
            status = Int(head.status.code)
            return []
        case .end: return []
        case .body(let buffer):
            var lines: [[UInt8]] = []
            for byte in buffer.readableBytesView {
                if byte == UInt8(ascii: "\n"), status ?? 200 < 400 {
                    if !rest.isEmpty { lines.append(rest) }
                    rest.removeAll(keepingCapacity: true)
                } else {
                    rest.append(byte)
                }
            }
            guard rest.count <= limit else {
                throw ControlError(.notZood, "a line of the daemon's answer is larger than \(limit >> 20) MiB")
            }
            return lines
        }
    }

    /// - Returns: The answer when it was a refusal.
    func finish() throws(ControlError) -> ControlAnswer? {
        guard let status else { throw hungUp }
        return status < 400 ? nil : ControlAnswer(status: status, body: rest)
    }
}

/// The connection ended before there was an answer.
let hungUp = ControlError(
    .notZood, "the daemon closed the connection without an answer", hint: "journalctl -u zood -n 20 (or the terminal it runs in) says why")
