import CCurl
import Glibc

/// Owner of one `CURL` easy handle, used for a single exchange so that nothing of it can be left over for the next.
@safe struct CurlEasy: ~Copyable {
    let handle: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>

    init() {
        CurlLibrary.start()
        guard let handle = unsafe curl_easy_init() else { fatalError("out of memory for a curl handle") }
        unsafe self.handle = handle
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        _ = unsafe zoo_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe errorText.deallocate()
    }

    func set(_ option: CURLoption, _ value: Int) throws(TransferFailure) {
        try check(unsafe zoo_curl_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, large value: Int) throws(TransferFailure) {
        try check(unsafe zoo_curl_set_off_t(handle, option, curl_off_t(value)))
    }

    func set(_ option: CURLoption, _ value: String) throws(TransferFailure) {
        try check(unsafe zoo_curl_set_string(handle, option, value))
    }

    /// The list must outlive the exchange.
    func setHeaders(_ list: borrowing CurlList) throws(TransferFailure) {
        try check(unsafe zoo_curl_set_list(handle, CURLOPT_HTTPHEADER, list.first))
    }

    /// Copies `body`.
    func setBody(_ body: [UInt8]) throws(TransferFailure) {
        try set(CURLOPT_POSTFIELDSIZE_LARGE, large: body.count)
        guard !body.isEmpty else { return try set(CURLOPT_COPYPOSTFIELDS, "") }
        var body = body
        try check(unsafe body.withUnsafeMutableBytes { unsafe zoo_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) })
    }

    /// All calls of libcurl come to `exchange`, which must outlive this handle.
    func setCallbacks(to exchange: HTTPExchange) throws(TransferFailure) {
        let context = unsafe Unmanaged.passUnretained(exchange).toOpaque()
        try check(unsafe zoo_curl_set_data_function(handle, CURLOPT_WRITEFUNCTION, receiveBody))
        try check(unsafe zoo_curl_set_pointer(handle, CURLOPT_WRITEDATA, context))
        try check(unsafe zoo_curl_set_data_function(handle, CURLOPT_HEADERFUNCTION, receiveHeader))
        try check(unsafe zoo_curl_set_pointer(handle, CURLOPT_HEADERDATA, context))
        try check(unsafe zoo_curl_set_prereq_function(handle, beforeRequest))
        try check(unsafe zoo_curl_set_pointer(handle, CURLOPT_PREREQDATA, context))
        try check(unsafe zoo_curl_set_socket_function(handle, openSocket))
        try check(unsafe zoo_curl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, context))
    }

    /// The connections' sockets are closed by `sockets`, which must outlive the connections.
    func tellOfClosed(_ sockets: OpenSockets) {
        _ = unsafe zoo_curl_set_close_function(handle, closeSocket)
        _ = unsafe zoo_curl_set_pointer(handle, CURLOPT_CLOSESOCKETDATA, Unmanaged.passUnretained(sockets).toOpaque())
    }

    /// 0 before an answer came.
    var status: Int {
        var value = 0
        _ = unsafe zoo_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &value)
        return value
    }

    /// Of the body as it is sent, perhaps compressed; nil when the server does not say.
    var contentLength: Int64? {
        var value: curl_off_t = -1
        _ = unsafe zoo_curl_get_off_t(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &value)
        return value < 0 ? nil : Int64(value)
    }

    /// libcurl's own words for the failure `code`, with the details it knows.
    func words(for code: CURLcode) -> String {
        unsafe errorText.pointee == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
    }

    private func check(_ code: CURLcode) throws(TransferFailure) {
        guard code == CURLE_OK else { throw TransferFailure(.other("libcurl: " + words(for: code))) }
    }
}

/// Owner of one `curl_slist`.
@safe struct CurlList: ~Copyable {
    fileprivate let first: UnsafeMutablePointer<curl_slist>?

    init(_ lines: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = unsafe curl_slist_append(list, line) else { fatalError("out of memory for a header") }
            unsafe list = longer
        }
        unsafe first = list
    }

    deinit { unsafe curl_slist_free_all(first) }
}

/// What has to be done once in the process before libcurl is used.
enum CurlLibrary {
    static func start() { _ = once }

    private static let once: Void = {
        // International host names reach libidn2 in the locale's encoding, and they come from readmes, which are UTF-8.
        unsafe setlocale(LC_CTYPE, "C.UTF-8")
        curl_global_init(Int(CURL_GLOBAL_DEFAULT))
        // With CURLOPT_NOSIGNAL libcurl leaves it to us that OpenSSL may write to a connection that the peer has closed.
        _ = signal(SIGPIPE, SIG_IGN)
    }()
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let taken = unsafe exchange(context).receivedBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return taken ? size * count : -1
}

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let taken = unsafe exchange(context).receivedHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return taken ? size * count : -1
}

private func beforeRequest(
    _ context: UnsafeMutableRawPointer?, _ peer: UnsafeMutablePointer<CChar>?, _ local: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32
) -> Int32 {
    let address = unsafe peer.map { unsafe String(cString: $0) } ?? ""
    return unsafe exchange(context).mayRequest(from: address) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

private func openSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let address = unsafe address else { return -1 }
    var text = [CChar](repeating: 0, count: 64)
    guard unsafe zoo_curl_address_text(address, &text, UInt32(text.count)) == 1 else { return -1 }
    let peer = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard unsafe exchange(context).mayConnect(to: peer) else { return -1 }
    let socket = unsafe zoo_curl_open_socket(address)
    if socket >= 0 { unsafe exchange(context).opened(socket) }
    return socket
}

private func closeSocket(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
    unsafe Unmanaged<OpenSockets>.fromOpaque(context!).takeUnretainedValue().close(socket)
}

private func exchange(_ context: UnsafeMutableRawPointer?) -> HTTPExchange {
    unsafe Unmanaged<HTTPExchange>.fromOpaque(context!).takeUnretainedValue()
}
