import ControlProtocol
import FoundationEssentials
import ModelInfo
import SystemIO

/// Answers what people ask about kept versions.
struct VersionHistory: Sendable {
    let store: StateStore
    let comparison: FileComparison
    let lane: BlockingLane

    /// So many at most in one answer.
    static let listLimit = 500

    /// The newest versions, newest first, of one model or of all, each compared file by file with the one before that has the file.
    /// - Parameter shortID: A model's id as people write it.
    func log(of model: ModelID?, limit: Int, shortID: @Sendable (ModelID) async -> String) async throws -> LogReport {
        let shown = try await lane.run { try store.versions(of: model, limit: min(limit, Self.listLimit)) }
        let counts = try await lane.run { try lineCounts(of: shown) }
        var versions: [KeptVersion] = []
        for record in shown {
            let files = record.files.keys.sorted().map { name in
                VersionedFile(
                    name: name, byteCount: record.files[name]?.byteCount ?? 0, addedLines: counts[record.number]?[name]?.added,
                    removedLines: counts[record.number]?[name]?.removed)
            }
            versions.append(
                KeptVersion(
                    number: record.number, model: await shortID(record.model), time: record.at, reason: record.reason.rawValue,
                    gistRevision: record.gistRevision, files: files))
        }
        return LogReport(versions: versions)
    }

    /// The version that a person means: its number, or the beginning of a gist's revision.
    func find(_ text: String, of model: ModelID, shortID: String) async throws -> InfoVersion {
        let versions = try await lane.run { try store.versions(of: model, limit: VersionBounds.count) }
        let hint = "zooctl log \(ShellWord.of(shortID))"
        var found = Int64(text).flatMap { number in versions.first { $0.number == number } }
        if found == nil, text.utf8.count >= 4, text.allSatisfy(\.isHexDigit) {
            let matching = versions.filter { $0.gistRevision?.hasPrefix(text.lowercased()) == true }
            guard Set(matching.map(\.gistRevision)).count <= 1 else {
                throw ControlError(.badRequest, "several revisions of \(shortID) begin with \(text)", hint: "give more of it: \(hint)")
            }
            found = matching.first
        }
        guard let number = found?.number, let version = try await lane.run({ try store.version(number, of: model) }) else {
            throw ControlError(
                .noSuchVersion, "\(shortID) has no kept version '\(text.prefix(80))'",
                hint: text.utf8.count < 4 ? hint : "\(hint) lists numbers and revisions", details: ["version": text])
        }
        return version
    }

    /// - Parameters:
    ///   - old, new: Texts by name.
    func differences(from old: [String: [UInt8]], to new: [String: [UInt8]]) async throws -> [FileDifference] {
        let unified = try await lane.run { try comparison.unified(from: old, to: new) }
        func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
        return unified.keys.sorted().map { name in
            FileDifference(name: name, old: text(old[name]), new: text(new[name]), unified: unified[name] ?? "")
        }
    }

    /// By version and file. Blocks.
    private func lineCounts(of shown: [VersionRecord]) throws -> [Int64: [String: FileComparison.LineCounts]] {
        var pairs: [Int: (old: [UInt8]?, new: [UInt8]?)] = [:]
        var places: [Int: (version: Int64, file: String)] = [:]
        for (model, versions) in Dictionary(grouping: shown, by: \.model) {
            let all = try store.versions(of: model, limit: VersionBounds.count)
            for version in versions {
                for (name, file) in version.files {
                    let before = all.first { $0.number < version.number && $0.files[name] != nil }?.files[name]
                    let key = places.count
                    places[key] = (version.number, name)
                    // The same content need not be read to be known equal.
                    let isSame = before?.sha256 == file.sha256
                    pairs[key] = isSame ? (nil, nil) : (try before.flatMap { try store.content($0.sha256) }, try store.content(file.sha256))
                }
            }
        }
        var counts: [Int64: [String: FileComparison.LineCounts]] = [:]
        for (key, count) in try comparison.lineCounts(pairs) {
            if let place = places[key] { counts[place.version, default: [:]][place.file] = count }
        }
        return counts
    }
}

extension VersionReason {
    /// Whether such a version names every file that the gist held, so that any other file is new since.
    var namesAllFiles: Bool { self == .sent || self == .remote || self == .unpublished }
}
