import ControlProtocol
import ModelInfo
import Planning

/// A model is its readme's owner's, and that of who had it added.
extension Daemon {
    /// - Parameter verb: What is wanted, for the refusal.
    /// - Throws: `notPermitted` where the model is not the caller's, who does not change things otherwise either.
    func checkMayChange(_ id: ModelID, _ verb: String, _ request: ControlRequest) async throws {
        let gate = configuration.gate
        // Nothing is read for those who may anyway.
        guard !gate.allows(.changer, request.peer) else { return }
        guard let entry = await board[id] else { throw ControlError(.noSuchModel, "\(id.path) is not there", hint: "zooctl status") }
        // As it is now: whoever was given the file a moment ago is its owner.
        let view = try await foresee(entry).view
        let owner: UInt32? = if case .present(let model) = view.disk { model.readmeOwner } else { nil }
        guard gate.mayChange(whatIsOf: [owner, view.memory.decisions.addedBy], request.peer) else {
            let whose = owner.map { "a model of uid \($0)" } ?? "a model that is not yours"
            throw gate.refusal(of: "\(verb) of \(whose)", to: request.peer)
        }
    }

    /// - Throws: `notPermitted`: what everybody may then find, and a line that looks like a secret, is for those to let go who change things.
    func checkMayPublish(_ wish: PublishRequest, _ id: ModelID, _ request: ControlRequest) async throws {
        try await checkMayChange(id, "publish", request)
        let gate = configuration.gate
        let choice = wish.visibility == .public ? "--public" : wish.allowSecrets.isEmpty ? nil : "--allow-secret"
        if let choice, !gate.allows(.changer, request.peer) { throw gate.refusal(of: "publish \(choice)", to: request.peer) }
    }
}
