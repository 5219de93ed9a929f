/// Judges the entries of one model directory beside its readme.
struct DirectoryReader {
    let snapshot: DirectorySnapshot
    /// Bytes.
    let maximumFileSize: Int
    /// The readme that was read; nothing may be less readable than it.
    let readme: DirectoryItem
    /// Names that the readme declares as binaries, whatever their extension.
    let binaries: Set<RelativePath>

    private(set) var publishable: [String: PublishableFile] = [:]
    private(set) var skipped: [SkippedFile] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// Lines of what is published that look like secrets, all of them.
    private(set) var secretPlaces: [SecretPlace] = []
    /// What the prototxts describe, those without fault, by name.
    private(set) var prototxts: [PrototxtSummary] = []

    init(_ snapshot: DirectorySnapshot, maximumFileSize: Int, readme: DirectoryItem, card: ModelCard?) {
        (self.snapshot, self.maximumFileSize, self.readme) = (snapshot, maximumFileSize, readme)
        binaries = Set((card?.binaries ?? []).compactMap(\.file))
        for item in snapshot.entries { read(item) }
        if !snapshot.entries.contains(where: { $0.kind == .file && Self.isPrototxt($0.name.description) }) {
            diagnostics.append(
                Diagnostic(
                    .noPrototxt, message: "no prototxt beside the readme",
                    hint: "add the network's deploy.prototxt: the binary is of little use without it"))
        }
        if snapshot.unreadableNames > 0 {
            diagnostics.append(
                Diagnostic(
                    .encodingNotUtf8,
                    message: snapshot.unreadableNames == 1
                        ? "a file name is not UTF-8; this file is not published"
                        : "\(snapshot.unreadableNames) file names are not UTF-8; these files are not published",
                    hint: "rename them: convmv -f latin1 -t utf8 --notest ."))
        }
    }

    static func isPrototxt(_ name: String) -> Bool { name.lowercased().hasSuffix(".prototxt") }

    /// Whether a name is that of a trained binary, or of a part or copy of one.
    static func isCaffemodel(_ name: String) -> Bool { name.lowercased().holdsASCII(".caffemodel") }

    private mutating func read(_ item: DirectoryItem) {
        let name = item.name.description
        switch item.kind {
        case .link where item.leadsOutside:
            let target = Quotation.of(item.linkTarget ?? "")
            skip(
                item, .symlinkOutside, "a link out of the model directory, to \(target): it is neither read nor published",
                hint: "put a copy in its place, or remove it")
        case _ where item.name.isHidden: skip(item, .hiddenSkipped)
        case .link: skip(item, .linkSkipped, "a link: zood follows none, and does not publish it")
        case .directory: skip(item, .subdirectorySkipped, "a directory: a gist is flat, so it is not published")
        case .other: skip(item, .binarySkipped, "no regular file: it is not published")
        case .file where Self.isCaffemodel(name) || binaries.contains(item.name) && !item.isText: skip(item, .binarySkipped)
        case .file where LeftoverNames.contains(name): skip(item, .leftoverSkipped)
        case .file: readFile(item)
        }
    }

    private mutating func readFile(_ item: DirectoryItem) {
        if item.identity.links > 1 {
            skip(
                item, .hardLinked, "the file has \(item.identity.links) links, so it may be somebody's secret: it is not published",
                hint: "make it a file of its own: cp -p \(item.name) \(item.name).new && mv \(item.name).new \(item.name)")
            return
        }
        if item.name != readme.name, item.identity.isLessReadable(than: readme.identity) {
            skip(
                item, .lessReadable, "fewer people may read it than \(readme.name): it is not published",
                hint: "chmod --reference=\(readme.name) \(item.name), if everybody may read it")
            return
        }
        switch item.content {
        case .bytes(let bytes): readBytes(bytes, of: item)
        case .tooLarge: skipLarge(item)
        case .unreadable(let why):
            skip(item, .fileUnreadable, "it cannot be read: \(why); what is published of it stays", hint: "let zood's user read it")
        case .notRead: skip(item, .binarySkipped)
        }
    }

    private mutating func readBytes(_ bytes: [UInt8], of item: DirectoryItem) {
        guard bytes.count <= maximumFileSize else { return skipLarge(item) }
        guard !bytes.allSatisfy({ $0.isBlank || $0 == .lineFeed || $0 == .carriageReturn }) else {
            return skip(item, .emptyFileSkipped, "an empty file, which a gist cannot hold")
        }
        // Also one that is not UTF-8 and stays here: Caffe reads it all the same, since comments may be anything.
        if Self.isPrototxt(item.name.description) { readPrototxt(bytes, file: item.name.description) }
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            return skip(item, .binarySkipped, "not UTF-8 text: it is not published")
        }
        guard publishable[item.name.description] == nil else {
            return skip(
                item, .binarySkipped, "another file's name differs from its name only in how letters are encoded: it is not published")
        }
        publishable[item.name.description] = PublishableFile(name: item.name, text: text, identity: item.identity)
        let secrets = SecretLines(in: bytes)
        diagnostics += SecretScan.findings(in: secrets, file: item.name.description)
        secretPlaces += secrets.lines.map { SecretPlace(file: item.name.description, line: $0.number) }
        if item.name != readme.name, let line = ConflictMarkers.firstLine(in: bytes) {
            diagnostics.append(
                Diagnostic(
                    .conflictMarkers, file: item.name.description, line: line, column: 1,
                    message: "conflict markers of a version control system",
                    hint: "merge by hand and remove the markers"))
        }
    }

    private mutating func readPrototxt(_ bytes: [UInt8], file: String) {
        switch PrototxtReader.read(bytes, file: file) {
        case .success(let summary): prototxts.append(summary)
        case .failure(let failure):
            let diagnostic = failure.diagnostic(in: bytes, file: file)
            // Conflict markers are told of once, as what they are.
            if diagnostic.line != ConflictMarkers.firstLine(in: bytes) { diagnostics.append(diagnostic) }
        }
    }

    private static let binarySuffixes = [
        ".7z", ".binaryproto", ".bz2", ".gif", ".gz", ".h5", ".hdf5", ".jpeg", ".jpg", ".lmdb", ".mat", ".npy", ".npz", ".onnx", ".pdf",
        ".pkl",
        ".png", ".pth", ".rar", ".solverstate", ".tar", ".tgz", ".xz", ".zip", ".zst",
    ]

    private mutating func skipLarge(_ item: DirectoryItem) {
        let name = item.name.description.lowercased()
        guard !Self.binarySuffixes.contains(where: { name.hasSuffix($0) }) else {
            return skip(item, .binarySkipped, "not text: it is not published")
        }
        skip(
            item, .gistFileTooLarge, "\(item.identity.size) bytes, more than gists.max_file_size (\(maximumFileSize)): it is not published",
            hint: "raise gists.max_file_size if it is text that belongs into the gist")
    }

    private mutating func skip(_ item: DirectoryItem, _ code: DiagnosticCode, _ message: String? = nil, hint: String? = nil) {
        skipped.append(SkippedFile(name: item.name.description, code: code))
        guard let message, item.name != readme.name || code.severity == .error else { return }
        diagnostics.append(Diagnostic(code, file: item.name.description, message: message, hint: hint))
    }
}

extension DirectoryItem {
    /// Whether its bytes were read and are text as a gist can hold it.
    fileprivate var isText: Bool {
        guard case .bytes(let bytes) = content else { return false }
        return !bytes.isEmpty && !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
    }

    /// Whether a link's text leads out of the directory it is in. What lies behind further links is not looked at.
    var leadsOutside: Bool {
        guard kind == .link, let linkTarget, !linkTarget.hasPrefix("/") else { return true }
        var depth = 0
        for part in linkTarget.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return true }
        }
        return depth == 0
    }
}
