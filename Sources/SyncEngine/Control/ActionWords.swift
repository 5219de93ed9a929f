import FoundationEssentials
import ModelInfo
import Planning

// What `zooctl plan` and `show` call the steps of a plan.

extension Action {
    /// A verb and its object.
    var verb: String {
        switch self {
        case .createGist(let files, let isPublic):
            "create a \(isPublic ? "public" : "secret") gist of \(files.count == 1 ? "1 file" : "\(files.count) files")"
        case .findOwnGist: "look for a gist that an unanswered request may have made"
        case .writeGistID(let id, let readme): "write gist_id \(id) into \(readme)"
        case .updateGist(let id, _): "update gist \(id)"
        case .readGist(let id): "read gist \(id)"
        case .meetGist(let id): "compare with gist \(id)"
        case .integrate(let id): "bring the changes of gist \(id) here"
        case .restoreVersion(let number, _): "write the files of version \(number)"
        case .resolve(let id, .local, _): "keep the files here, and send them to gist \(id)"
        case .resolve(let id, .remote, _): "take the files of gist \(id)"
        case .resolve(let id, .merged, _): "merge the files of gist \(id) into those here"
        case .deleteGist(let id, _): "delete gist \(id)"
        case .removeGistID(let id, let readme): "take gist_id \(id) out of \(readme)"
        case .allowSecrets(let lines): "let \(lines.count == 1 ? "1 line" : "\(lines.count) lines") go out that looked like a secret"
        case .allowAnySize: "let its binaries be larger than binaries.max_size"
        case .addModel(let wish, _): "make the directory from gist \(wish.gist)"
        case .settleArrival(let arrival): "finish adding it from gist \(arrival.wish.gist)"
        case .askBrake: "wait for the other models of this pass"
        case .fetch(let declared, _): "fetch \(declared.fileText ?? "the binary")"
        case .verify(let file, _, _): "read and check \(file)"
        case .keepLeftover(let file): "keep the bytes of \(file) in the state and remove it"
        case .sleep(let until): "sleep until \(until.formatted(.iso8601))"
        }
    }

    func reason(for view: ModelView) -> String {
        switch self {
        case .createGist: "the model has no gist yet"
        case .findOwnGist: "so that it never gets a second gist"
        case .writeGistID: "so that everybody who copies the model finds its gist"
        case .updateGist(_, let changes):
            changes.sorted { $0.key < $1.key }.map { $0.value == nil ? "\($0.key) is gone" : "\($0.key) changed" }.joined(separator: ", ")
        case .readGist: "it was changed, or somebody asked"
        case .meetGist: "this zood never synced it with the files here"
        case .integrate: "it was changed since both were equal"
        case .resolve, .deleteGist, .restoreVersion, .allowSecrets, .allowAnySize: "somebody asked"
        case .removeGistID: "that gist was deleted"
        case .addModel: "somebody asked"
        case .settleArrival: "it was interrupted, or is under way"
        case .askBrake(.firstPublication): "many first publications at once may be an accident"
        case .askBrake(.losesRemoteFile): "many lost files at once may be an accident"
        case .fetch(_, .missing): "it is missing"
        case .fetch(_, .repair): "it rotted"
        case .fetch(_, .replaceOutdated): "the info names another checksum now"
        case .verify(_, _, .asked), .verify(_, _, .awaited): "somebody asked"
        case .verify(let file, _, .new):
            view.memory.binaries[file]?.hashed == nil ? "it was never read" : "it changed since it was read"
        case .verify(_, _, .due): "its turn has come"
        case .keepLeftover: "an interrupted edit left it"
        case .sleep: "nothing is due before"
        }
    }
}
