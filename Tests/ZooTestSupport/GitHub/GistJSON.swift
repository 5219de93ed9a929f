import Foundation

/// How gists look in answers.
extension GitHubSite {
    /// With contents, and history up to version 2022-11-28.
    func json(_ gist: HostedGist, _ call: APICall, isAnswerToWrite: Bool = false) -> JSONValue {
        var fields = commonFields(gist)
        let names = gist.files.keys.sorted()
        let shown = names.prefix(settings.fileLimit)
        fields["truncated"] = .bool(names.count > shown.count)
        fields["files"] = .object(
            Dictionary(uniqueKeysWithValues: shown.map { ($0, file($0, gist.files[$0] ?? [], of: gist, contents: call.media)) }))
        if call.hasHistory {
            fields["forks"] = []
            fields["history"] = .array(
                gist.revisions.reversed().enumerated().map { index, revision in
                    json(revision, of: gist, hasChangeStatus: !(isAnswerToWrite && index == 0 && settings.changeStatusLags))
                })
        }
        return .object(fields)
    }

    /// As lists have it: no contents, and from 2026-03-10 on no `user`.
    func summary(_ gist: HostedGist, _ call: APICall) -> JSONValue {
        var fields = commonFields(gist)
        if !call.hasHistory { fields["user"] = nil }
        fields["truncated"] = false
        fields["files"] = .object(
            Dictionary(uniqueKeysWithValues: gist.files.map { ($0.key, file($0.key, $0.value, of: gist, contents: nil)) }))
        return .object(fields)
    }

    /// One entry of `history` and of `/commits`.
    func json(_ revision: HostedCommit, of gist: HostedGist, hasChangeStatus: Bool = true) -> JSONValue {
        let (additions, deletions) = (revision.additions, revision.deletions)
        return [
            "version": .string(revision.version), "committed_at": .time(revision.committedAt),
            "url": .string("\(apiURL)/gists/\(gist.id)/\(revision.version)"),
            "user": accounts[revision.author].map { .object(simpleUserFields($0)) } ?? .null,
            "change_status": hasChangeStatus
                ? ["total": .number(additions + deletions), "additions": .number(additions), "deletions": .number(deletions)] : [:],
        ]
    }

    private func commonFields(_ gist: HostedGist) -> [String: JSONValue] {
        let (url, page) = ("\(apiURL)/gists/\(gist.id)", "\(rawOrigin)/\(gist.id)")
        let clone = "\(settings.gitOrigin ?? rawOrigin)/\(gist.id).git"
        return [
            "id": .string(gist.id), "node_id": .string("G_" + Data(gist.id.utf8).base64EncodedString()),
            "url": .string(url), "html_url": .string(page), "git_pull_url": .string(clone), "git_push_url": .string(clone),
            "commits_url": .string(url + "/commits"), "forks_url": .string(url + "/forks"), "comments_url": .string(url + "/comments"),
            "public": .bool(gist.isPublic), "description": .text(gist.description), "comments": 0, "comments_enabled": true,
            "user": nil, "owner": accounts[gist.owner].map { .object(simpleUserFields($0)) } ?? .null,
            "created_at": .time(gist.createdAt), "updated_at": .time(gist.updatedAt),
        ]
    }

    private func file(_ name: String, _ content: [UInt8], of gist: HostedGist, contents media: APICall.Media?) -> JSONValue {
        let type = FileType(name: name)
        var fields: [String: JSONValue] = [
            "filename": .string(name), "type": .string(type.mediaType), "language": .text(type.language), "size": .number(content.count),
            "raw_url": .string("\(rawOrigin)/\(gist.owner)/\(gist.id)/raw/\(blobID(content))/\(percentEncoded(name))"),
        ]
        guard let media else { return .object(fields) }
        let isTruncated = content.count > settings.contentLimit
        if isTruncated, settings.hidesRawURLs { fields["raw_url"] = nil }
        fields["truncated"] = .bool(isTruncated)
        let shown = content.prefix(settings.contentLimit)
        if media == .json, let text = wholeCharacters(of: shown, isCut: isTruncated) {
            fields["content"] = .string(text)
            fields["encoding"] = "utf-8"
        } else {
            fields["content"] = .string(Data(shown).base64EncodedString())
            fields["encoding"] = "base64"
        }
        return .object(fields)
    }

    /// The text, without a character that was cut in two at the end; nil when the bytes are no UTF-8.
    private func wholeCharacters(of bytes: ArraySlice<UInt8>, isCut: Bool) -> String? {
        for dropped in 0...(isCut ? 3 : 0) {
            if let text = String(validating: bytes.dropLast(dropped), as: UTF8.self) { return text }
        }
        return nil
    }
}

/// What GitHub says of a file by its name.
private struct FileType {
    let mediaType: String
    let language: String?

    init(name: String) {
        switch name.lowercased().split(separator: ".").last.map(String.init) {
        case "md", "markdown": (mediaType, language) = ("text/markdown", "Markdown")
        case "py": (mediaType, language) = ("application/x-python", "Python")
        case "json": (mediaType, language) = ("application/json", "JSON")
        case "sh": (mediaType, language) = ("application/x-sh", "Shell")
        case "prototxt": (mediaType, language) = ("text/plain", "Protocol Buffer Text Format")
        default: (mediaType, language) = ("text/plain", name.contains(".") ? "Text" : nil)
        }
    }
}
