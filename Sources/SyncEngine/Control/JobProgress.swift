import ControlProtocol
import FoundationEssentials
import ModelInfo
import Planning

/// How far a job is, all its files together: what is done, what moves, and what still waits in line.
struct JobProgress: Equatable, Sendable {
    /// Nil while nothing of it has begun.
    var bytes: TransferProgress?
    var fileCount: Int

    /// Nil where there is one, or nothing is known of any.
    var severalFiles: Int? { fileCount > 1 && bytes != nil ? fileCount : nil }

    /// Of a job that reads files.
    /// - Parameters:
    ///   - sizes: Of all files that it has read, in bytes.
    ///   - answered: Bytes of those that were read for it.
    ///   - underWay: What goes on with files of it.
    ///   - seconds: Since it was asked for.
    init(reading sizes: [Int64], answered: Int64, underWay: [BinaryWork], seconds: TimeInterval) {
        let running = underWay.filter { $0.kind == .verifying }
        let total = sizes.reduce(0, +)
        // What is remembered in this moment may be counted twice.
        let done = min(total, answered + running.reduce(0) { $0 + $1.doneBytes })
        // Small files are read before anybody sees how fast.
        let now = running.reduce(0) { $0 + $1.bytesPerSecond }
        let average = seconds > 1 ? Int64(Double(done) / seconds) : 0
        bytes = sizes.isEmpty ? nil : TransferProgress(doneBytes: done, totalBytes: total, bytesPerSecond: now > 0 ? now : average)
        fileCount = sizes.count
    }

    /// Of a job that has files fetched. As long as one of them waits in line nobody knows how much it will be.
    init(fetching underWay: [BinaryWork]) {
        let moving = underWay.compactMap(TransferProgress.init)
        let waits = moving.count < underWay.count
        bytes = TransferProgress(sumOf: moving)
        if waits { bytes = bytes.map { TransferProgress(doneBytes: $0.doneBytes, totalBytes: nil, bytesPerSecond: $0.bytesPerSecond) } }
        fileCount = underWay.count
    }
}

extension Daemon {
    /// Nil when the job is over.
    func progress(of job: StoredJob) async throws -> JobProgress? {
        guard job.isOpen else { return nil }
        let underWay = await work(of: job.members.filter { $0.state == .running }.map(\.model))
        guard job.kind == .verify else { return JobProgress(fetching: underWay) }
        let sizes = await board.binarySizes(of: job.members.map(\.model))
        let only = job.members.count == 1 ? job.members[0].model : nil
        return JobProgress(
            reading: sizes, answered: try await store.byteCount(readFor: job.id, of: only), underWay: underWay,
            seconds: clock.now.timeIntervalSince(job.requestedAt))
    }

    /// What is under way for all of them.
    private func work(of models: [ModelID]) async -> [BinaryWork] {
        guard models.count > 1 else { return models.isEmpty ? [] : Array(await workshop.work(of: models[0]).values) }
        let all = await workshop.allWork()
        return models.flatMap { all[$0].map { Array($0.values) } ?? [] }
    }
}
