import ControlProtocol
import Glibc
import ModelInfo
import SystemIO

/// Reads and judges every model directory at and below the ones that a person named. Changes nothing.
struct LintRun {
    private(set) var models: [JudgedModel] = []
    /// Directories that could not be looked into.
    private(set) var problems: [ControlError] = []

    /// Directories that one thread takes at a time.
    private static let chunkSize = 64

    /// - Parameters:
    ///   - excerptStyle: How source lines are to look; nil when nobody will look at them.
    ///   - width: Threads that read.
    init(_ directories: [String], excerptStyle: Style?, width: Int) async throws {
        let lane = BlockingLane(label: "lint", width: width)
        var seen: Swift.Set<DirectoryInode> = []
        for name in directories {
            let tree: ModelTree
            do throws(ControlError) {
                tree = try LocalModel(name).tree(except: seen)
            } catch {
                // What else was named is judged all the same.
                guard directories.count > 1 else { throw error }
                problems.append(error)
                continue
            }
            seen = tree.visited
            problems += tree.unreadable.map { Self.problem($0.reason, $0.path, in: name) }
            var judged: [(place: ModelTree.Place, model: JudgedModel)] = []
            for (place, result) in zip(tree.places, try await Self.read(tree, name, excerptStyle, on: lane)) {
                switch result {
                case .success(let model): judged.append((place, model))
                // Gone since it was listed.
                case .failure(let error) where place.path != nil && error.errno == ENOENT: continue
                case .failure(let error): problems.append(Self.problem(error.reason, place.path, in: name))
                }
            }
            models += Self.models(among: judged)
        }
    }

    private static func problem(_ reason: String, _ path: RelativePath?, in name: String) -> ControlError {
        let place = path.map { DiagnosticLines.path($0.description, in: name) } ?? name
        return ControlError(.failed, "cannot read the directory \(place): \(reason)", details: ["directory": place])
    }

    /// Models, and directories with model files that lack only a readme, unless they belong to the model above them.
    /// What a person named is always judged when nothing below it is a model.
    private static func models(among judged: [(place: ModelTree.Place, model: JudgedModel)]) -> [JudgedModel] {
        var kept: [JudgedModel] = []
        var places: Swift.Set<RelativePath> = []
        var named: JudgedModel?
        var isNamedLikeModel = false
        for (place, model) in judged {
            guard let path = place.path else {
                (named, isNamedLikeModel) = (model, model.reading.isModel || place.hasModelFile)
                continue
            }
            let isPart = isNamedLikeModel || sequence(first: path, next: \.parent).contains { places.contains($0) }
            guard model.reading.isModel || !place.hasReadme && !isPart else { continue }
            kept.append(model)
            places.insert(path)
        }
        return (named.map { $0.reading.isModel || kept.isEmpty ? [$0] : [] } ?? []) + kept
    }

    /// In the order of the tree's places.
    private static func read(
        _ tree: ModelTree, _ name: String, _ style: Style?, on lane: BlockingLane
    ) async throws -> [Result<JudgedModel, SystemError>] {
        let chunks = stride(from: 0, to: tree.places.count, by: chunkSize).map { tree.places[$0..<min($0 + chunkSize, tree.places.count)] }
        return try await withThrowingTaskGroup { group in
            for (index, chunk) in chunks.enumerated() {
                group.addTask { [root = tree.root] in
                    (index, try await lane.run { chunk.map { judge($0, below: root, name, style) } })
                }
            }
            var results = [[Result<JudgedModel, SystemError>]](repeating: [], count: chunks.count)
            for try await (index, read) in group { results[index] = read }
            return results.flatMap(\.self)
        }
    }

    private static func judge(
        _ place: ModelTree.Place, below root: RootedDirectory, _ name: String, _ style: Style?
    ) -> Result<JudgedModel, SystemError> {
        Result { () throws(SystemError) in
            let directory = try place.path.map { (path) throws(SystemError) in try root.directory(path) } ?? root
            let snapshot = try ModelDirectory.snapshot(of: directory, fileLimit: LocalModel.maximumFileSize)
            let shown = place.path.map { DiagnosticLines.path($0.description, in: name) } ?? name
            return JudgedModel(snapshot, name: shown, excerptStyle: style)
        }
    }
}
