import ControlProtocol
import FoundationEssentials
import Glibc
import ModelInfo
import Planning
import SystemIO

/// What zood may not write, since the file belongs to somebody else: worked out here, written by its owner's `zooctl`, and found done by the
/// next pass. Planning knows nothing of it: to zood it is an edit like any other.
struct OwnersShare: Sendable {
    let integrator: GistIntegrator
    let restorer: VersionRestorer
    let writer: ModelFileWriter
    let lane: BlockingLane

    /// What is wanted of the files.
    enum Wish: Sendable {
        /// What was changed in the gist comes here, as far as nobody has to decide; or as a person decides.
        case gist(KeptSide?)
        /// A kept version comes back.
        case version(Int64)
    }

    /// - Returns: Nothing where zood may do it all.
    /// - Throws: `ControlError` when somebody saved just now, or the version cannot come back.
    func edits(for wish: Wish, of view: ModelView, _ model: PresentModel, in zoo: Zoo) async throws -> [OwnersEdit] {
        let changes: [ModelFileWriter.Change]
        let reason: VersionReason
        switch wish {
        case .gist(let side):
            reason = .replaced
            do { changes = try await integrator.changes(keeping: side, for: view, model) } catch let failure as GitProgramFailure {
                throw ControlError(.failed, "the two sides could not be merged: \(failure)", hint: "zooctl doctor")
            }
        case .version(let number):
            reason = .rolledBack
            // Why it cannot come back is said by the job.
            changes = try await lane.run { (try? restorer.changes(to: number, view, model, in: zoo).get()) ?? [] }
        }
        return try await lane.run { try writer.leftToOwners(changes, of: view.id, in: zoo, reason: reason) }
    }
}

extension ModelFileWriter {
    /// What of the changes is left to the files' owners: all of them as soon as there is one that zood may not make, so that they come
    /// together. What would be replaced is kept as a version first. Blocks.
    fileprivate func leftToOwners(_ changes: [Change], of id: ModelID, in zoo: Zoo, reason: VersionReason) throws -> [OwnersEdit] {
        guard !zoo.isReadOnly, geteuid() != 0, !changes.isEmpty else { return [] }
        let directory = try zoo.root.directory(id.path)
        let mayMakeNames = directory.writeRefusal == nil
        var (edits, replaced): ([OwnersEdit], [String: [UInt8]]) = ([], [:])
        var isLeft = false
        for change in changes.sorted(by: { $0.name < $1.name }) {
            let name = change.name.description
            var owner = geteuid()
            if let (identity, kind) = try directory.status(of: change.name) {
                // What is no file is told by the job.
                guard kind == .file, change.expected != nil else { return [] }
                let (bytes, _) = try directory.readFile(change.name, limit: Self.readLimit)
                if bytes == Array(change.text.utf8) { continue }
                guard bytes == change.expected.map({ Array($0.utf8) }) else { throw Self.savedJustNow(change.name) }
                (owner, replaced[name]) = (identity.owner, bytes)
            } else if change.expected != nil {
                throw Self.savedJustNow(change.name)
            }
            isLeft = isLeft || (owner == geteuid() ? !mayMakeNames : !settings().editsForeignFiles)
            edits.append(
                OwnersEdit(file: name, old: change.expected, new: change.text, mode: FileMode(bits: settings().newFileMode).configured))
        }
        guard isLeft else { return [] }
        if !replaced.isEmpty { try store.keepVersion(of: id, replaced, reason: reason, gistRevision: nil, at: clock.now) }
        CrashPoint.reach("edits.kept")
        return edits
    }

    private static func savedJustNow(_ file: RelativePath) -> ControlError {
        ControlError(.conflict, "\(file) was saved just now", hint: "try again", details: ["file": file.description])
    }
}
