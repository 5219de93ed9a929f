import ControlProtocol
import ModelInfo
import Planning

/// What the control API can do with a model's gist beyond publishing it.
struct GistRoutes: Sendable {
    let daemon: Daemon

    var all: [Route] {
        [
            Route(.POST, "/v1/models/{id}/resolve", requires: .member) { request in
                let id = try await daemon.board.find(request.parameters["id"] ?? "")
                let side = KeptSide(try request.decode(ResolveRequest.self).keep)
                try await daemon.checkMayChange(id, "resolve", request)
                return try await daemon.accept(.resolve(side), on: [id], of: request)
            },
            Route(.POST, "/v1/models/{id}/edits", requires: .member) { request in
                let report = try await edits(request)
                let answer = try ControlResponse.json(report)
                return report.edits.isEmpty ? answer.asAnswerOnly() : answer
            },
        ]
    }

    private func edits(_ request: ControlRequest) async throws -> EditsReport {
        let id = try await daemon.board.find(request.parameters["id"] ?? "")
        let shortID = await daemon.board.shortID(id)
        let wanted = try request.decode(EditsRequest.self)
        // What is neither a decision nor a version is for a pull.
        if wanted.keep != nil || wanted.version != nil { try await daemon.checkMayChange(id, "edits", request) }
        guard let entry = await daemon.board[id] else { throw ControlError(.noSuchModel, "\(id.path) is no model any more") }
        let view = try await daemon.foresee(entry).view.allowingSecrets
        // Where there is no file, there is none that is somebody else's.
        guard case .present(let model) = view.disk else {
            return EditsReport(model: shortID, path: entry.zoo.absolute(id.path), edits: [])
        }
        let wish: OwnersShare.Wish
        if let version = wanted.version {
            wish = .version(try await daemon.history.find(version, of: id, shortID: shortID).number)
        } else {
            wish = .gist(wanted.keep.map { KeptSide($0) })
        }
        return EditsReport(
            model: shortID, path: entry.zoo.absolute(id.path),
            edits: try await daemon.owners.edits(for: wish, of: view, model, in: entry.zoo))
    }
}

extension KeptSide {
    fileprivate init(_ side: ConflictSide) {
        self =
            switch side {
            case .local: .local
            case .remote: .remote
            case .merged: .merged
            }
    }
}

extension Daemon {
    /// Starts a job on the one model that the request names.
    func accept(_ kind: Goal.Kind, of request: ControlRequest) async throws -> ControlResponse {
        try await accept(kind, on: [try await board.find(request.parameters["id"] ?? "")], of: request)
    }

    /// Starts a job on these models.
    func accept(_ kind: Goal.Kind, on models: [ModelID], of request: ControlRequest) async throws -> ControlResponse {
        let job = try await start(kind, on: models, by: request.peer.uid)
        let only = models.count == 1 ? await board.shortID(models[0]) : nil
        return try .accepted(AcceptedJob(job: String(job.id), model: only), job: String(job.id))
    }
}
