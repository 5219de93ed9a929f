import FoundationEssentials
import Glibc
import ModelInfo
import Planning
import SystemIO
import Transfers

/// Looks at one model directory: every file of it that matters is read once, and what cannot be read is told apart from what is gone.
struct ModelObserver: Sendable {
    /// What of the configuration a look depends on.
    struct Settings: Equatable, Sendable {
        var maximumFileSize = 1 << 20
        var editsForeignFiles = false
        /// Which literal addresses URLs of readmes may have.
        var addresses = AddressPolicy()
    }

    /// How long somebody else's file must have been left alone before it is written into. In seconds; design of `files.edit_foreign`.
    static let quietSeconds: TimeInterval = 60

    let lane: BlockingLane
    /// When this process started: hidden files of edits that are older than it were left by another.
    var startedAt = Date.distantPast
    /// Nil: every look reads the readme anew.
    var cards: CardShelf?

    func look(at id: ModelID, in zoo: Zoo, _ settings: Settings) async -> DiskView {
        do {
            let seen = try await lane.run { see(id, in: zoo, settings) }
            switch seen {
            case .absent, .notAModel, .ignored: cards?.drop(id)
            case .present, .unknown: break
            }
            return seen
        } catch {
            return .unknown(because: "\(error)")
        }
    }

    /// Blocks.
    private func see(_ id: ModelID, in zoo: Zoo, _ settings: Settings) -> DiskView {
        do throws(SystemError) {
            if let absence = zoo.absence { return .unknown(because: absence.description) }
            guard try ZooScope(root: zoo.root).rules(at: id.path) != nil else { return .ignored }
            guard let directory = try Self.directory(id.path, in: zoo) else { return .absent }
            let snapshot = try ModelDirectory.snapshot(of: directory, fileLimit: settings.maximumFileSize)
            let reading = ModelReading(
                snapshot, maximumFileSize: settings.maximumFileSize, directory: id.path.description, addresses: settings.addresses,
                card: { cards?.card(of: id, $0) ?? $0.card() })
            guard reading.isModel else { return .notAModel }
            var model = try Self.model(reading, snapshot, in: directory, zoo, settings)
            model.abandonedBefore = startedAt
            model.home = try directory.identity()
            model.readmeOwner = reading.readme.flatMap { snapshot[$0.description]?.identity.owner }
            model.secretLines = reading.secretContents.compactMapValues(Self.sha256)
            return .present(model)
        } catch {
            return .unknown(because: error.description)
        }
    }

    /// Nil when OpenSSL refuses: then the line can be no line that was allowed.
    private static func sha256(of bytes: [UInt8]) -> SHA256Digest? {
        guard var digest = try? RunningDigest(sha1: false, sha256: true) else { return nil }
        digest.update(bytes)
        return digest.finish().sha256
    }

    /// Nil only when the directory, or one above it, is truly not there.
    private static func directory(_ path: RelativePath, in zoo: Zoo) throws(SystemError) -> RootedDirectory? {
        do throws(SystemError) { return try zoo.root.directory(path) } catch {
            // A link or a file in its place is no directory of ours either.
            if [ENOENT, ENOTDIR, ELOOP].contains(error.errno) { return nil }
            throw error
        }
    }

    private static func model(
        _ reading: ModelReading, _ snapshot: DirectorySnapshot, in directory: RootedDirectory, _ zoo: Zoo, _ settings: Settings
    ) throws(SystemError) -> PresentModel {
        var binaries: [RelativePath: FileIdentity] = [:]
        var refused: [RelativePath: String] = [:]
        let seen = Dictionary(snapshot.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var foreign: [RelativePath: UInt32] = [:]
        for declared in reading.declaredBinaries {
            guard let file = declared.file else { continue }
            do throws(SystemError) {
                // The listing has the top level already.
                let found = if let item = seen[file] { (item.identity, item.kind) } else { try directory.status(of: file) }
                guard let (identity, kind) = found else { continue }
                switch kind {
                case .file:
                    binaries[file] = identity
                    if identity.owner != geteuid() { foreign[file] = identity.owner }
                case .link: refused[file] = "is a symbolic link, which zood neither follows nor replaces"
                case .directory: refused[file] = "is a directory"
                case .other: refused[file] = "is no regular file"
                }
            } catch {
                // A sub-directory that is not there yet, or a link on the way to it.
                if error.errno == ELOOP { refused[file] = "lies behind a symbolic link" } else if error.errno != ENOENT { throw error }
            }
        }
        var model = PresentModel(
            reading: reading, binaries: binaries, refusedBinaries: refused, edit: editWay(reading, snapshot, zoo, settings),
            contentMark: contentMark(snapshot),
            leftovers: Dictionary(
                uniqueKeysWithValues: snapshot.entries
                    .filter { $0.kind == .file && $0.name.description.hasPrefix(AtomicReplacement.stagedPrefix) }
                    .map { ($0.name, $0.identity) }))
        model.foreignBinaries = foreign
        return model
    }

    private static func editWay(_ reading: ModelReading, _ snapshot: DirectorySnapshot, _ zoo: Zoo, _ settings: Settings) -> EditWay {
        guard !zoo.isReadOnly, let name = reading.readme, let readme = snapshot[name.description]?.identity else { return .never }
        if readme.owner == geteuid() || geteuid() == 0 { return .own }
        guard settings.editsForeignFiles else { return .ownerOnly(owner: readme.owner) }
        let changed = Date(timeIntervalSince1970: TimeInterval(readme.modified) / 1e9)
        return .inPlace(quietAt: changed.addingTimeInterval(quietSeconds))
    }

    /// Name, inode, size and time of everything that could be published.
    private static func contentMark(_ snapshot: DirectorySnapshot) -> String {
        snapshot.entries.filter { $0.kind == .file && !$0.name.isHidden }
            .map { "\($0.name):\($0.identity.inode):\($0.identity.size):\($0.identity.modified)" }.joined(separator: "/")
    }
}
