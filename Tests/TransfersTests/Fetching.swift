import ModelInfo
import SystemIO
import Testing

@testable import Transfers

/// The client of most tests.
let plainClient = DownloadClient()

/// Downloads into `file`.
func fetch(
    _ request: DownloadRequest, by client: DownloadClient = plainClient, to file: ScratchFile,
    onStart: @escaping @Sendable (DownloadStart) throws(TransferFailure) -> Void = { _ in },
    onProgress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
) async throws -> DownloadResult {
    let descriptor = try file.open()
    return try await client.download(request, to: descriptor, onStart: onStart, onProgress: onProgress)
}

/// Why a download that must fail did.
func failure(_ request: DownloadRequest, by client: DownloadClient = plainClient, to file: ScratchFile? = nil) async throws
    -> TransferFailure.Reason
{
    let file = try file ?? ScratchFile()
    return try await #require(throws: TransferFailure.self) { _ = try await fetch(request, by: client, to: file) }.reason
}

/// A download of up to 1 GiB from any loopback address of IPv4, changed as the test wants it.
func request(_ url: String, _ change: (inout DownloadRequest) -> Void = { _ in }) -> DownloadRequest {
    var request = DownloadRequest(
        url: url, addresses: AddressPolicy(allowed: [AddressRange("127.0.0.0/8")!]), maximumByteCount: 1 << 30)
    change(&request)
    return request
}

extension TransferFailure.Reason {
    /// Its case, without what goes with it.
    var word: String { Mirror(reflecting: self).children.first?.label ?? "\(self)" }
}
