import NIOHTTP1

/// One way in which a server on the net misbehaves, to be injected into a loopback server.
///
/// "Before handling" faults leave the server as it was: a POST made nothing. All others handle the request first and spoil
/// the answer, so that a write is done although its answer is lost.
public enum Fault: Sendable {
    /// Answers this instead of handling the request. `content-length` is added; every other header is what is given here.
    case status(Int, headers: [(String, String)] = [], body: String = "")
    /// Redirects instead of handling. `location` may be any text: another origin, `file:///…`, relative.
    case redirect(to: String, status: Int = 302)
    /// Closes the connection; the request was not handled.
    case hangUpBeforeHandling
    /// Says nothing until the client goes away; the request was not handled.
    case stallBeforeHandling
    /// Handles the request, then closes without a byte of an answer: a write is done, its answer lost.
    case hangUpAfterHandling
    /// Handles the request, then says nothing until the client goes away.
    case stallAfterHandling
    /// Sends the head and this much of the body, then closes in order (FIN).
    case hangUp(atBodyByte: Int)
    /// Sends the head and this much of the body, waits until the peer has it, then resets the connection (RST).
    case reset(atBodyByte: Int)
    /// Sends the head and this much of the body, then nothing more until the client goes away.
    case stall(atBodyByte: Int)
    /// Sends the head and this much of the body, then nothing for so long, then the rest.
    case pause(atBodyByte: Int, for: Duration)
    /// Handles the request, answers this much later.
    case delay(Duration)
    /// This rate for this answer instead of the server's.
    case bytesPerSecond(Int)
    /// 200 and a page of HTML, as a login portal or a proxy does; the request was not handled.
    case loginPage
    /// Overrides one header of the answer (nil takes it away).
    case header(String, String?)
    /// States this `Content-Length` whatever the body's is, sends the body as it is, closes.
    case contentLength(Int)
    /// The right `Content-Length`, and this one beside it.
    case secondContentLength(Int)
    /// No length: chunked.
    case chunked
    /// No length and not chunked: the end of the connection is the end of the body.
    case endsWithConnection
    /// Neither length nor chunks, and the connection ends after this much: what comes looks whole.
    case endsUnnoticed(atBodyByte: Int)
    /// Chunks, and after this much of the body the connection ends without the last one.
    case chunkedHangUp(atBodyByte: Int)
    /// The right answer and these bytes after it, then the end of the connection.
    case trailingGarbage([UInt8])
    /// The right answer, and a moment later these bytes on the same connection, which stays.
    case strayBytes([UInt8])
    /// An answer that ends well after this much of the body: its `Content-Length` says so.
    case endsEarly(atBodyByte: Int)
    /// The body compressed by gzip, with `Content-Encoding: gzip`, whatever the client accepts.
    case gzip
    /// A few kilobytes that `gzip` would make this many zeros of, with `Content-Encoding: gzip`.
    case gzipBomb(byteCount: Int)
    /// As many bytes as there should be, every bit of them wrong.
    case wrongBytes
    /// Reads the request as if it had no `If-Range`: a part also of what has changed.
    case ignoreIfRange
    /// Reads the request as if it had no `Range`: 200 and everything.
    case ignoreRange
    /// Reads the request as if its range began this much later (or earlier): 206 and another range than was asked for.
    case shiftRange(by: Int)
    /// A 206 that states this total in `Content-Range`.
    case rangeTotal(Int)
    /// 416 although the range was good.
    case rangeNotSatisfiable
    /// A `103 Early Hints` ahead of the real answer.
    case earlyHints
    /// A `100 Continue` that nobody asked for ahead of the real answer.
    case continueFirst
    /// A header field of this size in the answer.
    case hugeHeader(byteCount: Int)
}

extension Fault {
    /// The request as the server should take it.
    func rewriting(_ request: RecordedRequest) -> RecordedRequest {
        switch self {
        case .ignoreRange:
            return request.replacing(header: "range", with: nil)
        case .ignoreIfRange:
            return request.replacing(header: "if-range", with: nil)
        case .shiftRange(let distance):
            guard let range = request.header("range").flatMap(RequestedRange.init) else { return request }
            return request.replacing(header: "range", with: range.shifted(by: distance).description)
        default:
            return request
        }
    }

    /// What is answered in place of handling the request; nil: handle it.
    var substitute: Reply? {
        switch self {
        case .status(let status, let headers, let body):
            return Reply(status, headers, text: body)
        case .redirect(let location, let status):
            return Reply(status, [("location", location), ("content-type", "text/plain")], text: "moved\n")
        case .loginPage:
            let page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>Password: <input></form></body></html>\n"
            return Reply(200, [("content-type", "text/html; charset=utf-8")], text: page)
        case .rangeNotSatisfiable:
            return Reply(416, [("content-range", "bytes */0")])
        case .hangUpBeforeHandling:
            var reply = Reply(500)
            reply.ending = .closed(afterBodyBytes: nil)
            return reply
        case .stallBeforeHandling:
            var reply = Reply(500)
            reply.ending = .stalled(afterBodyBytes: nil)
            return reply
        default:
            return nil
        }
    }

    /// Spoils the answer to a request that was handled.
    func spoil(_ reply: inout Reply) async throws {
        switch self {
        case .status, .redirect, .loginPage, .rangeNotSatisfiable, .hangUpBeforeHandling, .stallBeforeHandling: break
        case .ignoreRange, .ignoreIfRange, .shiftRange: break
        case .hangUpAfterHandling: reply.ending = .closed(afterBodyBytes: nil)
        case .stallAfterHandling: reply.ending = .stalled(afterBodyBytes: nil)
        case .hangUp(let count): reply.ending = .closed(afterBodyBytes: count)
        case .reset(let count): reply.ending = .reset(afterBodyBytes: count)
        case .stall(let count): reply.ending = .stalled(afterBodyBytes: count)
        case .pause(let count, let duration): reply.pause = (count, duration)
        case .delay(let duration): reply.delay = duration
        case .bytesPerSecond(let rate): reply.bytesPerSecond = rate
        case .header(let name, nil): reply.headers.remove(name: name)
        case .header(let name, let value?): reply.headers.replaceOrAdd(name: name, value: value)
        // What has no body has no length to be wrong.
        case .contentLength where reply.range.isEmpty, .chunkedHangUp where reply.range.isEmpty: break
        case .contentLength(let count):
            reply.headers.replaceOrAdd(name: "content-length", value: String(count))
            reply.ending = .closed(afterBodyBytes: reply.range.count)
        case .secondContentLength(let count):
            reply.headers.add(name: "content-length", value: String(reply.range.count))
            reply.headers.add(name: "content-length", value: String(count))
            reply.ending = .closed(afterBodyBytes: reply.range.count)
        case .chunked: reply.framing = .chunked
        case .endsWithConnection: reply.framing = .untilClose
        case .endsUnnoticed(let count): (reply.framing, reply.ending) = (.untilClose, .closed(afterBodyBytes: count))
        case .chunkedHangUp(let count): (reply.framing, reply.ending) = (.chunked, .closed(afterBodyBytes: count))
        case .trailingGarbage(let bytes): reply.trailing = bytes
        case .strayBytes(let bytes): (reply.trailing, reply.trailingDelay) = (bytes, .milliseconds(50))
        case .endsEarly(let count):
            reply.range = reply.range.prefix(count)
            reply.headers.replaceOrAdd(name: "content-length", value: String(reply.range.count))
        case .gzip: try await compress(reply.body.bytes(in: reply.range), for: &reply)
        case .gzipBomb(let byteCount): try await compress([UInt8](repeating: 0, count: byteCount), for: &reply)
        case .wrongBytes:
            let wrong = try reply.body.bytes(in: reply.range).map { ~$0 }
            (reply.body, reply.range) = (.bytes(wrong), 0..<wrong.count)
        case .rangeTotal(let total):
            guard let range = reply.headers.first(name: "content-range"), let slash = range.firstIndex(of: "/") else { return }
            reply.headers.replaceOrAdd(name: "content-range", value: range[...slash] + String(total))
        case .continueFirst: reply.informational.append(.init(version: .http1_1, status: .continue))
        case .earlyHints:
            reply.informational.append(.init(version: .http1_1, status: .custom(code: 103, reasonPhrase: "Early Hints")))
        case .hugeHeader(let byteCount):
            reply.headers.add(name: "x-huge", value: String(repeating: "h", count: byteCount))
        }
    }

    private func compress(_ bytes: [UInt8], for reply: inout Reply) async throws {
        let compressed = try await Gzip.compress(bytes)
        (reply.body, reply.range) = (.bytes(compressed), 0..<compressed.count)
        reply.headers.replaceOrAdd(name: "content-encoding", value: "gzip")
    }
}
