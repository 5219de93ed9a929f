/// The body of `POST /gists`, checked as GitHub checks it.
struct GistDraftBody {
    let description: String?
    let isPublic: Bool
    let files: [String: [UInt8]]

    init(_ body: [String: JSONValue]) throws(GitHubError) {
        description = try optionalString(body["description"], "description") ?? nil
        switch body["public"] {
        case nil, .bool(false), .string("false"): isPublic = false
        case .bool(true), .string("true"): isPublic = true
        default: throw .invalid("For 'properties/public', the value is not a boolean.")
        }
        guard let files = body["files"] else { throw .invalid("\"files\" wasn't supplied.") }
        guard let named = files.object else { throw .invalid("For 'properties/files', the value is not an object.") }
        var contents: [String: [UInt8]] = [:]
        for (name, value) in named {
            guard let content = value.object?["content"]?.string else {
                throw .invalid("For 'files/\(name)/content', the value is not a string.")
            }
            guard isFileName(name), !isBlank(content) else { throw .missing("files") }
            contents[name] = Array(content.utf8)
        }
        guard !contents.isEmpty else { throw .missing("files") }
        self.files = contents
    }
}

/// The body of `PATCH /gists/ID`, applied to what is there.
struct GistChangeBody {
    /// Nil: left as it is.
    let description: String??
    /// All files after the change.
    let files: [String: [UInt8]]

    init(
        _ body: [String: JSONValue], to old: [String: [UInt8]], blankContent: GitHubSettings.BlankContent
    ) throws(GitHubError) {
        description = try optionalString(body["description"], "description")
        guard let edits = body["files"], edits != .null else {
            files = old
            return
        }
        guard let edits = edits.object else { throw .invalid("For 'properties/files', the value is not an object.") }
        var files = old
        // In order of names, so that the outcome never depends on chance.
        for (name, edit) in edits.sorted(by: { $0.key < $1.key }) {
            guard edit != .null else {
                files[name] = nil
                continue
            }
            guard let edit = edit.object else { throw .invalid("For 'files/\(name)', the value is not an object.") }
            let content = try optionalString(edit["content"], "files/\(name)/content") ?? nil
            if edit["filename"] == .null { throw .invalid("For 'files/\(name)/filename', nil is not a string.") }
            let newName = try optionalString(edit["filename"], "files/\(name)/filename") ?? nil
            guard content != nil || newName != nil else {
                files[name] = nil
                continue
            }
            guard let bytes = content.map({ Array($0.utf8) }) ?? old[name], isFileName(newName ?? name) else { throw .missing("files") }
            if newName != nil { files[name] = nil }
            if let content, isBlank(content) {
                switch blankContent {
                case .refused: throw .missing("files")
                case .deletes: files[newName ?? name] = nil
                case .keeps: files[newName ?? name] = bytes
                }
            } else {
                files[newName ?? name] = bytes
            }
        }
        guard !files.isEmpty else { throw .missing("files") }
        self.files = files
    }
}

/// Nil: not given. `.some(nil)`: null.
private func optionalString(_ value: JSONValue?, _ name: String) throws(GitHubError) -> String?? {
    switch value {
    case nil: return nil
    case .null: return .some(nil)
    case .string(let text): return text
    default: throw .invalid("For '\(name)', the value is not a string.")
    }
}

/// Empty or only white space: GitHub refuses such content.
private func isBlank(_ content: String) -> Bool { content.allSatisfy(\.isWhitespace) }

/// Gists are one flat tree of git.
private func isFileName(_ name: String) -> Bool {
    !name.isEmpty && !name.contains("/") && !name.contains("\0") && ![".", "..", ".git"].contains(name.lowercased())
}
