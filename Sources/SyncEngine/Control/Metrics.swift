import ControlProtocol
import FoundationEssentials
import ModelInfo

/// Prometheus text, version 0.0.4: base units, few labels.
struct Metrics {
    private let report: StatusReport

    private let now: Date
    /// Bytes that were read for verification since the daemon started.
    private let readByteCount: Int64

    init(_ report: StatusReport, now: Date, readByteCount: Int64) {
        (self.report, self.now, self.readByteCount) = (report, now, readByteCount)
    }

    var text: String {
        var lines: [String] = []
        func metric(_ name: String, _ help: String, _ values: [(labels: String, value: String)], type: String = "gauge") {
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"] + values.map { "\(name)\($0.labels) \($0.value)" }
        }
        metric("zood_build_info", "The version that runs.", [("{version=\"\(report.daemon.version)\"}", "1")])
        let summary = report.summary
        metric(
            "zood_models", "Models by state.",
            [("ok", summary.ok), ("busy", summary.busy), ("attention", summary.attention), ("failed", summary.failed)]
                .map { ("{state=\"\($0.0)\"}", "\($0.1)") })
        let states = Dictionary(grouping: report.models.flatMap(\.binaries), by: \.state).mapValues(\.count)
        metric("zood_binaries", "Binaries by state.", BinaryState.allCases.map { ("{state=\"\($0.rawValue)\"}", "\(states[$0] ?? 0)") })
        let verification = report.verification
        metric("zood_binary_bytes", "Bytes of all binaries that are present.", [("", "\(verification.bytes)")])
        metric("zood_verify_overdue", "Binaries that were not read within verify.every.", [("", "\(verification.overdue)")])
        metric("zood_verify_overdue_bytes", "Bytes of those.", [("", "\(verification.overdueBytes)")])
        if let oldest = verification.oldestVerifiedAt {
            let seconds = max(0, now.timeIntervalSince(oldest))
            metric("zood_verify_oldest_seconds", "Time since the binary was read that was read longest ago.", [("", "\(seconds)")])
        }
        metric(
            "zood_verify_read_bytes_total", "Bytes that were read for verification since the daemon started.", [("", "\(readByteCount)")],
            type: "counter")
        if let coverage = verification.coverage {
            metric(
                "zood_verify_coverage_ratio", "Part of all bytes that were read and found good within verify.every.", [("", "\(coverage)")])
        }
        metric("zood_health_items", "Health lines that stand.", [("", "\(report.health.count)")])
        return lines.joined(separator: "\n") + "\n"
    }
}
