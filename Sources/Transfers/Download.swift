import ModelInfo
import SystemIO

/// One download on a worker's thread, from the first request to the synced file. One connection; further ones would be further exchanges
/// on the worker's `CurlMulti`, each with a part of the file.
final class Download: BodyReceiver {
    /// What the answer turned out to be.
    private enum Answer {
        /// The bytes that were missing.
        case content
        /// Nothing was missing.
        case complete
        /// Not a continuation of what is there.
        case unfit
        /// Neither bytes nor the news that there are no more: the beginning of its body.
        case other(excerpt: [UInt8])
    }

    private static let maximumExcerptByteCount = 2048

    private let request: DownloadRequest
    private let first: HTTPURL
    private let settings: NetworkSettings
    private let curl: CurlMulti
    private let cancellation: Cancellation
    private let onStart: (DownloadStart) throws(TransferFailure) -> Void
    private let onProgress: (DownloadProgress) -> Void
    private let file: PartialFile

    private var url: HTTPURL
    private var answer = Answer.other(excerpt: [])
    private var resumedAt: Int64 = 0
    private var validator: EntityValidator?
    private var totalByteCount: Int64?
    private var contentType: String?
    private let clock = SuspendingClock()
    private var nextProgressAt: SuspendingClock.Instant

    init(
        _ request: DownloadRequest, to destination: consuming OwnedDescriptor, settings: NetworkSettings, curl: CurlMulti,
        cancellation: Cancellation, onStart: @escaping (DownloadStart) throws(TransferFailure) -> Void,
        onProgress: @escaping (DownloadProgress) -> Void
    ) throws(TransferFailure) {
        first = try HTTPURL(request.url)
        (self.request, self.settings, self.curl, self.cancellation) = (request, settings, curl, cancellation)
        (self.onStart, self.onProgress) = (onStart, onProgress)
        (url, nextProgressAt) = (first, clock.now)
        do {
            file = try PartialFile(
                destination, keeping: request.resume?.byteCount ?? 0, wantsSHA1: request.wantsSHA1, wantsSHA256: request.wantsSHA256,
                isCancelled: { cancellation.isCancelled })
        } catch { throw TransferFailure(hashing: error) }
    }

    func run() throws(TransferFailure) -> DownloadResult {
        while true {
            let (head, _) = try RedirectRules.follow(from: first, method: "GET", send: send)
            switch answer {
            case .content, .complete: return try finish()
            // Without a kept byte no range is asked for, so this does not come twice.
            case .unfit: try restart()
            case .other(let excerpt):
                throw TransferFailure(
                    .httpStatus(
                        head.status, retryAfter: head.headers["Retry-After"].flatMap { RetryAfter.duration($0) },
                        excerpt: String(decoding: excerpt, as: UTF8.self)),
                    requestWasSent: true)
            }
        }
    }

    private func send(_ url: HTTPURL) throws(TransferFailure) -> ResponseHead {
        self.url = url
        answer = .other(excerpt: [])
        // As it is stored: a compressed part could be neither resumed nor compared with its checksum.
        var headers = ["Accept: */*", "Accept-Encoding: identity"]
        if asksForRange, let resume = request.resume {
            headers += ["Range: bytes=\(file.byteCount)-", "If-Range: \(resume.validator.headerValue)"]
        }
        let isExempt = request.isExemptFromAddressPolicy && url.host == first.host
        return try HTTPExchange.run(
            HTTPRequest(url: url, headers: headers, addresses: isExempt ? nil : request.addresses), settings: settings,
            limits: HTTPExchange.Limits(stall: request.stallLimit), receiver: self, worker: curl, cancellation: cancellation)
    }

    private var asksForRange: Bool { file.byteCount > 0 }

    func begin(_ head: ResponseHead) throws(TransferFailure) -> Bool {
        let range = head.headers["Content-Range"].flatMap(ContentRange.init)
        switch head.status {
        case 200:
            if asksForRange { try restart() }
            (validator, totalByteCount) = (EntityValidator(head.headers), head.contentLength)
            try start(head)
            return true
        case 206 where asksForRange:
            guard let range, fits(range, head.headers) else {
                answer = .unfit
                return false
            }
            (validator, totalByteCount) = (request.resume?.validator, range.total ?? request.resume?.totalByteCount)
            try start(head)
            return true
        case 416 where asksForRange:
            // Servers say so too when nothing is missing any more; the length decides.
            let isComplete = range?.positions == nil && range?.total == file.byteCount
            answer = isComplete ? .complete : .unfit
            (validator, totalByteCount, resumedAt) = (request.resume?.validator, range?.total, file.byteCount)
            return false
        case 301, 302, 303, 307, 308: return false
        default: return true
        }
    }

    /// Whether a part continues what is there: from its end, of a file of the same length, with the same tag.
    private func fits(_ range: ContentRange, _ headers: HTTPHeaders) -> Bool {
        guard let resume = request.resume, range.positions?.lowerBound == file.byteCount else { return false }
        if let total = range.total, let before = resume.totalByteCount, total != before { return false }
        if case .entityTag(let tag) = resume.validator, let now = headers["ETag"], now != tag { return false }
        return true
    }

    private func start(_ head: ResponseHead) throws(TransferFailure) {
        answer = .content
        (resumedAt, contentType) = (file.byteCount, head.headers["Content-Type"])
        if let totalByteCount, totalByteCount > request.maximumByteCount { throw TransferFailure(.tooLarge(byteCount: totalByteCount)) }
        try onStart(
            DownloadStart(
                url: url, validator: validator, totalByteCount: totalByteCount, resumedAt: resumedAt, contentType: contentType))
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws(TransferFailure) -> Bool {
        if case .other(let excerpt) = answer {
            let room = Self.maximumExcerptByteCount - excerpt.count
            answer = unsafe .other(excerpt: excerpt + bytes.prefix(room))
            return bytes.count < room
        }
        let byteCount = file.byteCount + Int64(bytes.count)
        guard byteCount <= request.maximumByteCount else { throw TransferFailure(.tooLarge(byteCount: byteCount)) }
        guard byteCount <= totalByteCount ?? .max else { throw TransferFailure(.connectionLost("more bytes than the server announced")) }
        do { try unsafe file.append(bytes) } catch { throw TransferFailure(hashing: error) }
        // A worker in a row of writes turns to libcurl seldom.
        guard !cancellation.isCancelled else { throw TransferFailure(.cancelled) }
        if clock.now >= nextProgressAt { report() }
        return true
    }

    private func report() {
        nextProgressAt = clock.now + .milliseconds(100)
        onProgress(
            DownloadProgress(byteCount: file.byteCount, syncedByteCount: file.syncedByteCount, totalByteCount: totalByteCount))
    }

    private func restart() throws(TransferFailure) {
        do { try file.restart() } catch { throw TransferFailure(hashing: error) }
    }

    private func finish() throws(TransferFailure) -> DownloadResult {
        if let totalByteCount, totalByteCount != file.byteCount { throw TransferFailure(.truncated) }
        do {
            let (digest, firstBytes) = try file.finish()
            report()
            return DownloadResult(
                byteCount: file.byteCount, sha1: digest.sha1, sha256: digest.sha256, identity: digest.identity, validator: validator,
                contentType: contentType, firstBytes: firstBytes, url: url, resumedAt: resumedAt)
        } catch { throw TransferFailure(hashing: error) }
    }
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
