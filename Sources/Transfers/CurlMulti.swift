import CCurl

/// Owner of one `CURLM`: the connections that one worker keeps. Used by that worker alone, but for ``wakeUp()``.
@safe final class CurlMulti: @unchecked Sendable {
    private let handle: UnsafeMutableRawPointer
    private let clock = SuspendingClock()
    private let sockets = OpenSockets()
    private var running: [HTTPExchange] = []

    init() {
        CurlLibrary.start()
        guard let handle = unsafe curl_multi_init() else { fatalError("out of memory for a curl handle") }
        unsafe self.handle = handle
    }

    deinit { unsafe curl_multi_cleanup(handle) }

    /// Makes a running or the next ``wait(for:)`` return now. The one call of libcurl that any thread may make at any time.
    func wakeUp() { unsafe curl_multi_wakeup(handle) }

    /// Begins an exchange. It goes on in ``advance()``, until that says that it has ended, or ``remove(_:)``.
    func add(_ exchange: HTTPExchange) {
        if running.isEmpty { sockets.endUnclean() }
        running.append(exchange)
        exchange.open(in: sockets)
        unsafe curl_multi_add_handle(handle, exchange.easy.handle)
    }

    /// Gives an exchange up, with its connection. Nothing happens when it has ended.
    func remove(_ exchange: HTTPExchange) {
        guard let index = running.firstIndex(where: { $0 === exchange }) else { return }
        running.remove(at: index)
        unsafe curl_multi_remove_handle(handle, exchange.easy.handle)
    }

    /// How many connections are open, the kept ones included.
    var openCount: Int { sockets.count }

    /// Leaves only the latest of the connections that were kept. To be called while no exchange runs.
    func close(allBut kept: Int) { sockets.end(allBut: kept) }

    /// Does all that can be done without waiting.
    /// - Returns: The exchanges that ended, with libcurl's result for ``HTTPExchange/end(_:)``.
    func advance() -> [(exchange: HTTPExchange, code: CURLcode)] {
        var (count, ended): (Int32, [(exchange: HTTPExchange, code: CURLcode)]) = (0, [])
        if unsafe curl_multi_perform(handle, &count) == CURLM_OK {
            while let message = unsafe curl_multi_info_read(handle, &count) {
                guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
                let easy = unsafe message.pointee.easy_handle
                guard let exchange = running.first(where: { unsafe $0.easy.handle == easy }) else { continue }
                ended.append((exchange, unsafe message.pointee.data.result))
            }
        } else {
            ended = running.map { ($0, CURLE_OUT_OF_MEMORY) }
        }
        for (exchange, _) in ended { remove(exchange) }
        return ended
    }

    /// Waits until the network wants something, ``wakeUp()`` was called, or the time is over.
    /// - Returns: How long that was.
    @discardableResult
    func wait(for duration: Duration) -> Duration {
        let milliseconds = Int32((min(max(duration, .zero), .seconds(60)) / .milliseconds(1)).rounded(.up))
        // A wake-up that came meanwhile is not lost: this returns at once.
        return clock.measure { _ = unsafe curl_multi_poll(handle, nil, 0, max(milliseconds, 1), nil) }
    }
}
