import SystemIO
import Transfers

/// Where files come from. The one seam for downloads: tests and simulations put another in its place.
public protocol Downloads: Sendable {
    /// See `DownloadClient.download`, whose promises are this protocol's.
    func download(
        _ request: DownloadRequest, to destination: borrowing OwnedDescriptor,
        onStart: @escaping @Sendable (DownloadStart) throws(TransferFailure) -> Void,
        onProgress: @escaping @Sendable (DownloadProgress) throws(TransferFailure) -> Void,
        onSynced: @escaping @Sendable (ByteRanges) -> Void
    ) async throws(TransferFailure) -> DownloadResult
}

extension DownloadClient: Downloads {}
