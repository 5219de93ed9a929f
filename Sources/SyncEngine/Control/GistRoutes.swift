import ControlProtocol
import ModelInfo
import Planning

/// What the control API can do with a model's gist beyond publishing it.
struct GistRoutes: Sendable {
    let daemon: Daemon

    var all: [Route] {
        [
            Route(.POST, "/v1/models/{id}/resolve", requires: .changer) { request in
                let side: KeptSide =
                    switch try request.decode(ResolveRequest.self).keep {
                    case .local: .local
                    case .remote: .remote
                    case .merged: .merged
                    }
                return try await daemon.accept(.resolve(side), of: request)
            }
        ]
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
