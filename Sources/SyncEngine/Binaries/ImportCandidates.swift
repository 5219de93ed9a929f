import ControlProtocol
import ModelInfo
import Planning
import Transfers

/// Which of a model's binaries a file that a person hands over may be.
struct ImportCandidates: Sendable {
    let view: ModelView
    private let declared: [DeclaredBinary]
    private let request: ImportRequest
    private let zooIsReadOnly: Bool

    /// - Throws: ``ControlError`` when there is none, or none of that name.
    init(_ view: ModelView, _ request: ImportRequest, zooIsReadOnly: Bool) throws(ControlError) {
        (self.view, self.request, self.zooIsReadOnly) = (view, request, zooIsReadOnly)
        let all = view.reading?.declaredBinaries ?? []
        guard !all.isEmpty else {
            throw ControlError(
                .invalidInfo, "the readme of \(view.id.path) declares no binary", hint: "zooctl show \(view.idWord)")
        }
        guard let name = request.name else {
            // What has no checksum is only taken for what the person says it is.
            declared = all.count == 1 ? all : all.filter { $0.sha1 != nil || $0.sha256 != nil }
            guard !declared.isEmpty else {
                throw ControlError(
                    .held, "\(view.id.path) has \(all.count) binaries, and no checksum tells which of them it is",
                    hint: "name it: zooctl import --as \(ShellWord.of(all[0].fileText ?? "NAME")) --unverified \(view.idWord) FILE")
            }
            return
        }
        declared = all.filter { $0.file?.description.hasSameBytes(as: name) ?? false }
        guard !declared.isEmpty else {
            let names = all.compactMap { $0.file?.description }.joined(separator: ", ")
            throw ControlError(.badRequest, "\(view.id.path) has no binary '\(name.prefix(80))'", hint: "name one of: \(names)")
        }
    }

    /// Whether an operator lets one of them through however large it is.
    var allowAnySize: Bool { declared.contains { view.allowsAnySize(of: $0) } }

    /// - Throws: ``ControlError`` when no bytes whatever would get a place.
    func checkWorthSending() throws(ControlError) {
        let verdicts = declared.map { verdict(on: $0, nil) }
        guard case .refused(let failure, let why, let hint)? = verdicts.first else { return }
        for verdict in verdicts { guard case .refused = verdict else { return } }
        throw ControlError(ErrorCode(failure), why, hint: hint)
    }

    /// - Returns: Which it is, and for what it is taken; nil when that very content has its place already.
    /// - Throws: ``ControlError`` with what was seen against what was wanted.
    func choose(
        _ bytes: HashedFile, _ firstBytes: [UInt8]
    ) throws(ControlError) -> (DeclaredBinary, RelativePath, FetchPurpose?) {
        var isThere: (DeclaredBinary, RelativePath)?
        var refusals: [ControlError] = []
        for declared in declared {
            switch verdict(on: declared, bytes) {
            case .take(let purpose):
                guard let file = declared.file else { continue }
                if declared.sha1 == nil, declared.sha256 == nil,
                    let page = LooksLike.page(firstBytes: firstBytes, contentType: nil)
                {
                    throw ControlError(
                        .verificationFailed, "the file is \(page), \(SizeWords.of(bytes.identity.size)), and no model",
                        details: ["file": file.description])
                }
                return (declared, file, purpose)
            case .isThere: if let file = declared.file, isThere == nil { isThere = (declared, file) }
            case .refused(let failure, let why, let hint): refusals.append(ControlError(ErrorCode(failure), why, hint: hint))
            }
        }
        if let isThere { return (isThere.0, isThere.1, nil) }
        // Where it fits but may not be put there, that is what to tell.
        if let held = refusals.first(where: { $0.code != .verificationFailed }) ?? (refusals.count == 1 ? refusals.first : nil) {
            throw held
        }
        throw ControlError(
            .verificationFailed,
            "the file has sha1 \(bytes.sha1?.description ?? "?"), which is that of none of the \(declared.count) binaries of \(view.id.path)",
            hint: "zooctl show \(view.idWord)")
    }

    private func verdict(on declared: DeclaredBinary, _ bytes: HashedFile?) -> ImportVerdict {
        view.importing(declared, bytes, allowsUnverified: request.allowsUnverified, zooIsReadOnly: zooIsReadOnly, by: request.by)
    }
}
