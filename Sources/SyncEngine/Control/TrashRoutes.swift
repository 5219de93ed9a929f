import ControlProtocol
import ModelInfo

/// What the control API can do with what zood moved away.
struct TrashRoutes: Sendable {
    let daemon: Daemon

    var all: [Route] {
        [
            Route(.GET, "/v1/trash", requires: .reader) { _ in
                var files: [TrashedFile] = []
                for item in try await daemon.trash.items() { files.append(await file(item)) }
                return try .json(TrashReport(items: files))
            },
            Route(.POST, "/v1/trash/{item}/restore", requires: .ownerOrChanger) { request in
                let item = try await daemon.trash.find(request.parameters["item"] ?? "")
                let gate = daemon.configuration.gate
                guard gate.mayTakeBack(fileOf: item.owner, request.peer) else {
                    throw gate.refusal(of: "taking back a file of \(item.owner.map { "uid \($0)" } ?? "somebody else")", to: request.peer)
                }
                let model = try await daemon.trash.restore(item, by: request.peer.uid)
                await daemon.queue.mark([model])
                return try .json(TrashReport(items: [await file(item)]))
            },
        ]
    }

    private func file(_ item: TrashItem) async -> TrashedFile {
        let model: String? = if let id = item.record?.model { await daemon.board.shortID(id) } else { nil }
        return TrashedFile(
            item: item.id, model: model, file: (item.record?.file ?? item.name).description, reason: item.reason.rawValue,
            movedAt: item.movedAt, byteCount: item.byteCount, owner: item.owner, keptUntil: item.keptUntil)
    }
}
