import ControlProtocol
import FoundationEssentials
import ModelInfo
import Planning

/// What the control API can do with kept versions.
struct HistoryRoutes: Sendable {
    let daemon: Daemon

    private var history: VersionHistory { daemon.history }

    var all: [Route] {
        [
            Route(.GET, "/v1/log", requires: .reader) { try await log(of: nil, $0) },
            Route(.GET, "/v1/models/{id}/log", requires: .reader) { try await log(of: try await model($0), $0) },
            Route(.GET, "/v1/models/{id}/diff", requires: .reader) { request in
                try .json(try await diff(of: try await model(request), request.query["version"]))
            },
            Route(.POST, "/v1/models/{id}/rollback", requires: .member) { request in
                let id = try await model(request)
                try await daemon.checkMayChange(id, "rollback", request)
                let shortID = await daemon.board.shortID(id)
                let wanted = try request.decode(RollbackRequest.self).version
                let version = try await history.find(wanted, of: id, shortID: shortID)
                return try await daemon.accept(.rollback(version: version.number), of: request)
            },
        ]
    }

    private func model(_ request: ControlRequest) async throws(ControlError) -> ModelID {
        try await daemon.board.find(request.parameters["id"] ?? "")
    }

    private func log(of model: ModelID?, _ request: ControlRequest) async throws -> ControlResponse {
        let limit = max(1, try request.number("limit") ?? 20)
        return try .json(try await history.log(of: model, limit: limit) { await daemon.board.shortID($0) })
    }

    private func diff(of id: ModelID, _ wanted: String?) async throws -> DiffReport {
        guard let entry = await daemon.board[id] else { throw ControlError(.noSuchModel, "\(id.path) is no model any more") }
        let shortID = await daemon.board.shortID(id)
        let view = try await daemon.foresee(entry).view
        var (old, title, number, isWhole): ([String: [UInt8]], String, Int64?, Bool)
        if let wanted {
            let version = try await history.find(wanted, of: id, shortID: shortID)
            (old, title, number, isWhole) = (version.files, "version \(version.number)", version.number, version.reason.namesAllFiles)
        } else {
            guard let gist = view.memory.gist else {
                throw ControlError(
                    .noSuchVersion, "\(shortID) has no gist to compare with",
                    hint: "zooctl log \(ShellWord.of(shortID)) lists kept versions")
            }
            (old, title, number, isWhole) = (gist.files.mapValues { Array($0.utf8) }, "gist \(gist.id)", nil, true)
        }
        if case .unknown(let because) = view.disk {
            throw ControlError(.failed, "\(shortID) cannot be read now: \(because)", hint: "zooctl show \(ShellWord.of(shortID))")
        }
        // Of a model whose readme is gone all of it is missing.
        let reading = view.reading
        // What may not be published is shown to nobody here either: everybody may ask.
        let hidden = (reading?.skipped ?? []).map(\.name).filter { old[$0] != nil }
        for name in hidden { old[name] = nil }
        let new = (reading?.publishable ?? [:]).filter { isWhole || old[$0.key] != nil }.mapValues { Array($0.text.utf8) }
        var report = DiffReport(
            model: shortID, old: title, version: number, files: try await history.differences(from: old, to: new), notShown: hidden.sorted()
        )
        if number == nil, let gist = view.memory.gist, let remote = gist.remote {
            report.remote = RemoteDifference(
                revision: remote.revision,
                files: try await history.differences(from: old, to: remote.files.mapValues { Array($0.utf8) }))
        }
        return report
    }
}
