import ModelInfo
import SystemIO

/// One download on a worker's thread, from the first request to the synced file.
///
/// The first answer tells what the file is. Its connection brings the file from where it is to be continued; further ones, on the same
/// `CurlMulti`, bring other pieces of it where that helps. What is an answer to what is in `DownloadAnswers`, who brings what in
/// `DownloadConnections`.
final class Download {
    /// What the first answer turned out to be.
    enum Answer {
        /// The bytes that were missing.
        case content
        /// Nothing was missing.
        case complete
        /// Not a continuation of what is there.
        case unfit
        /// Neither bytes nor the news that there are no more: the beginning of its body.
        case other(excerpt: [UInt8])
    }

    /// The file as the first answer told of it.
    struct Remote {
        /// Where it is, after redirects.
        let url: HTTPURL
        let validator: EntityValidator?
        /// Nil when the server does not say.
        let total: Int64?
        var contentType: String?
        /// What its bytes were made into on the way; nil for nothing.
        var coding: String?
        /// Whether parts of it can be asked for.
        var servesRanges = false
    }

    struct Connection {
        let exchange: HTTPExchange
        let piece: Piece
        /// Whether it counts at its host beside the download's own place.
        let isFurther: Bool
    }

    let request: DownloadRequest
    private let first: HTTPURL
    private let settings: NetworkSettings
    let curl: CurlMulti
    let cancellation: Cancellation
    let hosts: HostConnections
    let bandwidth: SharedBandwidth?
    var isLimited = false
    let onStart: (DownloadStart) throws(TransferFailure) -> Void
    private let onProgress: (DownloadProgress) throws(TransferFailure) -> Void
    let file: PartialFile

    /// Where the answer that is coming comes from.
    private(set) var url: HTTPURL
    /// The origin at which this download has its place.
    private var place: String?
    var answer = Answer.other(excerpt: [])
    var remote: Remote?
    /// How many bytes were kept from before.
    var keptByteCount: Int64 = 0
    var connections: [Connection] = []
    /// Whether it ever had more than one at once.
    var hadFurther = false
    var queue = PieceQueue()
    /// How many exchanges were begun for pieces of the file.
    private(set) var begunCount = 0
    /// Nil where one connection is all there will be.
    var ramp: ConnectionRamp?
    /// Set when an answer told that the file is another one by now, or that no more parts can be had: it begins anew, in one piece.
    var isOutdated = false
    /// Whether it is fetched in one piece, since parts did not go well.
    private(set) var isPlain = false
    /// Whether only what is missing is asked for. If not, what is kept goes when the whole begins to come.
    private var asksForParts = true
    var receivedByteCount: Int64 = 0
    /// How long no byte of the file came on any connection.
    var silence = Duration.zero
    /// A further connection broke. When the others go on, the host does not want it.
    var suspectsHost = false
    var lastFailure: TransferFailure?
    private let clock = SuspendingClock()
    private let began: SuspendingClock.Instant
    private var nextProgressAt: Duration = .zero

    init(
        _ request: DownloadRequest, to destination: consuming OwnedDescriptor, settings: NetworkSettings, curl: CurlMulti,
        hosts: HostConnections, bandwidth: SharedBandwidth?, cancellation: Cancellation,
        onStart: @escaping (DownloadStart) throws(TransferFailure) -> Void,
        onProgress: @escaping (DownloadProgress) throws(TransferFailure) -> Void,
        onSynced: @escaping @Sendable (ByteRanges) -> Void
    ) throws(TransferFailure) {
        first = try HTTPURL(request.url)
        (self.request, self.settings, self.curl, self.hosts) = (request, settings, curl, hosts)
        (self.bandwidth, self.cancellation, self.onStart, self.onProgress) = (bandwidth, cancellation, onStart, onProgress)
        (url, began) = (first, clock.now)
        do {
            file = try PartialFile(
                destination, keeping: request.resume, wantsSHA1: request.wantsSHA1, wantsSHA256: request.wantsSHA256,
                isCancelled: { cancellation.isCancelled }, onSynced: onSynced)
        } catch { throw TransferFailure(hashing: error) }
    }

    func run() throws(TransferFailure) -> DownloadResult {
        defer { leave() }
        while true {
            let head: ResponseHead
            do { (head, _) = try RedirectRules.follow(from: first, method: "GET", send: open) } catch {
                guard asksForWhole(after: error) else { throw error }
                continue
            }
            switch answer {
            case .content:
                try bringRest()
                guard isOutdated else { return try finish() }
                (isPlain, isOutdated) = (true, false)
                try restart()
            case .complete: return try finish()
            // Without a kept byte no range is asked for, so this does not come twice.
            case .unfit: try restart()
            case .other(let excerpt):
                let failure = TransferFailure(
                    .httpStatus(
                        head.status, retryAfter: head.headers["Retry-After"].flatMap { RetryAfter.duration($0) },
                        excerpt: String(decoding: excerpt, as: UTF8.self)),
                    requestWasSent: true)
                guard asksForWhole(after: failure) else { throw failure }
            }
        }
    }

    /// Some hosts refuse any part of what they serve as a whole: at once for an answer that is about the request, and for one that is
    /// about the moment when it came several times. Asked once: without parts there is no gap.
    private func asksForWhole(after failure: TransferFailure) -> Bool {
        guard firstGap != nil, !isContent else { return false }
        switch failure.reason {
        case .httpStatus(let status, _, _) where [400, 403, 404, 405, 406, 501].contains(status): break
        case .httpStatus, .connectionLost, .truncated:
            guard request.doubtsParts else { return false }
        default: return false
        }
        endAll()
        (asksForParts, isPlain) = (false, true)
        return true
    }

    /// Since the download began.
    var now: Duration { began.duration(to: clock.now) }

    /// The part that the first request asks for: up to where something is there again, or the end. Nil for the whole file.
    var firstGap: Range<Int64>? {
        guard asksForParts, !file.ranges.all.isEmpty else { return nil }
        let start = file.ranges.prefixEnd
        return start..<(file.ranges.all.first { $0.lowerBound > start }?.lowerBound ?? .max)
    }

    /// Sends the first request to a place that the URL leads to, and returns when its content has begun or the exchange is over.
    private func open(_ url: HTTPURL) throws(TransferFailure) -> ResponseHead {
        (self.url, answer, silence) = (url, .other(excerpt: []), .zero)
        try takePlace(at: url.origin)
        var headers: [String] = []
        if let gap = firstGap, let resume = request.resume {
            headers = ["Range: bytes=\(gap.lowerBound)-\(gap.upperBound == .max ? "" : "\(gap.upperBound - 1)")"]
            headers.append("If-Range: \(resume.validator.headerValue)")
        }
        let exchange = try add(Piece(firstOf: self), headers, to: url, isFurther: false)
        while true {
            try turn()
            if let head = exchange.head, connections.isEmpty || isContent { return head }
        }
    }

    var isContent: Bool { if case .content = answer { true } else { false } }

    /// Begins an exchange for a piece.
    @discardableResult
    func add(_ piece: Piece, _ headers: [String], to url: HTTPURL, isFurther: Bool) throws(TransferFailure) -> HTTPExchange {
        let isExempt = request.isExemptFromAddressPolicy && url.host == first.host
        // As it is stored: a compressed part could be neither resumed nor compared with its checksum.
        var httpRequest = HTTPRequest(
            url: url, headers: ["Accept: */*", "Accept-Encoding: identity"] + headers, addresses: isExempt ? nil : request.addresses)
        if let bandwidth { httpRequest.bufferByteCount = bandwidth.bufferByteCount(atMost: httpRequest.bufferByteCount) }
        let exchange = try HTTPExchange(httpRequest, settings: settings, receiver: piece)
        begunCount += 1
        connections.append(Connection(exchange: exchange, piece: piece, isFurther: isFurther))
        curl.add(exchange)
        return exchange
    }

    private func takePlace(at origin: String) throws(TransferFailure) {
        guard place != origin else { return }
        leavePlace()
        hosts.beginWaiting(at: origin, curl)
        defer { hosts.endWaiting(at: origin, curl) }
        while !hosts.takeFirst(at: origin) {
            guard !cancellation.isCancelled else { throw TransferFailure(.cancelled) }
            // A place that is free wakes it; that more are allowed by now, nobody tells.
            curl.wait(for: .seconds(1))
        }
        place = origin
    }

    private func leavePlace() {
        if let place { hosts.release(at: place) }
        place = nil
    }

    func report() throws(TransferFailure) {
        nextProgressAt = now + .milliseconds(100)
        try onProgress(
            DownloadProgress(byteCount: file.ranges.byteCount, syncedByteCount: file.syncedByteCount, totalByteCount: remote?.total))
    }

    func reportIfDue() throws(TransferFailure) { if now >= nextProgressAt, isContent { try report() } }

    func restart() throws(TransferFailure) {
        endAll()
        (ramp, queue, begunCount) = (nil, PieceQueue(), 0)
        try onDisk { () throws(DigestFailure) in try file.restart() }
    }

    private func leave() {
        endAll()
        // As many as it had would be too many beside those that another download opens.
        let keepsOne = place.map { hosts.mayKeepOne(at: $0) } ?? true
        if hadFurther || !keepsOne { curl.close(allBut: keepsOne ? 1 : 0) }
        leavePlace()
        file.leave()
    }

    private func finish() throws(TransferFailure) -> DownloadResult {
        let byteCount = file.ranges.prefixEnd
        if let total = remote?.total, total != byteCount { throw TransferFailure(.truncated, requestWasSent: true) }
        let (digest, firstBytes) = try onDisk { () throws(DigestFailure) in try file.finish() }
        // It is all there.
        try? report()
        return DownloadResult(
            byteCount: byteCount, sha1: digest.sha1, sha256: digest.sha256, identity: digest.identity, validator: remote?.validator,
            contentType: remote?.contentType, contentCoding: remote?.coding, firstBytes: firstBytes, url: remote?.url ?? url,
            resumedAt: keptByteCount)
    }
}

/// Work on the destination, whose failures are the download's.
func onDisk<R>(_ work: () throws(DigestFailure) -> R) throws(TransferFailure) -> R {
    do { return try work() } catch { throw TransferFailure(hashing: error) }
}

extension TransferFailure {
    init(hashing failure: DigestFailure) {
        switch failure {
        case .disk(let error): self.init(.disk(error))
        case .changedMeanwhile: self.init(.changedMeanwhile)
        case .cancelled: self.init(.cancelled)
        case .unavailable: self.init(.other(failure.description))
        }
    }
}
