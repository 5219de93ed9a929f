/// How many connections a download should have: one, then two, four, eight, as long as each step raised the rate by a fifth or more. From
/// a host far away, where a step takes two round trips, one, four, eight.
///
/// The rate right before a step is compared with the rate right after the new connections began. "Right before" is the lesser of the last
/// two ticks: a host that sends its share in one go and then is silent for a while has a rate of nothing by then, and any byte that
/// another connection brings meanwhile is a gain.
struct ConnectionRamp {
    private enum Phase {
        /// No step before then.
        case resting(until: Duration)
        /// More connections are asked for, and brought nothing yet.
        case opening(from: Int)
        case trying(from: Int, since: Duration, byteCount: Int64, before: Double)
    }

    private static let gain = 1.2
    /// For how long a step that did not help is not tried again; twice as long each time.
    private static let firstPause = Duration.milliseconds(500)

    /// How many there should be.
    private(set) var width = 1
    /// The unit in which rates are taken: a round trip, since bytes come in one burst each.
    private let tick: Duration
    /// Whether new connections are silent for two ticks, in which the rate before can be seen.
    let isFar: Bool
    private var phase: Phase
    private var pause = Self.firstPause
    private var began: Duration
    private var beganWith: Int64
    private var waited = Duration.zero
    /// Bytes a second in the last ticks, the latest one last.
    private var rates: [Double] = []
    /// Whether most of the last tick was spent on waiting for the network: a worker that is busy gains nothing by more of it.
    private var waits = true

    /// - Parameters:
    ///   - now: As long after any moment as all later ones.
    ///   - roundTrip: From a request to the first byte of its answer.
    init(at now: Duration, byteCount: Int64, roundTrip: Duration) {
        tick = min(max(roundTrip, .microseconds(8_000)), .milliseconds(250))
        isFar = roundTrip >= tick
        (began, beganWith, phase) = (now, byteCount, .resting(until: now))
    }

    /// When ``look(at:byteCount:waited:maximum:)`` has to come next, bytes or not.
    func nextLook(maximum: Int) -> Duration? {
        switch phase {
        case .resting(let until): width >= maximum ? nil : max(began + tick, until - tick * 2)
        // Nothing can be less than nothing: what is waited for wakes it.
        case .opening: rates == [0, 0] ? nil : began + tick
        case .trying: began + tick
        }
    }

    /// - Parameters:
    ///   - byteCount: All that came so far.
    ///   - waited: For the network, since the last look.
    ///   - maximum: More are not allowed now.
    mutating func look(at now: Duration, byteCount: Int64, waited: Duration, maximum: Int) {
        self.waited += waited
        if now - began >= tick { endTick(at: now, byteCount) }
        switch phase {
        case .resting(let until):
            if now >= until, waits, width < maximum, isFar || rates.count == 2 { step(maximum) }
        case .opening: break
        case .trying(let from, let since, let had, let before):
            let (gained, time) = (Double(byteCount - had), tick * 2 / .seconds(1))
            if gained > 0, gained >= Self.gain * before * time {
                pause = Self.firstPause
                phase = .resting(until: now)
                if waits, width < maximum { step(maximum) }
            } else if now - since >= tick * 2 {
                (width, phase) = (from, .resting(until: now + pause))
                pause *= 2
            }
        }
    }

    /// A connection that a step asked for is about to bring its first byte.
    mutating func furtherBegan(at now: Duration, byteCount: Int64) {
        guard case .opening(let from) = phase else { return }
        phase = .trying(from: from, since: now, byteCount: byteCount, before: rates.min() ?? 0)
    }

    /// A limit of our own is what is waited for: more connections would not make it faster.
    mutating func wasHeld(at now: Duration) {
        if case .resting(let until) = phase { phase = .resting(until: max(until, now + Self.firstPause)) }
    }

    /// A connection broke that had brought something: there are half as many for a while.
    mutating func rest(at now: Duration) {
        (width, phase) = (max(1, width / 2), .resting(until: now + pause))
        pause *= 2
    }

    private mutating func step(_ maximum: Int) {
        phase = .opening(from: width)
        width = min((isFar ? 4 : 2) * width, maximum)
    }

    private mutating func endTick(at now: Duration, _ byteCount: Int64) {
        rates.append(Double(byteCount - beganWith) / ((now - began) / .seconds(1)))
        if rates.count > 2 { rates.removeFirst() }
        waits = waited * 2 >= now - began
        (began, beganWith, waited) = (now, byteCount, .zero)
    }
}
