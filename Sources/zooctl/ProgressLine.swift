import SystemIO

/// Progress on stderr. A terminal gets one line that is drawn over; anything else a new line when the last one is old enough.
struct ProgressLine {
    let isTerminal: Bool
    let secondsBetweenLines: Int
    private var shownAt: ContinuousClock.Instant?

    init(isTerminal: Bool, secondsBetweenLines: Int) {
        (self.isTerminal, self.secondsBetweenLines) = (isTerminal, secondsBetweenLines)
    }

    /// - Parameter forms: The same from the longest to the shortest: a terminal gets the longest that fits.
    mutating func show(_ forms: [String]) {
        guard let longest = forms.first else { return }
        let now = ContinuousClock.now
        // No eye is quicker.
        if isTerminal, let shownAt, now - shownAt < .milliseconds(100) { return }
        if isTerminal {
            let style = Style(hasColor: false, isUTF8: false, width: nil)
            let room = max(1, (Terminal.columns(of: .standardError) ?? 80) - 1)
            let texts = forms.map(printable)
            let text = texts.first { columnCount($0) <= room } ?? shortened(texts.last ?? "", to: room, style)
            Output.standardError("\r" + text + "\u{1B}[K")
        } else if shownAt.map({ now - $0 >= .seconds(secondsBetweenLines) }) ?? true {
            Output.standardError(printable(longest) + "\n")
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
