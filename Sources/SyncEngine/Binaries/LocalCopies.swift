import FoundationEssentials
import Glibc
import ModelInfo
import Planning
import SystemIO

/// Files of the served zoos that hold already what would have to be fetched.
struct LocalCopies: Sendable {
    let zoos: [Zoo]
    let store: StateStore
    let events: EventLog
    /// For copying alone: it may take minutes.
    let lane: BlockingLane
    let clock: any DaemonClock
    let chance: Chance
    /// Called with a model that has to be looked at again.
    let mark: @Sendable (ModelID) async -> Void

    /// So many files are looked at for one that can be copied.
    private static let lookLimit = 8

    /// A copy in staging that has the wanted digest.
    struct Copy: Sendable {
        var hashed: HashedFile
        var staged: PartialDownload
        var source: KnownFile
    }

    enum Taking: Sendable {
        case made(Copy)
        /// There is none that may be copied.
        case none
        /// There is one of that size, and no room for another.
        case hasNoRoom(byteCount: Int64)
    }

    private struct Source: Sendable {
        var known: KnownFile
        var descriptor: Lending
        var byteCount: Int64
    }

    /// Copies a file that was last seen to have what is wanted into staging. It is never trusted: a copy that has another digest is
    /// dropped, and its source is read anew.
    /// - Parameter begin: Called once, before the first copy.
    func take(
        for request: FetchRequest, in staging: Staging, _ settings: BinaryFetcher.Settings,
        _ progress: @escaping @Sendable (Int64, Int64?) -> Void, begin: () async throws -> Void
    ) async throws -> Taking {
        guard request.digest != nil else { return .none }
        var tried: [KnownFile] = []
        while !Task.isCancelled, let source = try await find(for: request, except: tried) {
            tried.append(source.known)
            // What is too large is told by asking a server.
            guard source.byteCount <= settings.maximumByteCount else { return .none }
            let room = try? await lane.run { try staging.room(leaving: settings.minimumFree) }
            guard source.byteCount <= room ?? .max else { return .hasNoRoom(byteCount: source.byteCount) }
            if tried.count == 1 { try await begin() }
            let name = try RelativePath(chance.hex(12) + ".copy")
            let watch = DownloadRoom.Watch(
                DownloadRoom(staging: staging, maximumByteCount: settings.maximumByteCount, minimumFree: settings.minimumFree))
            guard let made = await copy(source, as: name, in: staging, watch, progress) else { continue }
            let good = source.known.good
            if made.sha256 == good.sha256 {
                let staged = PartialDownload(
                    stagingName: name, url: "", mark: request.declared.fetchMark,
                    bootID: PartialDownload.currentBootID)
                let hashed = HashedFile(identity: made.identity, sha1: good.sha1, sha256: made.sha256, at: clock.now)
                return .made(Copy(hashed: hashed, staged: staged, source: source.known))
            }
            try? await lane.run { try staging.downloads.remove(name) }
            try await doubt(source.known)
        }
        return .none
    }

    private func find(for request: FetchRequest, except tried: [KnownFile]) async throws -> Source? {
        try await lane.run { try look(for: request, except: tried) }
    }

    /// A file that was last seen to have what is wanted, that nobody has touched since, and that may be read by everybody who may read
    /// the model's directory. Blocks.
    private func look(for request: FetchRequest, except tried: [KnownFile]) throws -> Source? {
        let known = try store.files(with: request.declared.sha1, request.sha256, limit: Self.lookLimit)
        guard !known.isEmpty, let audience = try? Audience(of: request.model.path, in: request.zoo) else { return nil }
        for file in known where !tried.contains(file) && (file.model, file.file) != (request.model, request.file) {
            guard request.accepts(file.good, nil), let zoo = zoos.first(where: { $0.name == file.model.zoo }), zoo.absence == nil,
                let way = try? Audience(of: file.model.path.directory(of: file.file), in: zoo),
                let descriptor = try? zoo.root.directory(file.model.path).open(file.file),
                let (identity, _) = try? descriptor.status(), identity.isSameFile(as: file.good.identity),
                audience.isInside(way.reading(identity))
            else { continue }
            return Source(known: file, descriptor: Lending(descriptor), byteCount: identity.size)
        }
        return nil
    }

    /// Nil when it could not be made, as when others used up what is to be left free, or was cancelled: then nothing is left of it.
    private func copy(
        _ source: Source, as name: RelativePath, in staging: Staging, _ watch: DownloadRoom.Watch,
        _ progress: @escaping @Sendable (Int64, Int64?) -> Void
    ) async -> FileCopy.Made? {
        let flag = CancellationFlag()
        return await withTaskCancellationHandler {
            try? await lane.run {
                try FileCopy.make(
                    of: source.descriptor.descriptor, as: name, in: staging.downloads, permissions: 0o600, isCancelled: { flag.isSet },
                    onProgress: {
                        progress($0, source.byteCount)
                        try watch.check(after: $0)
                    })
            }
        } onCancel: {
            flag.set()
        }
    }

    /// What was copied is not what was read last: its model reads it anew.
    private func doubt(_ known: KnownFile) async throws {
        try await events.record(known.file, of: known.model) {
            if $0.binary.good == known.good { $0.binary.hashed = nil }
            return []
        }
        await mark(known.model)
    }
}

extension RelativePath {
    /// The directory of a file below this one.
    fileprivate func directory(of file: RelativePath) -> RelativePath { file.parent.map { appending($0) } ?? self }
}
