import ModelInfo
import SystemIO

/// What an answer is to a download.
extension Download {
    private static let maximumExcerptByteCount = 2048
    /// Smaller files have one connection.
    static let sharedFrom: Int64 = 8 << 20

    /// The first answer: whether it brings what is missing.
    func begin(_ head: ResponseHead, _ piece: Piece) throws(TransferFailure) -> Bool {
        let range = head.headers["Content-Range"].flatMap(ContentRange.init)
        let gap = firstGap
        silence = .zero
        switch head.status {
        case 200:
            guard head.contentLength != nil || isChunked(head.headers) || !request.wantsLength else {
                throw TransferFailure(
                    .other("the server does not say how long the file is, and without a checksum nothing would show that it was cut"))
            }
            // The answer that begins is the new content: only what was there goes.
            if !file.ranges.all.isEmpty { try onDisk { () throws(DigestFailure) in try file.restart() } }
            let servesRanges = head.headers.values(of: "Accept-Ranges").contains { isEqualIgnoringCase($0, "bytes") }
            let remote = Remote(
                url: url, validator: EntityValidator(head.headers), total: head.contentLength,
                contentType: head.headers["Content-Type"], coding: coding(head.headers), servesRanges: servesRanges)
            try start(remote, piece, answerEnd: head.contentLength ?? .max)
            return true
        case 206 where gap != nil:
            guard let range, let positions = range.positions, fits(range, gap!, head.headers) else {
                answer = .unfit
                return false
            }
            let total = range.total ?? request.resume?.totalByteCount
            let remote = Remote(
                url: url, validator: request.resume?.validator, total: total, contentType: head.headers["Content-Type"],
                servesRanges: true)
            try start(remote, piece, answerEnd: total == nil ? .max : positions.upperBound + 1)
            return true
        case 416 where gap != nil:
            // Servers say so too when nothing is missing any more; the length decides.
            let isComplete = range?.positions == nil && range?.total == gap!.lowerBound && gap!.upperBound == .max
            answer = isComplete ? .complete : .unfit
            remote = Remote(url: url, validator: request.resume?.validator, total: range?.total)
            keptByteCount = gap!.lowerBound
            return false
        case 301, 302, 303, 307, 308: return false
        default: return true
        }
    }

    /// Whether a part continues what is there: from where the gap begins, of a file of the same length, with the same tag or date, which
    /// also tells where a server ignores `If-Range`.
    private func fits(_ range: ContentRange, _ gap: Range<Int64>, _ headers: HTTPHeaders) -> Bool {
        guard let resume = request.resume, let positions = range.positions, positions.lowerBound == gap.lowerBound else { return false }
        guard positions.upperBound < gap.upperBound, isUncoded(headers) else { return false }
        if let total = range.total, let before = resume.totalByteCount, total != before { return false }
        // Where nothing tells the length, this part's own end need not be that of the file.
        guard range.total ?? resume.totalByteCount != nil || !request.wantsLength else { return false }
        return resume.validator.counterpart(in: headers).map { $0 == resume.validator.headerValue } ?? true
    }

    private func start(_ remote: Remote, _ piece: Piece, answerEnd: Int64) throws(TransferFailure) {
        (answer, self.remote, keptByteCount) = (.content, remote, file.ranges.byteCount)
        if let total = remote.total, total > request.maximumByteCount { throw TransferFailure(.tooLarge(byteCount: total)) }
        try onStart(
            DownloadStart(
                url: remote.url, validator: remote.validator, totalByteCount: remote.total, kept: file.ranges,
                contentType: remote.contentType))
        piece.position = file.ranges.prefixEnd
        guard let total = remote.total else {
            (piece.end, piece.answerEnd) = (.max, .max)
            return
        }
        try onDisk { () throws(DigestFailure) in try file.expect(total) }
        var missing = ByteRanges()
        for gap in file.ranges.gaps(below: total) { missing.insert(gap) }
        queue = PieceQueue(missing)
        (piece.end, piece.answerEnd) = (piece.position, answerEnd)
        if remote.servesRanges, remote.validator != nil, total >= Self.sharedFrom, !isPlain {
            queue.shares = hosts.maximum(at: remote.url.origin)
            let roundTrip = connections.first { $0.piece === piece }?.exchange.roundTrip
            let ramp = ConnectionRamp(at: now, byteCount: receivedByteCount, roundTrip: roundTrip ?? .zero)
            if !ramp.isFar { queue.smallest = PieceQueue.smallestNearby }
            self.ramp = ramp
        }
    }

    /// A further answer: only the very part that was asked for, of the very same file, is taken. Its head is no byte of the file: a host
    /// that sends nothing but heads is as silent as one that sends nothing.
    func begin(_ head: ResponseHead, _ piece: Piece, _ asked: Range<Int64>) throws(TransferFailure) -> Bool {
        guard let remote, let validator = remote.validator, let total = remote.total else { return false }
        let range = head.headers["Content-Range"].flatMap(ContentRange.init)
        let now = validator.counterpart(in: head.headers)
        switch head.status {
        case 206
        where now == validator.headerValue && range?.total == total && range?.positions == asked.lowerBound...(asked.upperBound - 1)
            && isUncoded(head.headers):
            return true
        case 416:
            isOutdated = true
            return false
        case 200, 206:
            let length = head.status == 200 ? head.contentLength : range?.total
            guard now == nil || now == validator.headerValue, length == nil || length == total else {
                isOutdated = true
                return false
            }
            piece.isUnfit = true
            throw TransferFailure(.connectionLost("the server does not send the part of the file that it is asked for"))
        case let status:
            if status == 429 || status == 503 { hosts.refusedFurther(at: remote.url.origin) }
            let retryAfter = head.headers["Retry-After"].flatMap { RetryAfter.duration($0) }
            throw TransferFailure(.httpStatus(status, retryAfter: retryAfter, excerpt: ""))
        }
    }

    /// What the bytes were made into on the way; nil where the body is the bytes themselves.
    private func coding(_ headers: HTTPHeaders) -> String? {
        headers.values(of: "Content-Encoding").first { !$0.isEmpty && !isEqualIgnoringCase($0, "identity") }
    }

    private func isUncoded(_ headers: HTTPHeaders) -> Bool { coding(headers) == nil }

    /// Whether its last chunk tells where it ends.
    private func isChunked(_ headers: HTTPHeaders) -> Bool {
        headers.values(of: "Transfer-Encoding").contains { isEqualIgnoringCase($0, "chunked") }
    }

    /// The next bytes of an answer.
    func receive(_ bytes: UnsafeRawBufferPointer, _ piece: Piece) throws(TransferFailure) -> Bool {
        silence = .zero
        if piece.asked == nil, case .other(let excerpt) = answer {
            let room = Self.maximumExcerptByteCount - excerpt.count
            answer = unsafe .other(excerpt: excerpt + bytes.prefix(room))
            return bytes.count < room
        }
        noteArrival(of: piece)
        var rest = unsafe bytes[...]
        while unsafe !rest.isEmpty {
            guard piece.position < piece.end || goOn(piece) else {
                guard piece.position < piece.answerEnd else {
                    throw TransferFailure(.connectionLost("more bytes than the server announced"))
                }
                return false
            }
            let count = unsafe Int(min(Int64(rest.count), piece.end - piece.position))
            let end = piece.position + Int64(count)
            guard end <= request.maximumByteCount else { throw TransferFailure(.tooLarge(byteCount: end)) }
            try onDisk { () throws(DigestFailure) in
                try unsafe file.write(UnsafeRawBufferPointer(rebasing: rest.prefix(count)), at: piece.position)
            }
            piece.position = end
            piece.broughtByteCount += Int64(count)
            unsafe rest = rest.dropFirst(count)
        }
        receivedByteCount += Int64(bytes.count)
        if isLimited, let bandwidth {
            let began = now
            bandwidth.spend(Int64(bytes.count)) { cancellation.isCancelled }
            // It naps for longer than that, or not at all.
            if now - began >= .milliseconds(5) { ramp?.wasHeld(at: now) }
            // A turn of several connections may take many seconds now.
            try reportIfDue()
        }
        // A worker in a row of writes turns to libcurl seldom.
        guard !cancellation.isCancelled else { throw TransferFailure(.cancelled) }
        // At the end of the answer the exchange ends by itself, and its connection is kept; before that only by giving it up.
        return piece.position < piece.end || piece.position == piece.answerEnd || goOn(piece)
    }

    /// Takes the next piece too, where it follows and nobody else has it.
    private func goOn(_ piece: Piece) -> Bool {
        // The connection of the first answer is lost at the end of its piece, and far away that is a connection with a wide window.
        let isLong = piece.asked == nil && ramp?.isFar == true
        guard let more = queue.take(at: piece.position, upTo: piece.answerEnd, isLong: isLong) else { return false }
        piece.end = more.upperBound
        return true
    }
}
