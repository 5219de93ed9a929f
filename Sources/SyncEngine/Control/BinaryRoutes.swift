import ControlProtocol
import ModelInfo
import Planning

/// What the control API can do with binaries.
struct BinaryRoutes: Sendable {
    let daemon: Daemon

    var all: [Route] {
        [
            Route(.POST, "/v1/verify", requires: .member) { request in
                try await daemon.accept(.verify, on: try await daemon.modelsWithBinaries(), of: request)
            },
            Route(.POST, "/v1/models/{id}/verify", requires: .member) { try await daemon.accept(.verify, of: $0) },
            Route(.POST, "/v1/models/{id}/repair", requires: .member) { try await daemon.accept(.repair, of: $0) },
            Route(.POST, "/v1/models/{id}/fetch", requires: .member) { request in
                guard try request.decode(FetchOptions.self).force else { return try await daemon.accept(.fetch, of: request) }
                let gate = daemon.configuration.gate
                guard gate.allows(.changer, request.peer) else { throw gate.refusal(of: "fetch --force", to: request.peer) }
                return try await daemon.accept(.forcedFetch, of: request)
            },
            Route(.POST, "/v1/models/{id}/import", requires: .member, takesStream: true) { request in
                guard let upload = request.upload else { throw ControlError(.internal, "the body did not come in pieces") }
                let id = try await daemon.board.find(request.parameters["id"] ?? "")
                let wish = ImportRequest(
                    upload: upload, name: request.query["as"], allowsUnverified: try request.flag("unverified"), by: request.peer.uid)
                return try .json(try await daemon.importBinary(wish, into: id))
            },
        ]
    }
}

extension Daemon {
    /// Also those that were not looked at yet since zood started, as far as the state knows them and they are there.
    fileprivate func modelsWithBinaries() async throws -> [ModelID] {
        let known = await phase.now == .starting ? try await store.knownModels() : []
        let entries = Dictionary(uniqueKeysWithValues: await board.all.map { ($0.view.id, $0) })
        let lookedAt = entries.values.filter { !($0.view.reading?.declaredBinaries ?? []).isEmpty }.map(\.view.id)
        let zoos = Dictionary(uniqueKeysWithValues: trash.zoos.map { ($0.name, $0) })
        let others = try await trash.lane.run {
            known.filter { entries[$0] == nil && (try? zoos[$0.zoo]?.root.status(of: $0.path)) != nil }
        }
        return (lookedAt + others).sorted()
    }

    fileprivate func importBinary(_ request: ImportRequest, into id: ModelID) async throws -> ImportReport {
        guard let zoo = await board[id]?.zoo else { throw ControlError(.noSuchModel, "\(id.path) is not there", hint: "zooctl status") }
        return try await importer.run(request, in: zoo, as: await board.shortID(id)) {
            guard let entry = await board[id] else { throw ControlError(.noSuchModel, "\(id.path) is not there", hint: "zooctl status") }
            return try await foresee(entry).view
        }
    }
}

extension ControlRequest {
    /// `true`, `false` or nothing but the key; false when the key is absent.
    fileprivate func flag(_ key: String) throws(ControlError) -> Bool {
        switch query[key] {
        case nil, "false": return false
        case "true", "": return true
        case let text?: throw ControlError(.badRequest, "\(key)= takes true or false, not '\(text.prefix(40))'")
        }
    }
}
