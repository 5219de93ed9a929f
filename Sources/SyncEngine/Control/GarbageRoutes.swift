import ControlProtocol
import FoundationEssentials
import ModelInfo

/// `POST /v1/gc`.
struct GarbageRoutes: Sendable {
    let daemon: Daemon

    var all: [Route] {
        [
            Route(.POST, "/v1/gc", requires: .changer) { request in
                let wanted = try request.decode(GarbageRequest.self)
                let collector = daemon.garbage
                var items: [GarbageItem] = []
                for garbage in try await collector.garbage(includesOutdated: wanted.outdated) {
                    var item = await item(garbage)
                    if !wanted.dryRun {
                        do {
                            guard try await collector.remove(garbage, by: request.peer.uid) else { continue }
                        } catch { item.problem = "\(error)" }
                    }
                    items.append(item)
                }
                let answer = try ControlResponse.json(GarbageReport(dryRun: wanted.dryRun, items: items))
                return wanted.dryRun ? answer.asAnswerOnly() : answer
            }
        ]
    }

    private func item(_ garbage: Garbage) async -> GarbageItem {
        let (kind, model, name): (String, ModelID?, String) =
            switch garbage.what {
            case .trash(let item): ("trash", item.record?.model, (item.record?.file ?? item.name).description)
            case .download(let download): ("download", download.model, (download.file ?? download.name).description)
            case .versions(let versions): ("versions", versions.model, String(versions.count))
            }
        var shortID: String?
        if let model { shortID = await daemon.board.shortID(model) }
        return GarbageItem(
            kind: kind, model: shortID, name: name, reason: garbage.reason.rawValue, byteCount: garbage.byteCount, since: garbage.since)
    }
}
