import ControlProtocol

/// `52 MiB of 233 MiB, 22.5 %, 12 MiB/s, 15 s left`
struct ProgressText {
    let progress: TransferProgress

    init(_ progress: TransferProgress) {
        self.progress = progress
    }

    var text: String {
        var parts = [Units.bytes(progress.doneBytes)]
        if let total = progress.totalBytes, total > 0 {
            parts = ["\(parts[0]) of \(Units.bytes(total))", Units.percent(Double(progress.doneBytes) / Double(total))]
        }
        if progress.bytesPerSecond > 0 { parts.append(Units.rate(progress.bytesPerSecond)) }
        if let left = progress.etaSeconds { parts.append("\(Units.duration(left)) left") }
        return parts.joined(separator: ", ")
    }
}
