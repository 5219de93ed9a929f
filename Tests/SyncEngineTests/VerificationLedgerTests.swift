import Foundation
import ModelInfo
import Planning
import Testing

@testable import SyncEngine

struct VerificationLedgerTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)
    private let file = try! RelativePath("w.caffemodel")
    private let id = ModelID(zoo: "zoo", path: try! RelativePath("net"))

    /// A file that came here so many seconds ago and was never read.
    private func view(_ age: Int64, trouble: Trouble? = nil) -> ModelView {
        let (time, text) = ((1_800_000_000 - age) * 1_000_000_000, "---\nname: Net\ncaffemodel: w.caffemodel\n---\n")
        let identity = FileIdentity(
            device: 1, inode: 7, size: 100, modified: 1, changed: time, mode: 0o644, owner: 0, group: 0, links: 1)
        let readme = DirectoryItem(
            name: try! RelativePath("readme.md"), kind: .file, identity: identity, content: .bytes(Array(text.utf8)))
        let reading = ModelReading(DirectorySnapshot(entries: [readme]), maximumFileSize: 1 << 20, directory: "net")
        let model = PresentModel(reading: reading, binaries: [file: identity], refusedBinaries: [:], edit: .own, contentMark: "mark")
        var memory = ModelMemory()
        memory.binaries[file] = BinaryMemory(hashed: nil, good: nil, trouble: trouble)
        return ModelView(id: id, disk: .present(model), memory: memory, claims: Claims(), goals: [], inFlight: [:], brake: [:])
    }

    private func ledger(_ view: ModelView) -> VerificationLedger {
        var ledger = VerificationLedger()
        ledger.put(view, plan(view, policy: Policy(), now: now))
        return ledger
    }

    private func trouble(_ view: ModelView) -> Trouble? {
        guard case .present(let model) = view.disk, let mark = model.reading.declaredBinaries.first?.readMark else { return nil }
        return Trouble(
            kind: .local, about: mark, failures: 40, at: now.addingTimeInterval(-9), notBefore: now.addingTimeInterval(9),
            message: "Input/output error", hint: nil)
    }

    @Test func `what could not be read within the time is overdue, be it that it never was`() {
        let unreadable = ledger(view(5000, trouble: trouble(view(0))))
        let status = unreadable.status(now: now, every: 3600)
        #expect(status.overdue == 1 && status.overdueBytes == 100 && status.coverage == 0 && status.neverRead == 1)
        #expect(HealthBoard.Trouble.verifyOverdue(status, every: .seconds(3600))?.item.text.contains("1 binary was not read") == true)
        #expect(unreadable.status(now: now, every: 6000).overdue == 0 && unreadable.status(now: now, every: nil).overdue == 0)
        // What has only just been found waits for its turn.
        let waiting = ledger(view(5000)).status(now: now, every: 3600)
        #expect(waiting.overdue == 0 && waiting.neverRead == 1 && waiting.coverage == 0)
        var gone = unreadable
        gone.remove(id)
        let nothing = gone.status(now: now, every: 3600)
        #expect(nothing.overdue == 0 && nothing.neverRead == 0 && nothing.coverage == nil)
    }
}
