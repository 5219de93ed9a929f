import SystemIO

/// Fetches files from anywhere, without any credentials. Shares no connection, handle or worker with ``APIClient``.
///
/// A large file comes over several connections where its host allows it and that is faster; what is left open is used by the next
/// download from the same host.
public final class DownloadClient: Sendable {
    private let settings: @Sendable () -> NetworkSettings
    private let pool: WorkerPool
    private let hosts: HostConnections
    private let bandwidth: SharedBandwidth?

    /// - Parameters:
    ///   - settings: Asked when a download begins, so that changed ones count for the next.
    ///   - workers: How many files at once; further ones wait.
    ///   - connections: How many to one host, all files together; asked each time, so that a changed number counts at once.
    ///   - bandwidth: What all files have together; nil: as fast as it goes.
    public init(
        settings: @escaping @Sendable () -> NetworkSettings = { NetworkSettings() }, workers: Int = 2,
        connections: @escaping @Sendable () -> Int = { 8 }, bandwidth: SharedBandwidth? = nil
    ) {
        (self.settings, self.bandwidth) = (settings, bandwidth)
        pool = WorkerPool(label: "zood downloads", workers: workers)
        hosts = HostConnections(maximum: connections)
    }

    /// Writes the file that `request` names into `destination`, from its beginning, and hashes it in the same pass.
    ///
    /// A download that fails or is cancelled leaves its bytes in `destination`, to be resumed. Redirects are followed, never from https
    /// to http. There is no limit to the whole time.
    /// - Parameters:
    ///   - destination: Open for reading and writing, and for nobody else. It may be closed when this returns.
    ///   - onStart: Called before the first byte of an answer is written, on a worker's thread: the place to save the validator.
    ///     Called again when the download has to begin anew, not when nothing was missing. What it throws ends the download.
    ///   - onProgress: Called on a worker's thread, at most ten times a second and once at the end. What it throws before that ends the
    ///     download.
    ///   - onSynced: Called on any thread with what a power cut leaves from then on, at least once in 64 MiB: the place to save
    ///     that. Never while `onStart` runs, and not after this returns.
    public func download(
        _ request: DownloadRequest, to destination: borrowing OwnedDescriptor,
        onStart: @escaping @Sendable (DownloadStart) throws(TransferFailure) -> Void = { _ in },
        onProgress: @escaping @Sendable (DownloadProgress) throws(TransferFailure) -> Void = { _ in },
        onSynced: @escaping @Sendable (ByteRanges) -> Void = { _ in }
    ) async throws(TransferFailure) -> DownloadResult {
        let copy = try Lent(destination)
        return try await pool.run { [settings, hosts, bandwidth] curl, cancellation throws(TransferFailure) in
            let download = try Download(
                request, to: copy.take(), settings: settings(), curl: curl, hosts: hosts, bandwidth: bandwidth, cancellation: cancellation,
                onStart: onStart, onProgress: onProgress, onSynced: onSynced)
            return try download.run()
        }
    }
}
