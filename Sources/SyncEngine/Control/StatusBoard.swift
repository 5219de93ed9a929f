import ControlProtocol
import FoundationEssentials
import ModelInfo
import Planning

/// How every model stood after its last pass: what status, show and plan are answered from, without touching a disk.
actor StatusBoard {
    struct Entry: Sendable {
        var zoo: Zoo
        var view: ModelView
        var plan: Plan
    }

    private var entries: [ModelID: Entry] = [:]
    private var ledger = VerificationLedger()
    /// Which zoos hold a path: more than one makes the short id ambiguous.
    private var zoosByPath: [RelativePath: [String]] = [:]

    /// - Returns: Models whose hints call them by an id that is not their short one, now that this one is there.
    func put(_ entry: Entry) -> [ModelID] {
        let entry = entry.withoutTexts
        let id = entry.view.id
        ledger.put(entry.view, entry.plan)
        if entries.updateValue(entry, forKey: id) == nil { zoosByPath[id.path, default: []].append(id.zoo) }
        return misnamed(at: id.path)
    }

    /// - Returns: As `put` does.
    func remove(_ id: ModelID) -> [ModelID] {
        guard entries.removeValue(forKey: id) != nil else { return [] }
        ledger.remove(id)
        zoosByPath[id.path]?.removeAll { $0 == id.zoo }
        if zoosByPath[id.path]?.isEmpty == true { zoosByPath[id.path] = nil }
        return misnamed(at: id.path)
    }

    private func misnamed(at path: RelativePath) -> [ModelID] {
        (zoosByPath[path] ?? []).map { ModelID(zoo: $0, path: path) }
            .filter { entries[$0]?.view.idWord != ShellWord.of(shortID($0)) }
    }

    /// - Parameter every: `verify.every` in seconds; nil when it is off.
    func verification(now: Date, every: TimeInterval?) -> VerificationStatus { ledger.status(now: now, every: every) }

    subscript(id: ModelID) -> Entry? { entries[id] }

    var ids: [ModelID] { entries.keys.sorted() }

    /// Sorted by id.
    var all: [Entry] { entries.values.sorted { $0.view.id < $1.view.id } }

    /// Of every binary of theirs that is there, in bytes.
    func binarySizes(of models: [ModelID]) -> [Int64] {
        models.flatMap { id -> [Int64] in
            guard case .present(let model)? = entries[id]?.view.disk else { return [] }
            return model.binaries.values.map(\.size)
        }
    }

    /// How many models each zoo has.
    var modelCounts: [String: Int] { entries.keys.reduce(into: [:]) { $0[$1.zoo, default: 0] += 1 } }

    /// The id as people write it: the path, or `ZOO:PATH` where several zoos hold the same path.
    /// The model itself need not be here yet.
    func shortID(_ id: ModelID) -> String {
        zoosByPath[id.path]?.contains { $0 != id.zoo } == true ? id.description : id.path.description
    }

    /// The model that a person means.
    /// - Throws: `noSuchModel` with the nearest id, or `ambiguousModel` with the ways to say it.
    func find(_ text: String) throws(ControlError) -> ModelID {
        let found = entries.keys.filter { $0.path.description == text || $0.description == text }.sorted()
        if let only = found.first, found.count == 1 { return only }
        guard found.isEmpty else {
            throw ControlError(
                .ambiguousModel, "several zoos hold '\(text)'", hint: "name one of: \(found.map(\.description).joined(separator: ", "))")
        }
        let nearest = Spelling.nearest(to: text, among: entries.keys.map(\.path.description))
        throw ControlError(
            .noSuchModel, "there is no model '\(text)'", hint: nearest.map { "did you mean \($0)?" } ?? "zooctl status lists them")
    }

    /// Models whose directory is `directory` or above it: a binary in a sub-directory belongs to one of those.
    func models(above directory: RelativePath, in zoo: String) -> [ModelID] {
        var found: [ModelID] = []
        var path: RelativePath? = directory
        while let here = path {
            let id = ModelID(zoo: zoo, path: here)
            if entries[id] != nil { found.append(id) }
            path = here.parent
        }
        return found
    }
}

extension StatusBoard.Entry {
    /// Thousands of models are kept here: names and sizes of what they publish, but not the texts, which the disk and the state have.
    fileprivate var withoutTexts: Self {
        var entry = self
        entry.view.memory.gist?.files = [:]
        entry.view.memory.gist?.sending = nil
        if case .present(var model) = entry.view.disk {
            model.reading = model.reading.withoutTexts
            entry.view.disk = .present(model)
        }
        entry.plan.actions = entry.plan.actions.map(\.withoutTexts)
        return entry
    }
}

extension Action {
    fileprivate var withoutTexts: Self {
        switch self {
        case .createGist(let files, let isPublic): .createGist(files: files.mapValues { _ in "" }, isPublic: isPublic)
        case .updateGist(let id, let changes): .updateGist(id, changes: changes.mapValues { $0.map { _ in "" } })
        default: self
        }
    }
}
