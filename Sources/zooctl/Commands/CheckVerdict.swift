import ControlProtocol
import ModelInfo

/// What `zooctl status --check` says: the words, codes and performance data of the monitoring-plugins guidelines.
struct CheckVerdict: Encodable {
    private(set) var schema = "zood.check/1"
    let verdict: String
    /// 0 ok, 1 warning, 2 critical, 3 unknown: not those of ``ExitStatus``.
    let exitCode: Int32
    /// The one line that is printed.
    let line: String

    init(_ report: StatusReport) {
        let models = StatusSummary(report.models)
        let worst = report.health.map(\.severity).max() ?? .note
        if models.failed > 0 || worst == .error || report.daemon.state == .stopping {
            (verdict, exitCode) = ("CRITICAL", 2)
        } else if models.attention > 0 || worst == .warning || report.daemon.state == .degraded {
            (verdict, exitCode) = ("WARNING", 1)
        } else {
            (verdict, exitCode) = ("OK", 0)
        }
        let names = report.models.filter { $0.state == .failed || $0.state == .attention }.map(\.id)
        let troubles = (names.prefix(5) + (names.count > 5 ? ["..."] : []) + report.health.map(\.title)).map(printable)
        line =
            "ZOOD \(verdict) - \(counted(models.models, "model")), \(models.ok) ok"
            + (troubles.isEmpty ? "" : ": " + troubles.joined(separator: ", ").replacing("|", with: "/"))
            + " | models=\(models.models) ok=\(models.ok) busy=\(models.busy) attention=\(models.attention) failed=\(models.failed)"
            + " overdue=\(report.verification.overdue)"
    }

    init(unknown error: ControlError) {
        (verdict, exitCode) = ("UNKNOWN", 3)
        line = "ZOOD UNKNOWN - \(printable(error.message).replacing("|", with: "/"))"
    }
}
