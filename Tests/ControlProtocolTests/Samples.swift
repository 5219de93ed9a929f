import ControlProtocol
import Foundation
import ModelInfo

/// What the tests of wire, client and rendering share.
enum Samples {
    static let start = Date(timeIntervalSince1970: 1_795_248_720)  // 2026-11-21T08:12:00Z

    static func model(
        _ id: String, _ state: ModelState = .ok, gist: GistState = .inSync, binaries: [BinaryStatus] = [], note: String? = nil,
        hint: String? = nil
    ) -> ModelStatus {
        ModelStatus(
            id: id, zoo: "models", path: "/srv/models/\(id)", name: nil, license: nil, state: state,
            info: InfoStatus(state: .valid, diagnostics: []),
            gist: GistStatus(state: gist, id: GistID(bare: "034c6ac3865563b69e60"), url: nil, revision: nil, publishedAt: start),
            binaries: binaries, note: note, hint: hint)
    }

    static func status(_ models: [ModelStatus], health: [HealthItem] = []) -> StatusReport {
        StatusReport(
            daemon: DaemonStatus(version: "0.1.0", pid: 812, startedAt: start, state: .running, configuration: nil),
            summary: StatusSummary(models), models: models,
            verification: VerificationStatus(coverage: nil, oldestVerifiedAt: nil, overdue: 0, bytes: 0), health: health)
    }

    static func report(_ model: ModelStatus) -> ModelReport {
        ModelReport(
            model: model, published: [], skipped: [], revisions: [], history: [], plan: ModelPlan(id: model.id, actions: [], note: nil))
    }

    static func event(_ seq: Int64) -> EventRecord {
        EventRecord(seq: seq, time: start, kind: "gist-updated", model: "a", message: "revision \(seq)")
    }
}
