import ControlProtocol
import ModelInfo
import Planning

/// What the control API can do with binaries.
struct BinaryRoutes: Sendable {
    let daemon: Daemon

    var all: [Route] {
        [
            Route(.POST, "/v1/verify", requires: .member) { request in
                let withBinaries = await daemon.board.all.filter { !($0.view.reading?.declaredBinaries ?? []).isEmpty }
                return try await daemon.accept(.verify, on: withBinaries.map(\.view.id), of: request)
            },
            Route(.POST, "/v1/models/{id}/verify", requires: .member) { try await daemon.accept(.verify, of: $0) },
            Route(.POST, "/v1/models/{id}/repair", requires: .member) { try await daemon.accept(.repair, of: $0) },
            Route(.POST, "/v1/models/{id}/fetch", requires: .member) { request in
                guard try request.decode(FetchOptions.self).force else { return try await daemon.accept(.fetch, of: request) }
                let gate = daemon.configuration.gate
                guard gate.allows(.changer, request.peer) else { throw gate.refusal(of: "fetch --force", to: request.peer) }
                return try await daemon.accept(.forcedFetch, of: request)
            },
        ]
    }
}
