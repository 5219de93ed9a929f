import CCurl
import ModelInfo
import SystemIO

/// Which connections a download has, what each of them brings, and what becomes of one that fails.
extension Download {
    /// A connection that was silent for so long, 10 s of 120, loses its piece to one that has nothing to do.
    private var patience: Duration { request.stallLimit / 12 }
    /// Who breaks before so many bytes came may not be wanted; who breaks later was.
    private static let telling: Int64 = 64 << 10

    /// Until all bytes are there, or the file turns out to be another one by now.
    func bringRest() throws(TransferFailure) {
        while !isComplete && !isOutdated {
            try fill()
            guard !connections.isEmpty else { throw lastFailure ?? TransferFailure(.truncated, requestWasSent: true) }
            try turn()
        }
        endAll()
    }

    private var isComplete: Bool { remote?.total.map { file.ranges.byteCount == $0 } ?? connections.isEmpty }

    /// Waits for the network, and does what it brought.
    func turn() throws(TransferFailure) {
        let waited = curl.wait(for: nextTurn)
        guard !cancellation.isCancelled else { throw TransferFailure(.cancelled, requestWasSent: true) }
        silence += waited
        // Once a turn: asking for each piece of 16 KiB would cost more than the rest.
        isLimited = bandwidth?.isLimited ?? false
        for connection in connections { connection.exchange.waited(waited) }
        for ended in curl.advance() { try end(ended.exchange, ended.code) }
        // Not before it is told that the answer began: what is synced is saved beside that.
        if isContent { try onDisk { () throws(DigestFailure) in try file.settle() } }
        try passOverStalled()
        if let remote {
            let maximum = hosts.maximum(at: remote.url.origin)
            queue.shares = maximum
            ramp?.look(at: now, byteCount: receivedByteCount, waited: waited, maximum: maximum)
        }
        try reportIfDue()
    }

    /// How long to wait at most.
    private var nextTurn: Duration {
        let longest = max(silence, connections.map(\.exchange.silence).max() ?? .zero)
        let maximum = remote.map { hosts.maximum(at: $0.url.origin) } ?? 1
        return min(request.stallLimit - longest, ramp?.nextLook(maximum: maximum).map { $0 - now } ?? .seconds(60))
    }

    /// Begins as many exchanges as there should be, as far as there is something to bring.
    private func fill() throws(TransferFailure) {
        guard let remote, remote.servesRanges, let validator = remote.validator else { return }
        let origin = remote.url.origin
        let width = min(ramp?.width ?? 1, hosts.maximum(at: origin))
        while connections.count < width {
            let isFurther = connections.contains { !$0.isFurther }
            guard !isFurther || hosts.takeFurther(at: origin) else { return }
            guard let range = takeNext() ?? share() else {
                if isFurther { hosts.release(at: origin) }
                return
            }
            if isFurther { hadFurther = true }
            CrashPoint.reach("download.asking")
            let headers = ["Range: bytes=\(range.lowerBound)-\(range.upperBound - 1)", "If-Range: \(validator.headerValue)"]
            let piece = Piece(of: self, asking: range, isBeside: !connections.isEmpty)
            do { try add(piece, headers, to: remote.url, isFurther: isFurther) } catch {
                if isFurther { hosts.release(at: origin) }
                throw error
            }
        }
    }

    /// Who is opened to a host far away gets its part of all that is left, and who is done takes of that from others.
    private func takeNext() -> Range<Int64>? {
        let unopened = queue.shares - begunCount
        return ramp?.isFar == true && unopened > 0 ? queue.take(forOneOf: unopened) : queue.take()
    }

    /// With nothing left to take: what a connection that says nothing should have brought, or half of what the one with most has to.
    private func share() -> Range<Int64>? {
        if let silent = connections.first(where: { $0.exchange.silence >= patience && !$0.piece.rest.isEmpty }) {
            drop(silent)
            return queue.take()
        }
        // To a host far away the way of a new connection would be longer than that of the rest.
        guard ramp?.isFar != true || curl.openCount > connections.count else { return nil }
        guard let busiest = connections.map(\.piece).max(by: { $0.rest.count < $1.rest.count }) else { return nil }
        guard let half = PieceQueue.half(of: busiest.rest) else { return nil }
        busiest.end = half.lowerBound
        return half
    }

    func noteArrival(of piece: Piece) {
        if suspectsHost, let remote {
            suspectsHost = false
            hosts.refusedFurther(at: remote.url.origin)
        }
        guard !piece.hasBegun else { return }
        piece.hasBegun = true
        if piece.isBeside { ramp?.furtherBegan(at: now, byteCount: receivedByteCount) }
    }

    /// An exchange is over, well or not. What its piece lacks others bring.
    private func end(_ exchange: HTTPExchange, _ code: CURLcode) throws(TransferFailure) {
        guard let connection = connections.first(where: { $0.exchange === exchange }) else { return }
        drop(connection)
        let piece = connection.piece
        do throws(TransferFailure) {
            _ = try exchange.end(code)
            // An answer that ends well before the last byte that it announced: asked again at once, it would end so again.
            guard piece.rest.isEmpty || isOutdated else { throw TransferFailure(.truncated, requestWasSent: true) }
        } catch { try passOver(error, of: piece) }
    }

    /// A connection failed. As long as others go on, that is only a reason to have fewer for a while, or where the host does not seem to
    /// want it, no more than one from now on.
    private func passOver(_ failure: TransferFailure, of piece: Piece) throws(TransferFailure) {
        switch failure.reason {
        case .disk, .tooLarge, .declined, .cancelled: throw failure
        default: break
        }
        if connections.isEmpty, piece.isUnfit {
            isOutdated = true
            return
        }
        guard !connections.isEmpty else { throw failure }
        lastFailure = failure
        guard piece.broughtByteCount < Self.telling else {
            ramp?.rest(at: now)
            return
        }
        ramp = nil
        switch failure.reason {
        case .connect, .connectionLost, .truncated: suspectsHost = piece.isBeside && !piece.isUnfit
        default: break
        }
    }

    /// Who brought nothing for the whole limit leaves its piece to others. Nothing on any connection is a stall, however young the last
    /// one is: they come and go.
    private func passOverStalled() throws(TransferFailure) {
        if silence >= request.stallLimit, let last = connections.last {
            throw last.exchange.failed(.stalled(after: request.stallLimit))
        }
        for connection in connections where connection.exchange.silence >= request.stallLimit { drop(connection) }
    }

    func endAll() { for connection in connections { drop(connection) } }

    private func drop(_ connection: Connection) {
        curl.remove(connection.exchange)
        connections.removeAll { $0.exchange === connection.exchange }
        queue.giveBack(connection.piece.rest)
        if connection.isFurther, let remote { hosts.release(at: remote.url.origin) }
    }
}
