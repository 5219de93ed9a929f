import ControlProtocol
import ModelInfo

/// Writes, in the readmes of some models, what they mean as it should be written: one line of each thing, and no other byte.
struct FixRun {
    /// Lines that were changed or, in a dry run, would be; in all readmes together.
    private(set) var count = 0
    /// For people: each line, old and new.
    private(set) var text = ""
    /// What was not written, and the lines to write by hand.
    private(set) var problems: [ControlError] = []

    /// - Parameter writes: False only says what would be written.
    init(_ models: [JudgedModel], writes: Bool, _ style: Style) {
        let arrow = style.isUTF8 ? "→" : "->"
        for model in models where model.reading.card != nil {
            do throws(ControlError) {
                let (readme, fixed) = try LocalModel(model.name).fix(writes: writes)
                let place = DiagnosticLines.path(readme, in: model.name)
                for fix in fixed.fixes {
                    let change = "\(fix.key): \(SecretScan.masked(fix.old)) \(arrow) \(fix.new)"
                    text += printable("\(place):\(fix.line): \(change)") + (writes ? "" : " (not written)") + "\n"
                }
                count += fixed.fixes.count
                problems += fixed.refused.map { fix, refusal in
                    ControlError(
                        .invalidInfo, "\(place):\(fix.line) was not changed: \(refusal.message)", hint: "write by hand: \(fix.lineToWrite)",
                        details: ["file": place])
                }
            } catch {
                problems.append(error)
            }
        }
    }
}
