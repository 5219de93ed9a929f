import ControlProtocol
import FoundationEssentials
import ModelInfo
import Planning

extension ModelStatus {
    /// - Parameters:
    ///   - work: What is under way now, which may be newer than the last pass.
    ///   - isShort: The `view=table` form: no diagnostics, URLs or digests.
    init(_ entry: StatusBoard.Entry, id: String, work: [RelativePath: BinaryWork], isShort: Bool) {
        let (view, plan) = (entry.view, entry.plan)
        let reading = view.reading
        let card = reading?.card
        let diagnostics = isShort ? [] : (reading?.diagnostics ?? []) + plan.diagnostics
        let gist = GistStatus(
            state: plan.gist.state, id: view.memory.gist?.id ?? card?.gistID, url: isShort ? nil : view.memory.gist?.url,
            visibility: view.memory.gist?.isPublic.map { $0 ? .public : .secret }, revision: view.memory.gist?.revision,
            publishedAt: view.memory.gist?.publishedAt, note: plan.gist.note)
        let binaries = plan.binaries.map { BinaryStatus($0, view: view, work: $0.declared.file.flatMap { work[$0] }, isShort: isShort) }
        let isBusy = !work.isEmpty && (plan.state == .ok || plan.state == .busy)
        self.init(
            id: id, zoo: view.id.zoo, path: entry.zoo.absolute(view.id.path), name: card?.name, license: card?.license,
            state: isBusy ? .busy : plan.state, info: InfoStatus(state: reading?.state ?? .invalid, diagnostics: diagnostics), gist: gist,
            binaries: binaries, note: plan.note ?? binaries.lazy.compactMap(\.activity).first, hint: plan.hint)
    }
}

extension BinaryStatus {
    init(_ verdict: BinaryVerdict, view: ModelView, work: BinaryWork?, isShort: Bool) {
        let declared = verdict.declared
        let memory = declared.file.flatMap { view.memory.binaries[$0] }
        let onDisk: FileIdentity? =
            if case .present(let model) = view.disk { declared.file.flatMap { model.binaries[$0] } } else { nil }
        self.init(
            file: declared.fileText ?? "", state: work?.kind.state ?? verdict.state, url: isShort ? nil : declared.urlText,
            sha1: isShort ? nil : declared.sha1, sha256: isShort ? nil : declared.sha256 ?? memory?.good?.sha256,
            size: onDisk?.size ?? work?.totalBytes, verifiedAt: verdict.verifiedAt, nextVerifyAt: verdict.nextVerifyAt,
            progress: work.flatMap(TransferProgress.init), note: work?.note ?? verdict.note,
            recordedSHA1: isShort ? nil : memory?.good?.sha1)
    }

    /// "downloading, 15 s left"; nil when nothing goes on.
    var activity: String? {
        let verb: String
        switch state {
        case .queued: return "waits for its turn to download"
        case .fetching: verb = "downloading"
        case .verifying: verb = "verifying"
        default: return nil
        }
        guard let eta = progress?.etaSeconds else { return verb }
        return eta < 90 ? "\(verb), \(eta) s left" : "\(verb), \(eta / 60) min left"
    }
}

extension BinaryWork.Kind {
    var state: BinaryState {
        switch self {
        case .queuedFetch: .queued
        case .fetching: .fetching
        case .queuedVerification, .verifying: .verifying
        }
    }
}

extension TransferProgress {
    /// Nil while the work waits in line.
    init?(_ work: BinaryWork) {
        guard work.kind == .fetching || work.kind == .verifying else { return nil }
        self.init(doneBytes: work.doneBytes, totalBytes: work.totalBytes, bytesPerSecond: work.bytesPerSecond)
    }
}

extension ModelView {
    /// What the directory says; nil when it is gone or cannot be read.
    var reading: ModelReading? {
        if case .present(let model) = disk { model.reading } else { nil }
    }
}
