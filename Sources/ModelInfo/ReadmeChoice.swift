/// Which entry of a directory is the readme, and whether it can be read.
struct ReadmeChoice {
    /// Nil when there is none by any of the names.
    let item: DirectoryItem?
    /// Nil when it cannot be read; `diagnostics` say why.
    let bytes: [UInt8]?
    private(set) var diagnostics: [Diagnostic] = []

    init(_ snapshot: DirectorySnapshot, maximumFileSize: Int) {
        let candidates = snapshot.entries.filter { ReadmeNames.isReadme($0.name.description) }
        let files = candidates.filter { $0.kind == .file }
        // A regular file of a lesser name is better than a link or directory of the best one.
        let pool = files.isEmpty ? candidates : files
        let name = ReadmeNames.choose(from: pool.map(\.name.description))
        guard let item = pool.first(where: { $0.name.description == name }) else {
            (self.item, bytes) = (nil, nil)
            return
        }
        self.item = item
        let file = item.name.description
        var diagnostics: [Diagnostic] = []
        func report(_ code: DiagnosticCode, _ message: String, hint: String? = nil) {
            diagnostics.append(Diagnostic(code, file: file, line: 1, column: 1, message: message, hint: hint))
        }
        if file != ReadmeNames.inOrder[0] { report(.readmeNonstandardName, "the readme is called \(file), not readme.md") }
        if files.count > 1 {
            let others = files.filter { $0.name != item.name }.map { Quotation.of($0.name.description) }.joined(separator: ", ")
            report(.multipleReadmes, "\(file) was read; also here: \(others)", hint: "keep one")
        }
        switch item.content {
        case _ where item.kind != .file:
            bytes = nil
            report(
                .readmeNotAFile, "\(file) is \(item.kind.inWords), no regular file: it is not read", hint: "put a regular file in its place"
            )
        case .bytes(let read) where read.count <= maximumFileSize: bytes = read
        case .bytes, .tooLarge:
            bytes = nil
            let size = "\(file) has \(item.identity.size) bytes, more than gists.max_file_size (\(maximumFileSize)): it is not read"
            report(.readmeTooLarge, size, hint: "a readme of this size is an accident: move what is in it elsewhere")
        case .unreadable(let why):
            bytes = nil
            report(.readmeUnreadable, "\(file) cannot be read: \(why)", hint: "let zood's user read it, for example: chmod a+r \(file)")
        case .notRead:
            bytes = nil
            report(.readmeUnreadable, "\(file) was not read", hint: "look again: zooctl sync")
        }
        self.diagnostics = diagnostics
    }
}

extension DirectoryItem.Kind {
    fileprivate var inWords: String {
        switch self {
        case .file: "a file"
        case .directory: "a directory"
        case .link: "a link"
        case .other: "a pipe, socket or device"
        }
    }
}
