import ControlProtocol
import FoundationEssentials
import ModelInfo

/// Prometheus text, version 0.0.4: base units, few labels.
struct Metrics {
    private let report: StatusReport

    init(_ report: StatusReport) { self.report = report }

    var text: String {
        var lines: [String] = []
        func metric(_ name: String, _ help: String, _ values: [(labels: String, value: String)]) {
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) gauge"] + values.map { "\(name)\($0.labels) \($0.value)" }
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
        metric("zood_verify_overdue", "Binaries whose re-verification is overdue.", [("", "\(verification.overdue)")])
        if let coverage = verification.coverage {
            metric("zood_verify_coverage_ratio", "Part of all bytes verified within verify.every.", [("", "\(coverage)")])
        }
        metric("zood_health_items", "Health lines that stand.", [("", "\(report.health.count)")])
        return lines.joined(separator: "\n") + "\n"
    }
}
