import FoundationEssentials
import ModelInfo
import Transfers

/// Makes whole what GitHub answers in part: a gist's answer holds the beginning only of each file of over a megabyte, and 300 files at
/// most.
struct GitHubContents {
    let clone: GistClone
    /// What the gist is the answer to.
    let action: GitHubAction
    /// What the waits that GitHub asks for count from.
    let now: @Sendable () -> Date

    /// Beyond it `raw_url` does not give a file.
    private static let largestRawByteCount = 10_000_000

    /// One request for each file that the answer holds the beginning only of; one fetch by git where that does not give all.
    /// - Parameter sent: Contents that are known already: they are as they were sent when their size is right.
    func whole(_ answered: GitHubGist, at place: GitHubPlace, sent: [String: String] = [:]) async throws(GistFailure) -> Gist {
        guard let id = answered.id.flatMap({ GistID(bare: $0) }), let files = answered.files else {
            throw .nonsense("\(action): the answer is no gist")
        }
        var gist = Gist(
            id: id, description: answered.description ?? "", isPublic: answered.public ?? false, owner: answered.owner?.login,
            revision: place.revision, parent: place.parent, url: answered.htmlURL ?? "",
            updatedAt: GitHubTime.date(answered.updatedAt) ?? .distantPast, files: [:])
        if answered.truncated == true || files.contains(where: { needsGit($0.value, sent: sent[$0.key]) }) {
            let content = try await clone.read(id, from: answered.gitPullURL, revision: place.revision, action)
            (gist.revision, gist.parent) = (content.revision, content.parent)
            (gist.files, gist.notText) = (content.files.text, content.files.notText)
            return gist
        }
        for (name, file) in files.sorted(by: { $0.key < $1.key }) {
            guard let file else { continue }
            if let text = try await content(of: file, named: name, sent: sent[name]) {
                gist.files[name] = text
            } else {
                gist.notText.insert(name)
            }
        }
        return gist
    }

    private func needsGit(_ file: GitHubFile?, sent: String?) -> Bool {
        guard let file, file.truncated == true, file.encoding != "base64", sent == nil || file.size != sent?.utf8.count else {
            return false
        }
        return file.rawURL == nil || (file.size ?? 0) > Self.largestRawByteCount
    }

    /// Nil for bytes that are no text.
    private func content(of file: GitHubFile, named name: String, sent: String?) async throws(GistFailure) -> String? {
        if file.encoding == "base64" { return nil }
        // A size that does not fit, though nothing is said to be cut, hides bytes that were replaced to make them text.
        if file.truncated != true, let content = file.content, file.size.map({ $0 == content.utf8.count }) ?? true { return content }
        if let sent, file.size == sent.utf8.count { return sent }
        guard let url = file.rawURL else { throw .nonsense("\(action): file '\(name)' came without its content") }
        let response: APIResponse
        do { response = try await clone.client.fetchRaw(url, maximumByteCount: Self.largestRawByteCount) } catch {
            throw GitHubRefusal(action: .file(name), now: now()).failure(error)
        }
        if response.status == 429 { throw GitHubRefusal(action: .file(name), now: now()).failure(response) }
        guard response.status == 200 else {
            throw .unavailable("\(action): the whole of file '\(name)' could not be fetched: its raw URL answered \(response.status)")
        }
        guard file.size.map({ $0 == response.body.count }) ?? true else {
            throw .nonsense("\(action): file '\(name)' should have \(file.size ?? 0) bytes, its raw URL gave \(response.body.count)")
        }
        return String(validating: response.body, as: UTF8.self)
    }
}
