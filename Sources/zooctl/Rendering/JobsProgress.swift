import ControlProtocol

/// How far jobs are, in one line.
struct JobsProgress {
    /// In the order in which they were asked for.
    let jobs: [JobReport]

    /// From the longest to the shortest.
    var forms: [String] {
        let open = jobs.filter { !$0.state.isFinal }
        guard let first = open.first else { return [] }
        guard jobs.count > 1 else { return forms(of: first) }
        let title = "\(jobs.count - open.count) of \(jobs.count) jobs done"
        guard let progress = TransferProgress(sumOf: open.compactMap(\.progress)), progress.doneBytes > 0 || progress.totalBytes != nil
        else { return [title] }
        return ProgressText(progress).forms(title)
    }

    private func forms(of job: JobReport) -> [String] {
        let title = JobWaiter.title(job)
        guard let progress = job.progress, progress.doneBytes > 0 || progress.totalBytes != nil else {
            return ["\(title): \(job.note ?? job.state.rawValue)"]
        }
        let parts = [job.model == nil ? job.note : nil, job.fileCount.map { "\($0) files" }].compactMap { $0 }
        return ProgressText(progress).forms(([title] + parts).joined(separator: ", "))
    }
}
