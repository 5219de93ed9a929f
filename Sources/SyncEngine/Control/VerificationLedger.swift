import ControlProtocol
import FoundationEssentials
import ModelInfo
import Planning

/// How far all binaries have been read, kept up to date with each pass: a question costs as much as there is overdue.
struct VerificationLedger {
    /// What one binary adds.
    private struct Share {
        var byteCount: Int64
        /// When it was read last as it is now; whole seconds since 1970. Nil: never.
        var readAt: Int64?
        /// Since when it lies there and could not be read; nil where it was, or where nobody tried.
        var unreadableSince: Int64?
        /// Whether that showed what it should be.
        var isGood: Bool
        var next: Int64?
    }

    private var shares: [ModelID: [Share]] = [:]
    private var byteCount: Int64 = 0
    private var goodByteCount: Int64 = 0
    private var readings = TimeTallies()
    private var unreadable = TimeTallies()
    private var unread = 0
    private var nextReadings = TimeTallies()

    mutating func put(_ view: ModelView, _ plan: Plan) {
        remove(view.id)
        guard case .present(let model) = view.disk else { return }
        let found = plan.binaries.compactMap { Self.share(of: $0, model, view.memory) }
        guard !found.isEmpty else { return }
        shares[view.id] = found
        for share in found { count(share, 1) }
    }

    mutating func remove(_ id: ModelID) {
        for share in shares.removeValue(forKey: id) ?? [] { count(share, -1) }
    }

    private static func share(of verdict: BinaryVerdict, _ model: PresentModel, _ memory: ModelMemory) -> Share? {
        guard let file = verdict.declared.file, let identity = model.binaries[file] else { return nil }
        var share = Share(byteCount: identity.size, readAt: nil, isGood: false, next: verdict.nextVerifyAt?.wholeSeconds)
        if let memory = memory.binaries[file], let hashed = memory.hashed, hashed.identity.isSameFile(as: identity) {
            share.readAt = hashed.at.wholeSeconds
            share.isGood = memory.good?.sha256 == hashed.sha256
        } else if let trouble = memory.binaries[file]?.trouble, trouble.about == verdict.declared.readMark {
            // The status changes last when a file is copied or moved here, whatever times it brings.
            share.unreadableSince = max(identity.modified, identity.changed) / 1_000_000_000
        }
        return share
    }

    private mutating func count(_ share: Share, _ sign: Int64) {
        byteCount += sign * share.byteCount
        let good = share.isGood ? sign * share.byteCount : 0
        goodByteCount += good
        if let readAt = share.readAt {
            readings.add(sign, bytes: sign * share.byteCount, goodBytes: good, at: readAt)
        } else {
            unread += Int(sign)
        }
        if let since = share.unreadableSince { unreadable.add(sign, bytes: sign * share.byteCount, goodBytes: 0, at: since) }
        if let next = share.next { nextReadings.add(sign, bytes: 0, goodBytes: 0, at: next) }
    }

    /// - Parameter every: `verify.every` in seconds; nil: never read again, and so never overdue.
    func status(now: Date, every: TimeInterval?) -> VerificationStatus {
        var overdue = TimeTallies.Tally()
        if let limit = every.map({ now.addingTimeInterval(-$0).wholeSeconds }) {
            overdue = readings.before(limit) + unreadable.before(limit)
        }
        return VerificationStatus(
            coverage: byteCount > 0 ? Double(goodByteCount - overdue.goodBytes) / Double(byteCount) : nil,
            oldestVerifiedAt: readings.first.map { Date(timeIntervalSince1970: TimeInterval($0)) }, overdue: Int(overdue.count),
            bytes: byteCount, overdueBytes: overdue.bytes, everySeconds: every,
            nextVerifyAt: nextReadings.first.map { Date(timeIntervalSince1970: TimeInterval($0)) }, neverRead: unread)
    }
}

/// How much there is at each time, in the order of time.
private struct TimeTallies {
    struct Tally {
        var count: Int64 = 0
        var bytes: Int64 = 0
        var goodBytes: Int64 = 0

        static func + (one: Tally, other: Tally) -> Tally {
            Tally(count: one.count + other.count, bytes: one.bytes + other.bytes, goodBytes: one.goodBytes + other.goodBytes)
        }
    }

    private var times: [Int64] = []
    private var tallies: [Tally] = []

    /// The earliest time at which there is something.
    var first: Int64? { times.first }

    mutating func add(_ count: Int64, bytes: Int64, goodBytes: Int64, at time: Int64) {
        let place = place(of: time)
        if place == times.count || times[place] != time {
            times.insert(time, at: place)
            tallies.insert(Tally(), at: place)
        }
        tallies[place].count += count
        tallies[place].bytes += bytes
        tallies[place].goodBytes += goodBytes
        if tallies[place].count == 0 {
            times.remove(at: place)
            tallies.remove(at: place)
        }
    }

    /// All before `time` together.
    func before(_ time: Int64) -> Tally {
        var sum = Tally()
        for (at, tally) in zip(times, tallies) {
            guard at < time else { break }
            sum.count += tally.count
            sum.bytes += tally.bytes
            sum.goodBytes += tally.goodBytes
        }
        return sum
    }

    private func place(of time: Int64) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Date {
    /// Since 1970, rounded down, bounded to what calendars can hold.
    fileprivate var wholeSeconds: Int64 { Int64(min(max(timeIntervalSince1970, -1e11), 1e11).rounded(.down)) }
}
