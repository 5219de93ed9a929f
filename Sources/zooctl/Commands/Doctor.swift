import ArgumentParser
import ControlProtocol
import FoundationEssentials

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check everything that zood needs: configuration, state, zoos, git, the token.",
        discussion: "Exits with 0 when nothing is wrong or only warned of, with 1 when a check failed, with 5 when zood does not answer.")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let report: DoctorReport
        var status = ExitStatus.done
        do throws(ControlError) { report = try await global.client.send(.doctor) } catch {
            guard [.notReachable, .socketRefused, .notZood, .timedOut].contains(error.code) else { throw error }
            report = DoctorReport(checks: localChecks(error))
            status = error.code.exitStatus
        }
        try global.output.print(report) { text($0, global.output.style) }
        if status == .done, report.hasError { status = .failed }
        if status != .done { throw Outcome(status: status) }
    }

    /// What can be seen without a daemon.
    private func localChecks(_ error: ControlError) -> [DoctorCheck] {
        var checks = [DoctorCheck("daemon", .error, error.message, hint: error.hint ?? "systemctl status zood")]
        for path in global.client.places.paths {
            let isThere = FileManager.default.fileExists(atPath: path)
            checks.append(
                DoctorCheck("socket", .warning, isThere ? "\(path) is there, and no zood answers" : "there is nothing at \(path)"))
        }
        return checks
    }

    private func text(_ report: DoctorReport, _ style: Style) -> String {
        report.checks.map { check in
            let (word, colour): (String, Style.Paint) =
                switch check.status {
                case .ok: ("ok", .green)
                case .warning: ("warning", .yellow)
                case .error: ("error", .red)
                }
            let padded = word + String(repeating: " ", count: 9 - word.count)
            return style.painted(padded, colour) + "\(printable(check.check)): \(printable(check.text))\n"
                + (check.hint.map { "           hint: \(printable($0))\n" } ?? "")
        }.joined()
    }
}
