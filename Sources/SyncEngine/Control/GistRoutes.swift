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
        let id = try await board.find(request.parameters["id"] ?? "")
        let job = try await start(kind, on: [id], by: request.peer.uid)
        return try .accepted(AcceptedJob(job: String(job.id), model: await board.shortID(id)), job: String(job.id))
    }
}
