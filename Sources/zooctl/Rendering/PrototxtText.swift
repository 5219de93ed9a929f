import ModelInfo

/// The nets and solvers of a model, for a person. Long lists are cut: `--json` has all of them.
struct PrototxtText {
    let prototxts: [PrototxtSummary]
    let style: Style

    var text: String {
        prototxts.map { prototxt in
            switch prototxt.kind {
            case .other: ""
            case .solver:
                "Solver: \(file(prototxt))\(prototxt.trains.map { ", trains " + printable($0) } ?? "")\n"
            case .deploy, .training, .network:
                "Net: \(file(prototxt)) \(prototxt.kind.rawValue)\(prototxt.name.map { ", " + printable($0) } ?? "")\n"
                    + inputs(prototxt) + line("Layers", layers(prototxt)) + line("Parameters", parameters(prototxt))
            }
        }.joined()
    }

    private func file(_ prototxt: PrototxtSummary) -> String { style.painted(printable(prototxt.file), .bold) }

    private func line(_ key: String, _ value: String?) -> String {
        value.map { "  \(key):\(String(repeating: " ", count: max(1, 12 - key.count)))\($0)\n" } ?? ""
    }

    private func inputs(_ prototxt: PrototxtSummary) -> String {
        let shown = prototxt.inputs.prefix(8).map { input in
            let shape = input.shape.map(String.init).joined(separator: "x")
            return line("Input", printable(input.name) + (shape.isEmpty ? "" : " " + shape))
        }
        return shown.joined() + line("Input", more(prototxt.inputs.count - shown.count))
    }

    private func layers(_ prototxt: PrototxtSummary) -> String {
        // Commonest first, else in the order of the file.
        let types = prototxt.layerTypes.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element)
        let shown = types.prefix(6).map { "\($0.count) \(printable($0.type))" } + [more(types.count - 6)].compactMap(\.self)
        return "\(prototxt.layers)" + (shown.isEmpty ? "" : ": " + shown.joined(separator: ", "))
    }

    private func parameters(_ prototxt: PrototxtSummary) -> String? {
        guard prototxt.parameterCount > 0 else { return nil }
        let shown = prototxt.parameters.prefix(8).map(printable)
        return (shown + [more(prototxt.parameterCount - shown.count)].compactMap(\.self)).joined(separator: ", ")
    }

    /// Nil when nothing is left out.
    private func more(_ count: Int) -> String? { count > 0 ? "and \(count) more" : nil }
}
