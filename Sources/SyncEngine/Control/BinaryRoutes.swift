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
            Route(.GET, "/v1/models/{id}/import", requires: .member) { request in
                let (id, wish) = try await wish(request)
                return try .json(try await daemon.importTerms(wish, id)).asAnswerOnly()
            },
            Route(.POST, "/v1/models/{id}/import", requires: .member, takesStream: true) { request in
                let (id, wish) = try await wish(request)
                return try .json(try await daemon.importBinary(wish, into: id))
            },
        ]
    }

    private func wish(_ request: ControlRequest) async throws(ControlError) -> (ModelID, ImportRequest) {
        let id = try await daemon.board.find(request.parameters["id"] ?? "")
        return (
            id,
            ImportRequest(
                upload: request.upload, name: request.query["as"], allowsUnverified: try request.flag("unverified"), by: request.peer.uid)
        )
    }
}

extension Daemon {
    /// Those that have a file, and those that were not looked at yet since zood started, as far as the state knows them and they are there.
    fileprivate func modelsWithBinaries() async throws -> [ModelID] {
        let known = await phase.now == .starting ? try await store.knownModels() : []
        let entries = Dictionary(uniqueKeysWithValues: await board.all.map { ($0.view.id, $0) })
        // What has no file is neither good nor bad.
        let lookedAt = entries.values.filter(\.view.holdsBinaries).map(\.view.id)
        let zoos = Dictionary(uniqueKeysWithValues: trash.zoos.map { ($0.name, $0) })
        let others = try await trash.lane.run {
            known.filter { entries[$0] == nil && (try? zoos[$0.zoo]?.root.status(of: $0.path)) != nil }
        }
        return (lookedAt + others).sorted()
    }

    fileprivate func importTerms(_ request: ImportRequest, _ id: ModelID) async throws -> ImportTerms {
        let entry = try await known(id)
        return try importer.terms(request, try await foresee(entry).view, in: entry.zoo)
    }

    fileprivate func importBinary(_ request: ImportRequest, into id: ModelID) async throws -> ImportReport {
        let zoo = try await known(id).zoo
        let report = try await importer.run(request, in: zoo, as: await board.shortID(id)) { try await foresee(try await known(id)).view }
        await queue.mark([id])
        await untilLookedAt(id)
        return report
    }

    private func known(_ id: ModelID) async throws(ControlError) -> StatusBoard.Entry {
        guard let entry = await board[id] else { throw ControlError(.noSuchModel, "\(id.path) is not there", hint: "zooctl status") }
        return entry
    }

    /// Who was told that it is there finds it so in a status. Where somebody goes on writing into the directory nobody waits for that.
    private func untilLookedAt(_ id: ModelID) async {
        let end = clock.now.addingTimeInterval(20)
        while await queue.isPending(id), clock.now < end {
            do { try await clock.sleep(until: clock.now.addingTimeInterval(0.02)) } catch { return }
        }
    }
}

extension ModelView {
    /// Whether anything lies under the name of a binary.
    fileprivate var holdsBinaries: Bool {
        guard case .present(let model) = disk else { return false }
        return !model.binaries.isEmpty || !model.refusedBinaries.isEmpty
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
