import ControlProtocol
import FoundationEssentials
import Glibc
import ModelInfo
import Planning
import SystemIO
import Transfers

/// A file that a person hands over.
struct ImportRequest: Sendable {
    /// Nil where only asked for.
    var upload: Upload?
    /// Which of the model's binaries it is; nil: the one that it fits.
    var name: String?
    var allowsUnverified: Bool
    /// A uid.
    var by: UInt32
}

/// Takes a binary from a person: into staging, hashed in the same pass, and to its place by the way that every fetch goes. Whatever ends
/// it before, nothing is left of it: nobody remembers the file in staging until its digest fits.
struct BinaryImporter: Sendable {
    let store: StateStore
    let placer: BinaryPlacer
    let workshop: BinaryWorkshop
    /// Its own, so that those who send slowly hold up no other work on the disk.
    let lane: BlockingLane
    let clock: any DaemonClock
    let chance: Chance
    let settings: @Sendable () -> BinaryFetcher.Settings

    /// What may be handed over.
    /// - Parameter view: The model as it is now.
    func terms(_ request: ImportRequest, _ view: ModelView, in zoo: Zoo) throws(ControlError) -> ImportTerms {
        let candidates = try ImportCandidates(view, request, zooIsReadOnly: zoo.isReadOnly)
        try candidates.checkWorthSending()
        return ImportTerms(maximumByteCount: candidates.allowAnySize ? nil : settings().maximumByteCount)
    }

    /// - Parameter look: The model as it is now; asked again when all bytes are there.
    func run(
        _ request: ImportRequest, in zoo: Zoo, as shortID: String, look: @Sendable () async throws -> ModelView
    ) async throws -> ImportReport {
        guard let upload = request.upload else { throw ControlError(.internal, "the body did not come in pieces") }
        var settings = settings()
        let candidates = try ImportCandidates(try await look(), request, zooIsReadOnly: zoo.isReadOnly)
        try candidates.checkWorthSending()
        guard let staging = zoo.staging else { throw ControlError(.readOnly, "the zoo \(zoo.name) is read-only") }
        if candidates.allowAnySize { settings.maximumByteCount = .max }
        let room = DownloadRoom(staging: staging, maximumByteCount: settings.maximumByteCount, minimumFree: settings.minimumFree)
        let name = try RelativePath(chance.hex(12) + ".import")
        do {
            let (digest, firstBytes) = try await receive(upload, as: name, room, model: candidates.view.idWord)
            guard let sha256 = digest.sha256 else { throw ControlError(.internal, "the digests are missing") }
            let hashed = HashedFile(identity: digest.identity, sha1: digest.sha1, sha256: sha256, at: clock.now)
            // That took its time: what is there and what is wanted may be another thing by now.
            let now = try ImportCandidates(try await look(), request, zooIsReadOnly: zoo.isReadOnly)
            let (declared, file, purpose) = try now.choose(hashed, firstBytes)
            if let purpose {
                try await place(hashed, name, declared, file, purpose, now.view, settings.modes, by: request.by, in: zoo)
            } else {
                await forget(name, in: zoo)
            }
            return ImportReport(
                model: shortID, file: file.description, byteCount: hashed.identity.size, sha1: hashed.sha1, sha256: sha256,
                wasThere: purpose == nil, isVerified: declared.sha1 != nil || declared.sha256 != nil)
        } catch {
            await forget(name, in: zoo)
            throw error
        }
    }

    /// But not what is still recorded: an exchange that began ends first, since what lies there then may be a person's file.
    private func forget(_ name: RelativePath, in zoo: Zoo) async {
        try? await lane.run {
            guard try !store.partials(of: zoo.name).contains(where: { $0.partial.stagingName == name }) else { return }
            try zoo.staging?.downloads.remove(name)
        }
    }

    private func receive(
        _ upload: Upload, as name: RelativePath, _ room: DownloadRoom, model word: String
    ) async throws -> (FileDigest, firstBytes: [UInt8]) {
        let expected = upload.byteCount
        guard expected > 0 else { throw ControlError(.verificationFailed, "the file is empty, and no model") }
        guard expected <= room.maximumByteCount else {
            throw ControlError(
                .blocked, "the file has \(SizeWords.of(expected)), and binaries.max_size allows \(SizeWords.of(room.maximumByteCount))",
                hint: "raise binaries.max_size, then: zooctl reload")
        }
        do {
            let file = try await lane.run {
                try room.check(for: expected)
                let file = try IncomingFile(
                    try room.staging.downloads.open(name, .readWrite, creating: .mustBeNew, permissions: 0o600), expecting: expected)
                CrashPoint.reach("import.named")
                return file
            }
            let watch = DownloadRoom.Watch(room)
            while let bytes = try await upload.pipe.next() {
                try await lane.run {
                    try file.append(bytes)
                    try watch.check(after: file.byteCount)
                }
            }
            guard file.byteCount == expected else { throw BodyPipe.Cut() }
            CrashPoint.reach("import.received")
            return try await lane.run { try file.finish() }
        } catch is BodyPipe.Cut {
            throw ControlError(.interrupted, "the sender ended before the whole file was there; nothing was imported")
        } catch let error as SystemError {
            throw Self.error(OutcomeJudge.judge(error, model: word))
        } catch let failure as DigestFailure {
            throw Self.error(OutcomeJudge.judge(failure, model: word))
        }
    }

    private func place(
        _ hashed: HashedFile, _ name: RelativePath, _ declared: DeclaredBinary, _ file: RelativePath, _ purpose: FetchPurpose,
        _ view: ModelView, _ modes: PlacementModes, by uid: UInt32, in zoo: Zoo
    ) async throws {
        let fetch = FetchRequest(
            model: view.id, idWord: view.idWord, file: file, declared: declared, purpose: purpose,
            memory: view.memory.binaries[file] ?? BinaryMemory(), importedBy: uid, zoo: zoo)
        let partial = PartialDownload(stagingName: name, url: "", mark: declared.fetchMark, bootID: PartialDownload.currentBootID)
        let outcome = try await workshop.placing(file, of: view.id) { [self] in
            try await lane.run {
                // What a fetch of it had got is of no use any more; but what it began to exchange ends first.
                if let left = try settled(file, of: view.id, in: zoo) { try? zoo.staging?.downloads.remove(left.stagingName) }
                try store.setPartial(partial, of: file, in: view.id)
            }
            CrashPoint.reach("import.intended")
            let outcome = try await placer.place(hashed, partial, modes: modes, for: fetch)
            try await lane.run {
                // What cannot be settled now stays recorded: the next fetch, import or start tries again.
                _ = try settled(file, of: view.id, in: zoo)
                try store.setPartial(nil, of: file, in: view.id)
            }
            CrashPoint.reach("import.forgotten")
            return outcome
        }
        if outcome != .done { throw Self.error(outcome) }
    }

    /// What is left to go on with when whatever was begun for this file has been finished or undone. Blocks.
    private func settled(_ file: RelativePath, of id: ModelID, in zoo: Zoo) throws -> PartialDownload? {
        try store.partial(of: file, in: id)?.recovered(of: file, in: id, zoo, store, clock)
    }

    /// As a request is told it.
    private static func error(_ outcome: Outcome) -> ControlError {
        switch outcome {
        case .done, .waits: ControlError(.internal, "no host is part of it")
        case .needsRoom(_, let because, _): ControlError(.noSpace, because, hint: "make room, then import again: df -h")
        case .retry(_, let kind, let because, let hint), .later(_, let kind, let because, let hint):
            switch kind {
            case .space: ControlError(.noSpace, because, hint: "make room, then import again: df -h")
            // No network is part of it: of what the placer says, that stands for what somebody else saved meanwhile.
            case .network: ControlError(.conflict, because, hint: "look at it, then import again")
            default: ControlError(.failed, because, hint: hint)
            }
        case .needsPerson(_, let why, let hint): ControlError(.held, why, hint: hint)
        }
    }
}
