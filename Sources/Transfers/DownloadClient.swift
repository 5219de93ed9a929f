import SystemIO

/// Fetches files from anywhere, without any credentials. Shares no connection, handle or worker with ``APIClient``.
public final class DownloadClient: Sendable {
    private let settings: NetworkSettings
    private let pool: WorkerPool

    /// - Parameter workers: How many files at once; further ones wait.
    public init(settings: NetworkSettings, workers: Int = 2) {
        self.settings = settings
        pool = WorkerPool(label: "zood downloads", workers: workers)
    }

    /// Writes the file that `request` names into `destination`, from its beginning, and hashes it in the same pass.
    ///
    /// A download that fails or is cancelled leaves its bytes in `destination`, to be resumed. Redirects are followed, never from https
    /// to http. There is no limit to the whole time.
    /// - Parameters:
    ///   - destination: Open for reading and writing, and for nobody else. It may be closed when this returns.
    ///   - onStart: Called before the first byte of an answer is written, on a worker's thread: the place to save the validator.
    ///     Called again when the download has to begin anew, not when nothing was missing. What it throws ends the download.
    ///   - onProgress: Called on a worker's thread, at most ten times a second and once at the end.
    public func download(
        _ request: DownloadRequest, to destination: borrowing OwnedDescriptor,
        onStart: @escaping @Sendable (DownloadStart) throws(TransferFailure) -> Void = { _ in },
        onProgress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
    ) async throws(TransferFailure) -> DownloadResult {
        let copy = try Lent(destination)
        return try await pool.run { [settings] curl, cancellation throws(TransferFailure) in
            let download = try Download(
                request, to: copy.take(), settings: settings, curl: curl, cancellation: cancellation, onStart: onStart,
                onProgress: onProgress)
            return try download.run()
        }
    }
}
