import SystemPackage

/// A file server on 127.0.0.1 with ranges, validators and any fault that downloads meet in the wild.
///
/// Files may be of any size: generated ones are computed while they are sent.
public final class LoopbackFileHost: Sendable {
    /// `http://127.0.0.1:PORT`.
    public var origin: String { server.origin }
    /// The port that the kernel chose.
    public var port: Int { server.port }
    /// Every request that came, with `Range` headers and the number of bytes sent.
    public let requests: RequestLog
    private let faults: FaultPlan
    private let shelf: FileShelf
    private let server: LoopbackServer

    private init(server: LoopbackServer, requests: RequestLog, faults: FaultPlan, shelf: FileShelf) {
        (self.server, self.requests, self.faults, self.shelf) = (server, requests, faults, shelf)
    }

    /// A host without files yet.
    /// - Parameters:
    ///   - address: A loopback address, e.g. `127.0.0.2` or `::1` for another host.
    ///   - port: 0: any free one.
    public static func start(address: String = "127.0.0.1", port: Int = 0) async throws -> LoopbackFileHost {
        let (requests, faults, shelf) = (RequestLog(), FaultPlan(), FileShelf())
        let server = try await LoopbackServer.start(address: address, port: port, log: requests, faults: faults) { request in
            try answer(request, from: shelf)
        }
        return LoopbackFileHost(server: server, requests: requests, faults: faults, shelf: shelf)
    }

    /// Hangs up on everybody and frees the port.
    public func stop() async { await server.stop() }

    /// The address of a path: `origin` and `/` and the path, percent-encoded where needed.
    public func url(_ path: String) -> String {
        origin + "/" + percentEncoded(path)
    }

    /// Serves `file` under `path` (no slash at the start) from now on, in place of what was there.
    /// - Returns: Its URL.
    @discardableResult
    public func serve(_ file: ServedFile, at path: String) -> String {
        shelf.put(file, at: path)
        return url(path)
    }

    /// Serves this content under `path`, with a strong ETag and a modification date.
    @discardableResult
    public func serve(_ content: FileContent, at path: String) -> String {
        serve(ServedFile(content), at: path)
    }

    /// Serves whatever files a directory holds at the moment they are asked for, where no file of that path was named.
    public func serve(directory: FilePath) {
        shelf.put(directory: directory)
    }

    /// Serves `file` under `path` once `requestCount` more requests for it were answered: content that changes in between.
    public func replace(_ path: String, with file: ServedFile, afterRequests requestCount: Int) {
        shelf.putLater(file, at: path, afterRequests: requestCount)
    }

    /// From now on 404.
    public func remove(_ path: String) {
        shelf.put(nil, at: path)
    }

    /// The rate of each answer from now on; nil: unlimited.
    public func limit(bytesPerSecond: Int?) {
        shelf.limit(bytesPerSecond: bytesPerSecond)
    }

    /// The next `times` requests that match meet the fault, after `skips` matching ones went by unharmed.
    public func inject(_ fault: Fault, on pattern: RequestPattern = .any, times: Int = 1, after skips: Int = 0) {
        faults.inject(fault, on: pattern, times: times, after: skips)
    }

    /// Redirects `path` to `location` until further notice. Two paths that point at each other make a loop.
    public func redirect(_ path: String, to location: String, status: Int = 302) {
        inject(.redirect(to: location, status: status), on: .path("/" + path), times: .max)
    }

    /// Takes back all faults that still wait.
    public func clearFaults() { faults.removeAll() }

    private static func answer(_ request: RecordedRequest, from shelf: FileShelf) throws -> Reply {
        guard ["GET", "HEAD"].contains(request.method) else { return Reply(405, [("allow", "GET, HEAD")]) }
        let path = (request.path.removingPercentEncoding ?? request.path).dropFirst()
        guard let file = shelf.take(String(path)) else { return Reply(404, [("content-type", "text/plain")], text: "no such file\n") }
        var reply = try file.reply(to: request)
        reply.bytesPerSecond = shelf.bytesPerSecond
        return reply
    }
}
