import ControlProtocol
import FoundationEssentials

/// What `zood --once` prints, and the exit status that scripts read.
struct Outcome {
    private let report: StatusReport

    init(_ report: StatusReport) {
        self.report = report
        for model in report.models where model.state != .ok {
            print("\(model.id): \(model.state.rawValue)\(model.note.map { ": \($0)" } ?? "")")
            if let hint = model.hint { print("  hint: \(hint)") }
        }
        let summary = report.summary
        print(
            "\(summary.models) models: \(summary.ok) ok, \(summary.attention) need a person, \(summary.failed) failed, \(summary.busy) not settled"
        )
    }

    /// 0 all settled, 3 some failed, 8 a person is needed.
    var exitStatus: Int32 {
        let summary = report.summary
        if summary.failed > 0 || summary.busy > 0 { return ExitStatus.someFailed.rawValue }
        return summary.attention > 0 ? ExitStatus.needsPerson.rawValue : ExitStatus.done.rawValue
    }
}
