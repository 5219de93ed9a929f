import FoundationEssentials
import ModelInfo
import SystemIO
import SystemPackage

/// Keeps gists without any account: one bare git repository per gist in a directory of ours, made and changed by the `git` program.
///
/// A repository `local-<32 hex>.git` appears whole, by one rename, and is changed by one update of one ref; a kill at any
/// moment leaves the old state or the new one. People may clone it, log it and push to it like to any other. Unlike GitHub's, a changed
/// description is a revision too, since it stands in the commit: so it cannot part from the files.
public struct LocalGistHost: GistHost {
    /// Always ``GistHostKind/local``.
    public let kind = GistHostKind.local
    private let directory: RootedDirectory
    private let git: GitProgram
    private let packLimit: Int
    private let recent = RecentRevisions()
    private let reading = BlockingLane(label: "local-gists.read", width: 2)
    /// One after the other: the guard of `git fast-import` then only ever meets writers that are not us.
    private let writing = BlockingLane(label: "local-gists.write", width: 1)

    /// Opens the directory, makes it (0700) if it is missing, and clears away what a kill left half made. Blocks.
    /// - Parameter directory: Absolute; below the state directory, never below a zoo. Its parent must exist.
    public init(directory: FilePath) throws(SystemError) {
        try self.init(directory: directory, git: GitProgram())
    }

    /// - Parameter packLimit: Each revision is a pack of its own; when there are more than so many, git makes one of them.
    init(directory path: FilePath, git: GitProgram, packLimit: Int = 60) throws(SystemError) {
        let parent = try RootedDirectory(at: path.removingLastComponent())
        let name = Self.relative(path.lastComponent?.string ?? "gists")
        if try parent.status(of: name) == nil { try parent.createDirectory(name, permissions: 0o700) }
        directory = try RootedDirectory(at: path)
        (self.git, self.packLimit) = (git, packLimit)
        for entry in try directory.entries().entries where Self.isUnfinished(entry.name) {
            // What cannot be removed now is no gist either; the next start tries again.
            try? directory.removeTree(entry.name)
        }
    }

    /// Makes a repository, whole or not at all.
    public func create(_ draft: GistDraft) async throws(GistFailure) -> Gist {
        try GistRules.check(draft)
        return try await run(on: writing) { () throws(GistFailure) in try createNow(draft) }
    }

    /// One run of git, or two where the files have other names than before; what a person committed counts like our own revisions.
    public func read(_ id: GistID) async throws(GistFailure) -> Gist {
        try await run(on: reading) { () throws(GistFailure) in
            let repository = try repository(id)
            return repository.gist(at: try newest(of: repository))
        }
    }

    /// One commit, or none when nothing would change. One run of git where the gist was read right before.
    public func update(_ id: GistID, _ change: GistChange) async throws(GistFailure) -> Gist {
        try GistRules.check(change)
        return try await run(on: writing) { () throws(GistFailure) in
            let repository = try repository(id)
            removeStaleLock(of: id)
            let base: GistRepository.Revision
            if let known = known(id) { base = known } else { base = try newest(of: repository) }
            // Whatever stands against it, the next look at the gist is a thorough one.
            recent.forget(id)
            let revision = try repository.update(base, change, at: Date())
            try makeLasting(["\(id).git/refs/heads"])
            CrashPoint.reach("localgist.updated")
            recent.keep(revision, of: id)
            packWhenScattered(id, repository)
            return repository.gist(at: revision)
        }
    }

    /// Gone at once by a rename; the files are removed after that.
    public func delete(_ id: GistID) async throws(GistFailure) {
        try await run(on: writing) { () throws(GistFailure) in
            _ = try repository(id)
            let unfinished = Self.relative(".deleting-\(id)-\(SystemRandom.hex(byteCount: 4))")
            do {
                try directory.rename(Self.relative("\(id).git"), to: unfinished, .refuse)
                try directory.sync()
            } catch {
                throw .unavailable("the local gist \(id) could not be deleted: \(error)")
            }
            CrashPoint.reach("localgist.deleted")
            try? directory.removeTree(unfinished)
        }
    }

    /// One run of git, or two; three for what a person committed.
    public func read(_ id: GistID, at revision: String) async throws(GistFailure) -> Gist {
        let revision = try GistRules.checked(revision: revision)
        return try await run(on: reading) { () throws(GistFailure) in
            let repository = try repository(id)
            return repository.gist(at: try repository.read(at: revision))
        }
    }

    /// One run of git. What a person merged is among them, after the revision that it was merged into.
    public func revisions(of id: GistID, limit: Int) async throws(GistFailure) -> [HostedRevision] {
        try await run(on: reading) { () throws(GistFailure) in
            try repository(id).revisions(limit: GistRules.checked(limit: limit))
        }
    }

    /// One run of git for the page, and none when nothing changed. Leaves a damaged repository out: ``read(_:)`` is where its damage is
    /// told. A gist counts as changed when its branch moved here, whatever the time in a commit that a person pushed.
    public func listing(_ request: GistListingRequest) async throws(GistFailure) -> GistListing {
        guard request.whose == .own else { throw .notFound("the local host knows no accounts: all of its gists are your own") }
        return try await run(on: reading) { () throws(GistFailure) in
            try LocalGistListing(directory: directory, git: git).answer(to: request)
        }
    }

    /// Nobody in particular: asks only whether git runs.
    public func account() async throws(GistFailure) -> GistAccount {
        try await run(on: reading) { () throws(GistFailure) in
            do { _ = try git.run(["version"]) } catch {
                throw .unavailable("local gists need git: \(error)")
            }
            return GistAccount(login: nil)
        }
    }
}

extension LocalGistHost {
    private func createNow(_ draft: GistDraft) throws(GistFailure) -> Gist {
        guard let id = GistID(bare: "local-" + SystemRandom.hex(byteCount: 16)) else { preconditionFailure("32 hex digits are an id") }
        let unfinished = Self.relative(".creating-\(id)")
        let final = Self.relative("\(id).git")
        var gist: Gist
        do {
            try directory.createDirectory(unfinished, permissions: 0o700)
            CrashPoint.reach("localgist.started")
            let repository = GistRepository(id: id, path: directory.path.appending(unfinished.description), git: git)
            gist = repository.gist(at: try repository.create(draft, at: Date()))
            CrashPoint.reach("localgist.written")
            try makeLasting(["HEAD", "config", "objects", "refs/heads", "refs"].map { "\(unfinished)/\($0)" } + ["\(unfinished)"])
            try directory.rename(unfinished, to: final, .refuse)
        } catch {
            try? directory.removeTree(unfinished)
            throw error as? GistFailure ?? .unavailable("the local gist could not be made: \(error)")
        }
        CrashPoint.reach("localgist.created")
        do { try directory.sync() } catch {
            throw .answerLost("the local gist \(id) was made, but the disk did not confirm it: \(error)")
        }
        gist.url = directory.path.appending(final.description).string
        return gist
    }

    /// fsync of files and directories that git does not do itself.
    private func makeLasting(_ paths: [String]) throws(GistFailure) {
        for path in paths.map(Self.relative) {
            do {
                if try directory.status(of: path)?.kind == .directory {
                    try directory.directory(path).sync()
                } else {
                    try directory.open(path).sync()
                }
            } catch {
                throw .answerLost("the disk did not confirm what was written: \(error)")
            }
        }
    }

    /// Reads it, and remembers it for the update that may follow.
    private func newest(of repository: GistRepository) throws(GistFailure) -> GistRepository.Revision {
        let names = recent[repository.id]?.files.text.keys.map { $0 } ?? []
        let revision = try repository.read(expecting: names)
        recent.keep(revision, of: repository.id)
        return revision
    }

    /// The revision that was read last, while the branch is still there; nil in doubt, as with packed refs.
    private func known(_ id: GistID) -> GistRepository.Revision? {
        guard let revision = recent[id],
            let branch = try? directory.readFile(Self.relative("\(id).git/\(FastImportStream.branch)"), limit: 64)
        else { return nil }
        return branch.bytes == Array("\(revision.id)\n".utf8) ? revision : nil
    }

    private func repository(_ id: GistID) throws(GistFailure) -> GistRepository {
        guard id.isLocal else { throw .notFound("the gist \(id) is GitHub's, not one of the local host") }
        let path = directory.path.appending("\(id).git")
        do {
            guard try directory.status(of: Self.relative("\(id).git"))?.kind == .directory else {
                throw GistFailure.notFound("there is no local gist \(id) (no directory \(path))")
            }
        } catch let failure as GistFailure {
            throw failure
        } catch {
            throw .unavailable("the local gist \(id) cannot be read now: \(error)")
        }
        return GistRepository(id: id, path: path, git: git)
    }

    /// A power cut may leave git's lock of the branch behind, and then no revision could ever be added. One that is older than any
    /// run of git may last belongs to nobody.
    private func removeStaleLock(of id: GistID) {
        let lock = Self.relative("\(id).git/\(FastImportStream.branch).lock")
        guard let found = try? directory.status(of: lock) else { return }
        let age = Date().timeIntervalSince1970 - Double(found.identity.modified) / 1e9
        if abs(age) > 2 * Double(git.deadline.components.seconds) { try? directory.remove(lock) }
    }

    /// Reading slows down with every pack. Nothing is lost when this fails or is killed: git removes the old packs last.
    private func packWhenScattered(_ id: GistID, _ repository: GistRepository) {
        guard let packs = try? directory.directory(Self.relative("\(id).git/objects/pack")).entries().entries,
            packs.count(where: { $0.name.description.hasSuffix(".pack") }) > packLimit
        else { return }
        _ = try? git.run(["repack", "-a", "-d", "--quiet"], in: repository.path)
        CrashPoint.reach("localgist.packed")
    }

    private static func isUnfinished(_ name: RelativePath) -> Bool {
        name.description.hasPrefix(".creating-local-") || name.description.hasPrefix(".deleting-local-")
    }

    /// Only for names made here, which are safe by their making.
    private static func relative(_ name: String) -> RelativePath {
        guard let path = try? RelativePath(name) else { preconditionFailure("'\(name)' is no path") }
        return path
    }

    private func run<R: Sendable>(
        on lane: BlockingLane, _ work: @escaping @Sendable () throws(GistFailure) -> R
    ) async throws(GistFailure) -> R {
        guard !Task.isCancelled else { throw .cancelled }
        do {
            return try await lane.run { try work() }
        } catch {
            throw error as? GistFailure ?? .unavailable("\(error)")
        }
    }
}
