import ArgumentParser
import ControlProtocol
import FoundationEssentials
import ModelInfo

struct Wait: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until a model is in a state.",
        discussion: "STATE is a word of 'zooctl status --json', e.g. --for gist=inSync or --for binary=verified.")

    @Argument(help: ArgumentHelp("The model.", valueName: "model"))
    var model: String
    @Option(name: .customLong("for"), help: ArgumentHelp("ok, gist=STATE or binary=STATE.", valueName: "condition"))
    var condition: Condition = .ok
    @Option(help: ArgumentHelp("Exit 11 after this time: 90s, 15m, 6h.", valueName: "time"))
    var timeout: DurationArgument?
    @OptionGroup var global: GlobalOptions

    /// What is waited for. A model with several binaries meets a binary's state when all of them do.
    enum Condition: ExpressibleByArgument {
        case ok
        case gist(GistState)
        case binary(BinaryState)

        init?(argument: String) {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            switch (parts.first, parts.count) {
            case ("ok", 1): self = .ok
            case ("gist", 2):
                guard let state = GistState(rawValue: parts[1]) else { return nil }
                self = .gist(state)
            case ("binary", 2):
                guard let state = BinaryState(rawValue: parts[1]) else { return nil }
                self = .binary(state)
            default: return nil
            }
        }

        func isMet(by model: ModelStatus) -> Bool {
            switch self {
            case .ok: model.state == .ok
            case .gist(let state): model.gist.state == state
            case .binary(let state): !model.binaries.isEmpty && model.binaries.allSatisfy { $0.state == state }
            }
        }
    }

    func run() async throws {
        let style = global.output.style
        let report = try await met(by: global.client)
        try global.output.print(report) { "\(printable($0.model.id)): \(StateSign($0.model, style).word)\n" }
    }

    /// - Returns: The model as it was when the condition was met.
    private func met(by client: ControlClient) async throws -> ModelReport {
        let end = timeout.map { ContinuousClock.now + .seconds($0.seconds) }
        var report = try await client.send(about: model) { .model($0) }
        var pause = Duration.milliseconds(50)
        while !condition.isMet(by: report.model) {
            if let end, ContinuousClock.now + pause > end { throw timedOut(report.model) }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(1))
            report = try await client.send(.model(report.model.id))
        }
        return report
    }

    private func timedOut(_ model: ModelStatus) -> ControlError {
        let word = StateSign(model, global.output.style).word
        return ControlError(
            .timedOut, "\(model.id) is \(word) after \(timeout?.seconds ?? 0) s" + (model.note.map { ": \($0)" } ?? ""),
            hint: model.hint ?? "zooctl show \(model.id)", details: ["model": model.id])
    }
}
