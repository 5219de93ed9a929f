import FoundationEssentials
import Glibc
import ModelInfo
import Planning
import SystemIO

/// Writes model info that comes from elsewhere (a gist, a kept version) into a model's directory: each file whole, over nothing but what
/// was looked at, and what was there is kept as a version first.
struct ModelFileWriter: Sendable {
    struct Settings: Sendable {
        /// Of new files; old ones keep theirs.
        var newFileMode: UInt32 = 0o664
        var newDirectoryMode: UInt32 = 0o775
        /// `files.edit_foreign: in-place`.
        var editsForeignFiles = false
    }

    /// One file to be written.
    struct Change: Equatable, Sendable {
        var name: RelativePath
        var text: String
        /// What the look saw under the name; nil when nothing is to be there.
        var expected: String?
    }

    let store: StateStore
    let clock: any DaemonClock
    let settings: @Sendable () -> Settings

    /// Bytes; a larger file is no model info.
    static let readLimit = 16 << 20

    /// Blocks. Nothing is written unless all of it can be.
    /// - Parameters:
    ///   - reason: Why what is there is kept.
    ///   - command: With which the owner of a file does what zood may not, as `zooctl pull MODEL`.
    func write(
        _ changes: [Change], of id: ModelID, in zoo: Zoo, reason: VersionReason, byOwner command: String
    ) throws -> Outcome {
        guard !zoo.isReadOnly else {
            return .needsPerson(kind: .refused, why: "this zoo is read-only", hint: "let zood write there: mode: read-write in zoos")
        }
        do {
            let directory = try zoo.root.directory(id.path)
            var writes: [(Change, Way)] = []
            for change in changes.sorted(by: { $0.name < $1.name }) {
                switch try way(of: change, in: directory, byOwner: command) {
                case .failure(let refusal): return refusal.outcome
                case .success(let way): writes.append((change, way))
                }
            }
            if let refusal = directory.writeRefusal, refusal.errno == EACCES, writes.contains(where: \.1.makesNames) {
                return .needsPerson(
                    kind: .refused, why: "\(refusal)",
                    hint: "the owner of the directory can: \(command); or let zood's user write there, then: \(command)")
            }
            try keep(writes, of: id, reason)
            CrashPoint.reach("files.kept")
            for (change, way) in writes {
                try perform(change, way, of: id, in: directory)
                CrashPoint.reach("files.written")
            }
            return .done
        } catch let failure as ReplacementFailure {
            switch failure {
            case .changedMeanwhile, .exists: return Refusal.savedJustNow.outcome
            case .notKept(let why): return .needsPerson(kind: .refused, why: "a file was left alone: \(why)", hint: nil)
            case .system(let error): return OutcomeJudge.judge(error, model: id.path.description)
            }
        } catch let error as SystemError {
            return error.errno == ESTALE ? Refusal.savedJustNow.outcome : OutcomeJudge.judge(error, model: id.path.description)
        }
    }

    /// Makes a model's directory anew, if it is not there. Blocks.
    func makeDirectory(of id: ModelID, in zoo: Zoo) throws(SystemError) {
        do throws(SystemError) {
            try zoo.root.createParents(of: id.path, permissions: settings().newDirectoryMode)
            try zoo.root.createDirectory(id.path, permissions: settings().newDirectoryMode)
            try zoo.root.syncParent(of: id.path)
        } catch {
            if error.errno != EEXIST { throw error }
        }
    }

    private typealias Read = (bytes: [UInt8], identity: FileIdentity)

    private enum Way {
        case create
        case exchange(Read)
        case inPlace(Read)

        /// Whether a new file is staged beside the old one, or in its place.
        var makesNames: Bool { if case .inPlace = self { false } else { true } }
    }

    private struct Refusal: Error {
        let outcome: Outcome

        static let savedJustNow = Refusal(outcome: .retry(after: 1, kind: .local, because: "a file was saved just now", hint: nil))
    }

    private func way(of change: Change, in directory: RootedDirectory, byOwner command: String) throws -> Result<Way, Refusal> {
        guard let (identity, kind) = try directory.status(of: change.name) else {
            return change.expected == nil ? .success(.create) : .failure(.savedJustNow)
        }
        guard kind == .file else {
            return .failure(
                Refusal(
                    outcome: .needsPerson(
                        kind: .refused,
                        why: "\(change.name) is no regular file, so what the gist holds under this name cannot be put there",
                        hint: "move it away, then sync again")))
        }
        let read = try directory.readFile(change.name, limit: Self.readLimit)
        if read.bytes == Array(change.text.utf8) { return .success(.exchange(read)) }
        guard let expected = change.expected else {
            return .failure(
                Refusal(
                    outcome: .needsPerson(
                        kind: .conflict, why: "\(change.name) came into the gist, and another file of that name is here",
                        hint: "make them one, or move it away, then sync again")))
        }
        guard read.bytes == Array(expected.utf8) else { return .failure(.savedJustNow) }
        if identity.owner == geteuid() || geteuid() == 0 { return .success(.exchange(read)) }
        return try foreign(change.name, read, in: directory, byOwner: command)
    }

    /// A file of somebody else's.
    private func foreign(
        _ name: RelativePath, _ read: Read, in directory: RootedDirectory, byOwner command: String
    ) throws -> Result<Way, Refusal> {
        guard settings().editsForeignFiles else {
            return .failure(
                Refusal(
                    outcome: .needsPerson(
                        kind: .refused, why: "\(name) belongs to uid \(read.identity.owner), so zood does not write into it",
                        hint: "its owner can: \(command); or let zood do it: files.edit_foreign: in-place in zood.yaml")))
        }
        if let lock = try ReadmeEditor.editorLock(beside: name, in: directory) {
            return .failure(
                Refusal(outcome: .retry(after: 60, kind: .local, because: "somebody edits \(name) (\(lock) lies beside it)", hint: nil)))
        }
        let quietAt = Date(timeIntervalSince1970: TimeInterval(read.identity.modified) / 1e9).addingTimeInterval(ModelObserver.quietSeconds)
        let wait = quietAt.timeIntervalSince(clock.now)
        guard wait <= 0 else {
            return .failure(Refusal(outcome: .retry(after: wait, kind: .local, because: "\(name) was changed just now", hint: nil)))
        }
        return .success(.inPlace(read))
    }

    private func keep(_ writes: [(Change, Way)], of id: ModelID, _ reason: VersionReason) throws {
        var replaced: [String: [UInt8]] = [:]
        for (change, way) in writes {
            switch way {
            case .create: break
            case .exchange(let read), .inPlace(let read): replaced[change.name.description] = read.bytes
            }
        }
        guard !replaced.isEmpty else { return }
        try store.keepVersion(of: id, replaced, reason: reason, gistRevision: nil, at: clock.now)
    }

    private func perform(_ change: Change, _ way: Way, of id: ModelID, in directory: RootedDirectory) throws {
        let bytes = Array(change.text.utf8)
        switch way {
        case .create: _ = try AtomicReplacement.create(change.name, in: directory, content: bytes, permissions: settings().newFileMode)
        case .exchange(let read):
            guard read.bytes != bytes else { return }
            _ = try AtomicReplacement.replace(change.name, in: directory, expected: read, with: bytes)
        case .inPlace(let read):
            let edit = InPlaceEdit(model: id, file: change.name, before: read.bytes, after: bytes)
            try edit.perform(in: directory, expected: read.identity, store: store, at: clock.now)
        }
    }
}
