import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import SystemIO

/// One thread for all requests of a process that is no ``ClientProgram``; it lives as long as the process.
private let ownThread = MultiThreadedEventLoopGroup(numberOfThreads: 1)

typealias ControlWire = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

extension ControlClient {
    /// Connects, sends one request, hands over every part of the answer, and closes.
    /// - Parameter whole: Whether the deadline covers the whole answer, or only the time until it begins.
    func run(
        _ method: String, _ target: String, body: [UInt8]?, deadline: Duration, whole: Bool,
        handle: (HTTPClientResponsePart) async throws -> Void
    ) async throws(ControlError) {
        let end = ContinuousClock.now + deadline
        let (connection, path) = try await connect(until: end)
        let timer = connection.channel.eventLoop.scheduleTask(in: TimeAmount(deadline)) {
            connection.channel.close(promise: nil)
        }
        defer { timer.cancel() }
        var hasBegun = false
        do {
            try await connection.executeThenClose { inbound, outbound in
                try await outbound.write(contentsOf: Self.request(method, target, body))
                for try await part in inbound {
                    if !hasBegun, !whole { timer.cancel() }
                    hasBegun = true
                    try await handle(part)
                    if case .end = part { return }
                }
                if Task.isCancelled { throw CancellationError() }
                if hasBegun { throw hungUp }
            }
        } catch {
            // The timer closed the connection: whatever that looked like from here.
            if whole || !hasBegun, ContinuousClock.now >= end { throw Self.timedOut(path, deadline) }
            throw Self.failure(error, path)
        }
        if !hasBegun, ContinuousClock.now >= end { throw Self.timedOut(path, deadline) }
    }

    static func failure(_ error: any Error, _ path: String) -> ControlError {
        switch error {
        case let error as ControlError: error
        case is CancellationError: ControlError(.interrupted, "interrupted")
        case is HTTPParserError:
            ControlError(.notZood, "what answers at \(path) does not speak HTTP", hint: "zooctl --socket PATH names another socket")
        default:
            ControlError(
                .notZood, "the connection to \(path) broke: \(reason(for: error))",
                hint: "zooctl status says whether zood runs; what it has accepted goes on, also after a restart")
        }
    }

    /// In the system's words, not the networking library's.
    private static func reason(for error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return SystemError(errno: error.errnoCode, operation: "", path: "").reason
    }

    static func timedOut(_ path: String, _ deadline: Duration) -> ControlError {
        ControlError(
            .timedOut, "zood at \(path) did not answer within \(deadline.components.seconds) s",
            hint: "journalctl -u zood -n 20 (or the terminal it runs in) says what it does")
    }

    private static func request(_ method: String, _ target: String, _ body: [UInt8]?) -> [HTTPClientRequestPart] {
        var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: target)
        head.headers.add(name: "host", value: "zood")
        head.headers.add(name: "connection", value: "close")
        guard let body else {
            if method != "GET" { head.headers.add(name: "content-length", value: "0") }
            return [.head(head), .end(nil)]
        }
        head.headers.add(name: "content-type", value: "application/json")
        head.headers.add(name: "content-length", value: "\(body.count)")
        return [.head(head), .body(.byteBuffer(ByteBuffer(bytes: body))), .end(nil)]
    }

    /// The first socket of ``places`` that takes a connection.
    func connect(until end: ContinuousClock.Instant) async throws(ControlError) -> (ControlWire, String) {
        var refusedAt: String?
        for path in places.paths {
            do {
                return (try await Self.connect(to: path, until: end), path)
            } catch let error as IOError where [EACCES, EPERM].contains(error.errnoCode) {
                refusedAt = refusedAt ?? path
            } catch let error as IOError where [ENOENT, ECONNREFUSED, ENOTDIR, ENOTSOCK].contains(error.errnoCode) {
                continue
            } catch SocketAddressError.unixDomainSocketPathTooLong {
                throw ControlError(.notReachable, "the path of the socket is longer than the 107 bytes that a socket may have: \(path)")
            } catch {
                throw ControlError(.notReachable, "cannot connect to \(path): \(error)", hint: startHint)
            }
        }
        if let refusedAt {
            throw ControlError(
                .socketRefused, "the socket \(refusedAt) may not be connected to by this user",
                hint: "it should have mode 0666 and a directory that all may enter: ls -ld \(refusedAt) and its directory")
        }
        throw ControlError(
            .notReachable, "zood does not answer at \(places.paths.joined(separator: ", "))", hint: startHint)
    }

    /// A listener whose queue is full answers EAGAIN at once, so that is tried again.
    private static func connect(to path: String, until end: ContinuousClock.Instant) async throws -> ControlWire {
        while true {
            do {
                let thread: any EventLoopGroup = MultiThreadedEventLoopGroup.currentEventLoop ?? ownThread
                return try await ClientBootstrap(group: thread).connect(unixDomainSocketPath: path) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        return try ControlWire(wrappingChannelSynchronously: channel)
                    }
                }
            } catch let error as IOError where error.errnoCode == EAGAIN && ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    private var startHint: String {
        switch places.paths {
        case [SocketPlaces.service]: "sudo systemctl start zood"
        case _ where places.isExplicit: "start it with: zood --socket \(places.paths[0]) --zoo DIR"
        default: "start it with: sudo systemctl start zood (the service), or: zood --zoo DIR (by hand)"
        }
    }
}
