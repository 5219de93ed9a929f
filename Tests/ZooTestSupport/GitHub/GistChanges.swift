import Foundation

/// What happens to the gists themselves, whoever asks: an API call, a git push, the web pages.
extension GitHubSite {
    /// Whole seconds, as GitHub keeps time.
    private func wholeSeconds(_ date: Date) -> Date { Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down)) }

    mutating func add(owner: String, isPublic: Bool, description: String?, files: [String: [UInt8]], at now: Date) -> HostedGist {
        let now = wholeSeconds(now)
        let id = hex((0..<16).map { _ in UInt8.random(in: 0...255) })
        changeCount += 1
        let first = HostedCommit(after: nil, files: files, author: owner, at: now)
        let gist = HostedGist(
            id: id, owner: owner, isPublic: isPublic, description: description, createdAt: now, updatedAt: now, revisions: [first],
            changeNumber: changeCount)
        gists[id] = gist
        return gist
    }

    /// A new revision where files changed; a description has no history.
    mutating func change(_ id: String, description: String?, files: [String: [UInt8]], author: String, at now: Date) {
        guard var gist = gists[id] else { return }
        let now = wholeSeconds(now)
        changeCount += 1
        if files != gist.files {
            gist.revisions.append(HostedCommit(after: gist.revisions.last, files: files, author: author, at: now))
        }
        (gist.description, gist.updatedAt, gist.changeNumber) = (description, now, changeCount)
        gists[id] = gist
    }

    /// `GET` on the other origin: `/LOGIN/ID/raw/BLOB/NAME`, or without BLOB for the newest. Any header is ignored.
    func rawFile(_ request: RecordedRequest) -> Reply {
        let words = request.path.split(separator: "/").map { String($0).removingPercentEncoding ?? String($0) }
        guard ["GET", "HEAD"].contains(request.method), words.count == 4 || words.count == 5, words[2] == "raw",
            let gist = gists[words[1]], gist.owner == words[0], let name = words.last
        else { return Reply(404, [("content-type", "text/plain")], text: "404: Not Found") }
        let candidates = words.count == 4 ? [gist.files[name]] : gist.revisions.reversed().map { $0.files[name] }
        let content = candidates.compactMap { $0 }.first { words.count == 4 || blobID($0) == words[3] }
        guard let content, content.count <= settings.rawLimit else {
            return Reply(404, [("content-type", "text/plain")], text: "404: Not Found")
        }
        return Reply(
            200, [("content-type", "text/plain; charset=utf-8"), ("cache-control", "max-age=300"), ("etag", "\"\(blobID(content))\"")],
            body: content)
    }
}
