import FoundationEssentials
import ModelInfo
import SystemPackage

/// One gist of the local host: a bare git repository with one branch, whose tip is the gist. Every call blocks.
struct GistRepository {
    let id: GistID
    let path: FilePath
    let git: GitProgram

    /// A revision without the files' contents.
    private struct Tip {
        /// 40 hex.
        let revision: String
        let parent: String?
        let message: String
        let updatedAt: Date
        let entries: [GitTreeEntry]
        /// Contents that came with it, by id.
        let contents: [String: ArraySlice<UInt8>]
    }

    /// A revision, every file whole. What has this id never changes.
    struct Revision {
        /// 40 hex.
        let id: String
        let parent: String?
        let record: GistRecord
        let updatedAt: Date
        let files: Files
    }

    /// A commit's files, whoever made it.
    struct Content {
        /// 40 hex.
        let revision: String
        let parent: String?
        let files: Files
    }

    /// What a gist's files are at a revision.
    struct Files: Equatable {
        var text: [String: String]
        /// Names of what is no UTF-8, a directory, a link or a submodule.
        var notText: Set<String>
    }

    /// Fills the empty directory `path` with a repository that holds the first revision.
    func create(_ draft: GistDraft, at now: Date) throws(GistFailure) -> Revision {
        do {
            _ = try git.run(["init", "--quiet", "--bare", "--template=", "--initial-branch=main", path.string])
        } catch {
            throw .unavailable("the local gist could not be made: \(error)")
        }
        let record = GistRecord(description: draft.description, isPublic: draft.isPublic, createdAt: wholeSeconds(now))
        let id = try commit(record, parent: nil, subject: "Create the gist", files: draft.files.mapValues { $0 }, at: now)
        return Revision(id: id, parent: nil, record: record, updatedAt: now, files: Files(text: draft.files, notText: []))
    }

    /// The newest revision.
    /// - Parameter names: Names of files that it probably has: when these are all, git is run once, not twice.
    func read(expecting names: some Collection<String> = []) throws(GistFailure) -> Revision {
        try whole(try tip(of: FastImportStream.branch, with: Array(names)))
    }

    /// That revision, whether or not it still leads to the newest one.
    /// - Parameter revision: 40 hex.
    func read(at revision: String) throws(GistFailure) -> Revision {
        guard let commit = try objects(["\(revision)^{commit}"])[0], commit.id == revision else {
            throw .notFound("the local gist \(id) has no revision \(revision)")
        }
        return try whole(try tip(of: revision))
    }

    /// The newest revisions, newest first. One run of git.
    func revisions(limit: Int) throws(GistFailure) -> [HostedRevision] {
        let answer: [UInt8]
        do {
            answer = try git.run(
                ["log", "-\(limit)", "--topo-order", "--format=%H %ct %an", FastImportStream.branch, "--"], in: path)
        } catch {
            throw failure(error)
        }
        return String(decoding: answer, as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count >= 2, let seconds = Double(words[1]) else { return nil }
            return HostedRevision(
                revision: String(words[0]), at: Date(timeIntervalSince1970: seconds), author: words.count > 2 ? String(words[2]) : nil)
        }
    }

    /// - Parameter commit: By any name that git takes.
    func content(of commit: String) throws(GistFailure) -> Content {
        let tip = try tip(of: commit)
        return Content(revision: tip.revision, parent: tip.parent, files: try files(of: tip))
    }

    private func whole(_ tip: Tip) throws(GistFailure) -> Revision {
        Revision(id: tip.revision, parent: tip.parent, record: try record(of: tip), updatedAt: tip.updatedAt, files: try files(of: tip))
    }

    /// Adds a revision, unless it would be the same as the one before.
    /// - Parameter base: The newest revision; when it no longer is, nothing is changed.
    func update(_ base: Revision, _ change: GistChange, at now: Date) throws(GistFailure) -> Revision {
        let before = base.files
        var after = before
        var changed: [String: String?] = [:]
        for (asked, content) in change.files {
            // Swift takes names for equal that Unicode does; on disk the spelling that is there already counts.
            let name = before.text.index(forKey: asked).map { before.text[$0].key } ?? asked
            if let content {
                guard before.text[name].map({ !$0.utf8.elementsEqual(content.utf8) }) ?? true else { continue }
                after.text[name] = content
            } else {
                guard before.text[name] != nil || before.notText.contains(name) else { continue }
                after.text[name] = nil
            }
            changed.updateValue(content, forKey: name)
            after.notText.remove(name)
        }
        guard !after.text.isEmpty || !after.notText.isEmpty else { throw .refused("a gist without files cannot be: delete it instead") }
        try GistRules.checkCounts(of: after.text)
        var record = base.record
        if let description = change.description { record.description = description }
        guard !changed.isEmpty || record != base.record else { return base }
        let id = try commit(record, parent: base.id, subject: subject(of: changed), files: changed, at: now)
        return Revision(id: id, parent: base.id, record: record, updatedAt: now, files: after)
    }

    /// The newest revision as a row of a listing.
    func summary() throws(GistFailure) -> GistSummary {
        let tip = try tip(of: FastImportStream.branch)
        return try record(of: tip).summary(of: id, updatedAt: tip.updatedAt)
    }

    /// What others are told of a revision.
    func gist(at revision: Revision) -> Gist {
        let record = revision.record
        return Gist(
            id: id, description: record.description, isPublic: record.isPublic, owner: nil, revision: revision.id,
            parent: revision.parent, url: path.string, updatedAt: wholeSeconds(revision.updatedAt), files: revision.files.text,
            notText: revision.files.notText)
    }

    private func wholeSeconds(_ date: Date) -> Date { Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down)) }
}

extension GistRepository {
    /// - Parameters:
    ///   - branch: Or a commit.
    ///   - names: Of files whose contents are wanted with it, where they are there.
    private func tip(of branch: String, with names: [String] = []) throws(GistFailure) -> Tip {
        let blobs = names.filter { !$0.contains(where: \.isNewline) }.map { "\(branch):\($0)" }
        // The branch may move between the answers when somebody pushes: then ask again. Contents are known by their ids, whatever moves.
        for _ in 0..<3 {
            let answers = try objects(["\(branch)^{commit}", "\(branch)^{tree}"] + blobs)
            guard let head = answers[0], let tree = answers[1], let commit = GitCommit(head.content),
                let entries = GitTreeEntry.entries(of: tree.content)
            else { throw damaged("\(branch) leads to no commit") }
            guard commit.tree == tree.id else { continue }
            let contents = answers[2...].compactMap { $0 }.map { ($0.id, $0.content) }
            return Tip(
                revision: head.id, parent: commit.parent, message: commit.message,
                updatedAt: Date(timeIntervalSince1970: Double(commit.seconds)), entries: entries,
                contents: Dictionary(contents) { first, _ in first })
        }
        throw .unavailable("the local gist \(path) is being changed by somebody else")
    }

    /// For a revision that a person committed: description and visibility are what they were before.
    private func record(of tip: Tip) throws(GistFailure) -> GistRecord {
        if let own = GistRecord(commitMessage: tip.message) { return own }
        let message: [UInt8]
        do {
            message = try git.run(
                ["log", "-1", "--grep=^\(GistRecord.linePrefix){", "--format=%B", tip.revision, "--"], in: path)
        } catch {
            throw failure(error)
        }
        return GistRecord(commitMessage: String(decoding: message, as: UTF8.self))
            ?? GistRecord(description: "", isPublic: false, createdAt: tip.updatedAt)
    }

    private func files(of tip: Tip) throws(GistFailure) -> Files {
        var files = Files(text: [:], notText: [])
        var contents = tip.contents
        let missing = tip.entries.filter { $0.isFile && contents[$0.id] == nil }.map(\.id)
        for (id, blob) in zip(missing, try objects(missing)) {
            guard let blob else { throw damaged("the content \(id) of a file is missing") }
            contents[id] = blob.content
        }
        for entry in tip.entries where entry.isFile {
            let content = contents[entry.id] ?? []
            if let name = String(validating: entry.name, as: UTF8.self), let text = String(validating: content, as: UTF8.self) {
                files.text[name] = text
            } else {
                files.notText.insert(String(decoding: entry.name, as: UTF8.self))
            }
        }
        for entry in tip.entries where !entry.isFile { files.notText.insert(String(decoding: entry.name, as: UTF8.self)) }
        return files
    }

    /// Asks for objects by name, in one run of git.
    private func objects(_ names: [String]) throws(GistFailure) -> [GitObjects.Object?] {
        guard !names.isEmpty else { return [] }
        let answer: [UInt8]
        do {
            answer = try git.run(
                ["cat-file", "--batch"], in: path, input: Array(names.map { $0 + "\n" }.joined().utf8),
                outputLimit: 2 * GistRules.largestTotalByteCount)
        } catch {
            throw failure(error)
        }
        guard let objects = GitObjects(batch: answer)?.objects, objects.count == names.count else {
            throw damaged("git's answer breaks off")
        }
        return objects
    }

    /// Adds one commit and moves the branch to it, if it is still at `parent`.
    /// - Returns: Its id.
    private func commit(
        _ record: GistRecord, parent: String?, subject: String, files: [String: String?], at now: Date
    ) throws(GistFailure) -> String {
        let stream: FastImportStream
        do {
            stream = FastImportStream(
                parent: parent, message: try record.commitMessage(subject: subject), seconds: Int64(now.timeIntervalSince1970),
                files: files.sorted { $0.key < $1.key }.map { (name: $0.key, content: $0.value) })
        } catch {
            throw .refused("the description cannot be kept: \(error)")
        }
        do {
            let answer = try git.run(["fast-import", "--quiet", "--date-format=raw"], in: path, input: stream.bytes)
            let revision = String(decoding: answer, as: UTF8.self).split(separator: "\n").last.map(String.init)
            guard let revision, SHA1Digest(hex: revision) != nil else { throw GistFailure.answerLost("git did not name the new revision") }
            return revision
        } catch let failure as GistFailure {
            throw failure
        } catch GitProgramFailure.noOutcome(.notFound) {
            throw failure(.noOutcome(.notFound))
        } catch GitProgramFailure.noOutcome(let reason) {
            throw .answerLost("\(GitProgramFailure.noOutcome(reason))")
        } catch {
            throw .unavailable("the local gist \(path) could not be changed: \(error)")
        }
    }

    private func subject(of changed: [String: String?]) -> String {
        let names = changed.keys.sorted().map { name in name.map { $0.isNewline ? " " : String($0) }.joined() }
        switch names.count {
        case 0: return "Change the description"
        case 1: return changed.values.first == .some(nil) ? "Remove \(names[0])" : "Change \(names[0])"
        default: return "Change \(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? " and \(names.count - 3) more" : "")"
        }
    }

    private func failure(_ error: GitProgramFailure) -> GistFailure {
        switch error {
        case .noOutcome: .unavailable("the local gist \(path) cannot be read now: \(error)")
        case .failed: damaged("\(error)")
        }
    }

    private func damaged(_ why: String) -> GistFailure {
        .nonsense("the local gist \(path) is damaged: \(why); see: git --git-dir=\(path) fsck")
    }
}
