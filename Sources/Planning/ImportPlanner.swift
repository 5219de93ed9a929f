import FoundationEssentials
import ModelInfo

/// What may be done with a file that a person hands over as one of a model's binaries.
public enum ImportVerdict: Equatable, Sendable {
    case take(FetchPurpose)
    /// That very content has its place already.
    case isThere
    case refused(GoalFailure, why: String, hint: String?)
}

extension ModelView {
    /// Decides as ``BinaryPlanner`` does about a fetch: only what fits a checksum of the info gets a place, and never that of a file
    /// which somebody changed.
    /// - Parameters:
    ///   - bytes: What came; nil before anything did: is it worth sending?
    ///   - allowsUnverified: Whether a person takes what comes for good where the info names no checksum.
    ///   - uid: Of that person: what belongs to somebody else than zood is replaced for nobody but its owner.
    public func importing(
        _ declared: DeclaredBinary, _ bytes: HashedFile?, allowsUnverified: Bool, zooIsReadOnly: Bool, by uid: UInt32
    ) -> ImportVerdict {
        guard case .present(let model) = disk else {
            return .refused(.noSuchModel, why: "\(id.path) is not there", hint: "zooctl status")
        }
        if zooIsReadOnly { return held("this zoo is read-only", "let zood write there: mode: read-write in zoos") }
        guard let file = declared.file else {
            return held("the file name '\(declared.fileText ?? "")' cannot be used", "zooctl lint \(directoryWord)")
        }
        let names: Set<DiagnosticCode> = [.caffemodelUnsafePath, .caffemodelOverwritesInfo]
        if let problem = model.reading.diagnostics.first(where: { names.contains($0.code) }) {
            return .refused(.invalidInfo, why: problem.message, hint: problem.hint)
        }
        if let why = model.refusedBinaries[file] { return held("\(file) \(why)", "replace it by a regular file, or move it away") }
        let hasChecksum = declared.sha1 != nil || declared.sha256 != nil
        guard hasChecksum || allowsUnverified else {
            return held(
                "the readme names no checksum of \(file), so nothing tells whether a file is the right one",
                "write it: zooctl set \(directoryWord) sha1=DIGITS; or take it as it is: zooctl import --unverified \(idWord) FILE")
        }
        let memory = memory.binaries[file] ?? BinaryMemory()
        guard let identity = model.binaries[file] else {
            guard let bytes, hasChecksum, !memory.accepts(bytes, declared) else { return .take(.missing) }
            return wrong(bytes, declared, file, memory)
        }
        if let bytes, !memory.accepts(bytes, declared) { return wrong(bytes, declared, file, memory) }
        let verdict = replacing(file, identity, declared, memory, bytes)
        guard case .take = verdict, let owner = model.foreignBinaries[file], !Ownership.isOwner(uid, of: owner) else { return verdict }
        return held("\(file) belongs to uid \(owner), and only its owner has it replaced", "\(movingAway(file)), then import again")
    }

    private func replacing(
        _ file: RelativePath, _ identity: FileIdentity, _ declared: DeclaredBinary, _ memory: BinaryMemory, _ bytes: HashedFile?
    ) -> ImportVerdict {
        let away = "move it away, then import again"
        guard let hashed = memory.hashed, hashed.identity.isSameFile(as: identity), let shown = memory.shown(by: declared) else {
            return held("\(file) is there and was not read since it was saved", "zooctl verify \(idWord); or \(away)")
        }
        if hashed.sha256 == bytes?.sha256 { return .isThere }
        return switch shown {
        case .corrupt: .take(.repair)
        case .outdated: .take(.replaceOutdated)
        case .verified, .unverifiable:
            // Which of both it is, only the bytes can tell.
            bytes == nil ? .isThere : held("\(file) is there and good", "to have another one in its place: \(away)")
        default: held("\(file) was changed by somebody; it is left as it is", away)
        }
    }

    private func held(_ why: String, _ hint: String) -> ImportVerdict { .refused(.needsPerson, why: why, hint: hint) }

    /// What was seen against what was wanted.
    private func wrong(_ bytes: HashedFile, _ declared: DeclaredBinary, _ file: RelativePath, _ memory: BinaryMemory) -> ImportVerdict {
        let seen = "the file has sha1 \(bytes.sha1?.description ?? "?") and sha256 \(bytes.sha256)"
        let isRight = "if it is the right file"
        let hint: String
        if let sha1 = bytes.sha1, declared.sha1 != nil, declared.sha256 == nil, declared.sha1 != sha1 {
            hint = "\(isRight): zooctl set \(directoryWord) sha1=\(sha1); then import again"
        } else if declared.sha1 != nil || declared.sha256 != nil {
            hint = "\(isRight), correct the checksum in the readme, then import again"
        } else {
            hint = "\(isRight), move away what is there, then: zooctl import --unverified \(idWord) FILE"
        }
        return .refused(
            .verificationFailed, why: "\(seen), and \(file) of \(id.path) is to have \(wanted(bytes, declared, memory))", hint: hint)
    }

    private func wanted(_ bytes: HashedFile, _ declared: DeclaredBinary, _ memory: BinaryMemory) -> String {
        if let sha256 = declared.sha256 { return "sha256 \(sha256)" }
        guard let sha1 = declared.sha1 else {
            return memory.good.map { "sha256 \($0.sha256), as first recorded" } ?? "another checksum"
        }
        // A SHA-1 that fits is not enough once the SHA-256 is known.
        if bytes.sha1 == sha1, let good = memory.good { return "sha256 \(good.sha256), as recorded" }
        return "sha1 \(sha1)"
    }
}
