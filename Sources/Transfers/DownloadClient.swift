/// Fetches files from anywhere, without any credentials.
public final class DownloadClient: Sendable {
    /// - Parameter workers: How many files at once; further ones wait.
    public init(settings: NetworkSettings, workers: Int = 2) {}

    /// Writes the file that `request` names into `destination`, from its beginning, and hashes it in the same pass.
    ///
    /// An interrupted download leaves its bytes in `destination`, to be resumed.
    /// - Parameters:
    ///   - destination: Open for reading and writing, and for nobody else.
    ///   - onStart: Called before the first byte of an answer is written, on a worker's thread: the place to save the validator.
    ///     Called again when the download had to begin anew. What it throws ends the download.
    ///   - onProgress: Called on a worker's thread at most ten times a second.
    public func download(
        _ request: DownloadRequest, to destination: borrowing OwnedDescriptor,
        onStart: @escaping @Sendable (DownloadStart) throws(TransferFailure) -> Void = { _ in },
        onProgress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
    ) async throws(TransferFailure) -> DownloadResult {
        throw TransferFailure(.cancelled)
    }
}
