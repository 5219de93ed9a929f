// What GitHub, or whoever answers in its place, sends: any bytes as an answer, a list, a header. Whatever it is, ids are ids, revisions
// are revisions, and the names of files that are taken lead nowhere but into a model's directory.
import FoundationEssentials

@testable import ModelInfo

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let decoder = JSONDecoder()
    if let gist = try? decoder.decode(GitHubGist.self, from: Data(bytes)) { judge(gist) }
    for gist in (try? decoder.decode([GitHubGist].self, from: Data(bytes))) ?? [] { judge(gist) }
    for revision in (try? decoder.decode([GitHubRevision].self, from: Data(bytes))) ?? [] { judge(revision) }
    _ = try? decoder.decode(GitHubUser.self, from: Data(bytes))
    let text = String(decoding: bytes, as: UTF8.self)
    if let next = LinkHeader.next(in: text.split(separator: "\n").map(String.init)) {
        require(!next.contains(">") && text.contains(next), "no link: \(next)")
    }
    if let date = GitHubTime.expiration(text) { require(GitHubTime.date(GitHubTime.text(date)) == date, "no time: \(text)") }
    return 0
}

private func judge(_ gist: GitHubGist) {
    if let summary = gist.summary { require(GistID(bare: summary.id.description) == summary.id, "no id: \(summary.id)") }
    gist.history?.forEach(judge)
    let place = GitHubPlace(newestOf: gist.history)
    require(place.parent == nil || place.revision != nil, "a parent of nothing")
    for revision in [place.revision, place.parent].compactMap({ $0 }) { require(isRevision(revision), "no revision: \(revision)") }

    let limit = 4096
    let contents = (gist.files ?? [:]).compactMapValues { $0?.content }
    let taken = IncomingFiles.taken(from: contents, maximumByteCount: limit)
    for (name, text) in taken {
        let bytes = Array(name.utf8)
        require(!bytes.isEmpty && bytes.count <= 255 && bytes[0] != UInt8(ascii: "."), "a name that is none: \(name)")
        require(!bytes.contains { $0 == UInt8(ascii: "/") || $0 < 0x20 || $0 == 0x7F }, "a name that leads elsewhere: \(name)")
        require((try? RelativePath(nameFromOutside: name))?.description == name, "another name: \(name)")
        require(!name.lowercased().hasSuffix(".caffemodel"), "the name of a binary: \(name)")
        require(text.utf8.count <= limit && !text.utf8.contains(0), "no text to be written: \(name)")
    }
    for (name, text) in contents where taken[name] == nil {
        require(IncomingFiles.refusal(of: name, text, maximumByteCount: limit)?.isEmpty == false, "refused without a word: \(name)")
    }
    // What is sent back is what was read.
    let change = GistChange(files: taken.mapValues { .some($0) })
    guard let sent = try? JSONEncoder().encode(GitHubChangeBody(change)),
        let read = try? JSONDecoder().decode(GitHubGist.self, from: sent)
    else { fatalError("cannot be sent") }
    let back = (read.files ?? [:]).compactMapValues { $0?.content }
    require(back.count == taken.count && taken.allSatisfy { back[$0].map { Array($0.utf8) } == Array($1.utf8) }, "another text")
}

private func judge(_ revision: GitHubRevision) {
    if let name = revision.revision { require(isRevision(name), "no revision: \(name)") }
}

private func isRevision(_ text: String) -> Bool {
    text.utf8.count == 40 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
}
