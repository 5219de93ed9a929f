import FoundationEssentials
import ModelInfo
import SystemIO
import SystemPackage
import Transfers

/// Lists the repositories of the local host. Ten thousand of them are listed every few minutes: what changed is told by the files of
/// their branches, and git is run once for a whole page.
struct LocalGistListing {
    let directory: RootedDirectory
    let git: GitProgram

    /// A gist and when its branch was last moved.
    private struct Row {
        let id: GistID
        /// Nanoseconds since 1970.
        let movedAt: Int64
        /// Part of the validator: another one for each revision.
        let mark: String

        /// Where the next page goes on; the latest change comes first.
        var position: (Int64, String) { (movedAt, id.description) }
    }

    /// Blocks.
    func answer(to request: GistListingRequest) throws(GistFailure) -> GistListing {
        let earliest = request.earliest.map { Int64($0.timeIntervalSince1970) * 1_000_000_000 } ?? .min
        let rows = try rows().filter { $0.movedAt >= earliest }.sorted { $0.position > $1.position }
        let rest = try rest(of: rows, after: request.cursor)
        let page = rest.prefix(GistListingRequest.pageSize)
        let hasMore = rest.count > page.count
        let validator = try validator(of: page, hasMore: hasMore)
        guard validator != request.validator else { return .unchanged }
        let next = hasMore ? page.last.map { "\($0.movedAt) \($0.id)" } : nil
        return .page(GistPage(gists: try summaries(of: page.map(\.id)), next: next, validator: validator))
    }

    private func rows() throws(GistFailure) -> [Row] {
        do {
            return try directory.entries().entries.compactMap { entry in
                guard entry.kind == .directory, entry.name.description.hasSuffix(".git"),
                    let id = GistID(bare: entry.name.description.dropLast(4)), id.isLocal
                else { return nil }
                // A revision rewrites the file of the branch; a person's git may have packed it.
                for file in [FastImportStream.branch, "packed-refs"] {
                    guard let path = try? RelativePath("\(id).git/\(file)"), let found = try? directory.status(of: path) else { continue }
                    let identity = found.identity
                    return Row(id: id, movedAt: identity.modified, mark: "\(id) \(identity.modified) \(identity.inode)\n")
                }
                return nil
            }
        } catch {
            throw .unavailable("the local gists cannot be listed now: \(error)")
        }
    }

    /// - Parameter cursor: `NANOSECONDS ID` of the last row that is known.
    private func rest(of rows: [Row], after cursor: String?) throws(GistFailure) -> [Row] {
        guard let cursor else { return rows }
        let words = cursor.split(separator: " ")
        guard words.count == 2, let movedAt = Int64(words[0]) else { throw .refused("'\(cursor.prefix(100))' is no page of this list") }
        return rows.filter { $0.position < (movedAt, String(words[1])) }
    }

    private func validator(of page: ArraySlice<Row>, hasMore: Bool) throws(GistFailure) -> String {
        do {
            var digest = try RunningDigest(sha1: false, sha256: true)
            digest.update(Array(page.map(\.mark).joined().utf8) + [hasMore ? 1 : 0])
            guard let sum = digest.finish().sha256 else { throw DigestFailure.unavailable("SHA256") }
            return sum.description
        } catch {
            throw .unavailable("the local gists cannot be listed now: \(error)")
        }
    }

    /// Reads the newest commits of all repositories by one run of git; what that run could not read, one by one.
    private func summaries(of ids: [GistID]) throws(GistFailure) -> [GistSummary] {
        let found = together(ids)
        var summaries: [GistSummary] = []
        for id in ids {
            if let summary = found[id] {
                summaries.append(summary)
                continue
            }
            do throws(GistFailure) { summaries.append(try repository(id).summary()) } catch {
                switch error {
                case .nonsense, .notFound: continue
                default: throw error
                }
            }
        }
        return summaries
    }

    /// Only what zood itself wrote last: for a commit of a person, the record has to be looked for.
    private func together(_ ids: [GistID]) -> [GistID: GistSummary] {
        let heads = ids.compactMap { id in head(of: id).map { (id, $0) } }
        let paths = heads.map { repository($0.0).path }
        guard let first = paths.first,
            let answer = try? git.run(
                ["cat-file", "--batch"], in: first, withObjectsOf: Array(paths.dropFirst()),
                input: Array(heads.map { $0.1 + "\n" }.joined().utf8), outputLimit: GistRules.largestTotalByteCount),
            let objects = GitObjects(batch: answer)?.objects, objects.count == heads.count
        else { return [:] }
        var found: [GistID: GistSummary] = [:]
        for ((id, _), object) in zip(heads, objects) {
            guard let object, object.type == "commit", let commit = GitCommit(object.content),
                let record = GistRecord(commitMessage: commit.message)
            else { continue }
            found[id] = record.summary(of: id, updatedAt: Date(timeIntervalSince1970: Double(commit.seconds)))
        }
        return found
    }

    /// The commit that the branch is at, 40 hex; nil in doubt, as with packed refs.
    private func head(of id: GistID) -> String? {
        guard let path = try? RelativePath("\(id).git/\(FastImportStream.branch)"),
            let branch = try? directory.readFile(path, limit: 64), branch.bytes.count == 41
        else { return nil }
        return SHA1Digest(hex: String(decoding: branch.bytes.dropLast(), as: UTF8.self))?.description
    }

    private func repository(_ id: GistID) -> GistRepository {
        GistRepository(id: id, path: directory.path.appending("\(id).git"), git: git)
    }
}
