import ControlProtocol
import FoundationEssentials

/// `downloads: 20 MiB/s at most, as binaries.bandwidth says`
struct LimitText {
    let report: LimitReport
    let now: Date

    var text: String {
        guard report.source == .operator else { return "downloads: \(Self.words(report.bandwidth)), as binaries.bandwidth says\n" }
        let who = report.setBy.map { "by uid \($0)" } ?? "by an operator"
        let when = report.setAt.map { " \(Units.relative($0, to: now))" } ?? ""
        return """
            downloads: \(Self.words(report.bandwidth)), set \(who)\(when)
            # binaries.bandwidth says: \(Self.words(report.configured)); to go back to that: zooctl limit default

            """
    }

    /// `20 MiB/s at most`
    static func words(_ bytesPerSecond: Int64?) -> String { bytesPerSecond.map { "\(Units.rate($0)) at most" } ?? "no limit" }
}
