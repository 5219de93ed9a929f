import ControlProtocol
import Glibc
import ModelInfo
import SystemIO
import SystemPackage

/// Asks a person on a terminal for what a template needs, each until the answer will do. Nothing is made before the last answer.
struct TemplateQuestions {
    /// Whether somebody can be asked.
    static var canAsk: Bool { Terminal.isOne(.standardInput) && Terminal.isOne(.standardError) }

    /// Asks for one value of the template.
    /// - Parameters:
    ///   - proposal: Taken for an empty answer; empty for none.
    ///   - field: By which `ModelTemplate` judges it.
    static func ask(
        _ question: String, proposal: String, into value: WritableKeyPath<ModelTemplate, String>, of template: inout ModelTemplate,
        field: String
    ) throws(ControlError) {
        while true {
            let answer = try line(question, proposal: proposal)
            template[keyPath: value] = answer
            guard let complaint = template.complaint(about: field) else { return }
            Output.standardError("  \(printable(complaint))\n")
        }
    }

    /// One line; the proposal for an empty one.
    /// - Throws: At the end of the input (Ctrl-D).
    static func line(_ question: String, proposal: String) throws(ControlError) -> String {
        Output.standardError("\(question)\(proposal.isEmpty ? "" : " [\(printable(proposal))]"): ")
        guard let line = readLine(strippingNewline: true) else {
            Output.standardError("\n")
            throw ControlError(.interrupted, "no answer: nothing was made")
        }
        let answer = line.drop(while: \.isWhitespace)
        return answer.isEmpty ? proposal : String(answer)
    }
}
