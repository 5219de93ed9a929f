import SystemIO

/// Progress on stderr. A terminal gets one line that is drawn over; anything else a new line when the last one is old enough.
struct ProgressLine {
    let isTerminal: Bool
    let secondsBetweenLines: Int
    private var shownAt: ContinuousClock.Instant?

    init(isTerminal: Bool, secondsBetweenLines: Int) {
        (self.isTerminal, self.secondsBetweenLines) = (isTerminal, secondsBetweenLines)
    }

    mutating func show(_ text: String) {
        let now = ContinuousClock.now
        if isTerminal {
            let style = Style(hasColor: false, isUTF8: false, width: nil)
            let room = (Terminal.columns(of: .standardError) ?? 80) - 1
            Output.standardError("\r" + shortened(printable(text), to: room, style) + "\u{1B}[K")
        } else if shownAt.map({ now - $0 >= .seconds(secondsBetweenLines) }) ?? true {
            Output.standardError(printable(text) + "\n")
        } else {
            return
        }
        shownAt = now
    }

    /// Leaves no half line behind.
    mutating func clear() {
        if isTerminal, shownAt != nil { Output.standardError("\r\u{1B}[K") }
        shownAt = nil
    }
}
