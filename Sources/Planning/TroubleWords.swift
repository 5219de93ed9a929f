import FoundationEssentials

/// What a person reads of a fetch that did not work: what is the matter, and when it is tried again.
struct TroubleWords {
    private let trouble: Trouble
    /// The command that tries it now.
    private let again: String
    private let isByItself: Bool
    private let zone: ZoneOffsets
    private let now: Date

    /// - Parameters:
    ///   - again: The command that tries it now.
    ///   - isByItself: Whether it is tried again without that.
    init(_ trouble: Trouble, again: String, isByItself: Bool, zone: ZoneOffsets, now: Date) {
        (self.trouble, self.again, self.isByItself, self.zone, self.now) = (trouble, again, isByItself, zone, now)
    }

    /// - Parameter state: What is said of the file that lies there, if anything: waiting takes nothing of that back.
    func note(beside state: String?) -> String {
        let what = trouble.kind == .waiting ? state : trouble.message
        let wait = pause.map(words) ?? (trouble.kind == .waiting ? "\(trouble.message) is left alone for a while" : nil)
        return [what, wait].compactMap { $0 }.joined(separator: "; ")
    }

    /// Never a command that could not work now.
    var hint: String? {
        if trouble.hint == nil, let wait { return wait.hint }
        // What the disk or a page is the reason of has words of its own for that.
        let isTold = trouble.kind == .network || trouble.kind == .local && trouble.hint == nil
        guard isTold, isByItself, let next = trouble.notBefore, next > now else { return trouble.hint ?? again }
        let time = "it is tried again by itself at \(zone.wallTime(next, today: now))"
        return trouble.hint.map { "\($0); \(time)" } ?? "\(time); at once: \(again)"
    }

    /// For those who want the file now; nil when its host may be asked.
    var wait: HostWait? {
        guard let pause else { return nil }
        let hint =
            if !pause.isAskedFor { "at once: \(again)" } else if isByItself { "it is tried by itself then" } else { "then: \(again)" }
        return HostWait(note: note(beside: nil), hint: hint, isForEverybody: pause.isAskedFor)
    }

    private var pause: HostPause? { trouble.pause.flatMap { $0.isOver(now) ? nil : $0 } }

    private func words(_ pause: HostPause) -> String { pause.words(zone.wallTime(pause.until, today: now)) }
}
