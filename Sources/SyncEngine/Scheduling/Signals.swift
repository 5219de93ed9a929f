import UnixSignals

/// Signals that are not about stopping; those are the service group's.
enum Signals {
    /// One element for each SIGHUP, which no longer ends the process.
    static func hangups() async -> UnixSignalsSequence { await UnixSignalsSequence(trapping: .sighup) }
}
