import ControlProtocol

/// `52 MiB of 233 MiB, 22.5 %, 12 MiB/s, 15 s left`
struct ProgressText {
    let progress: TransferProgress

    init(_ progress: TransferProgress) {
        self.progress = progress
    }

    var text: String { joined([amount, percent, rate, left]) }

    /// From the longest to the shortest, for lines of any width: how much is left counts more than how it comes about.
    /// - Parameter title: What moves.
    func forms(_ title: String) -> [String] {
        let short = [joined([amount, percent, left]), joined([percent, left]), joined([percent])].filter { !$0.isEmpty }
        return ([text] + short).map { "\(title): \($0)" } + short.suffix(1)
    }

    private var amount: String? {
        let done = Units.bytes(progress.doneBytes)
        return total.map { "\(done) of \(Units.bytes($0))" } ?? done
    }

    private var total: Int64? { progress.totalBytes.flatMap { $0 > 0 ? $0 : nil } }
    private var percent: String? { total.map { Units.percent(Double(progress.doneBytes) / Double($0)) } }
    private var rate: String? { progress.bytesPerSecond > 0 ? Units.rate(progress.bytesPerSecond) : nil }
    private var left: String? { progress.etaSeconds.map { "\(Units.duration($0)) left" } }

    private func joined(_ parts: [String?]) -> String { parts.compactMap { $0 }.joined(separator: ", ") }
}
