import ControlProtocol
import FoundationEssentials
import Glibc
import ModelInfo
import SystemIO
import SystemPackage

/// A model directory on this machine, read and edited as the user who runs zooctl. Needs no daemon.
struct LocalModel {
    /// As the person named it.
    let name: String
    let directory: RootedDirectory

    /// Bytes of one file: the default of `gists.max_file_size`.
    static let maximumFileSize = 1 << 20

    init(_ name: String) throws(ControlError) {
        guard !name.isEmpty else { throw ControlError(.usage, "the name of the directory is empty", hint: "'.' is this directory") }
        let path = FilePath(name).isAbsolute ? name : FileManager.default.currentDirectoryPath + "/" + name
        do {
            directory = try RootedDirectory(at: FilePath(path))
        } catch {
            let isMissing = [ENOENT, ENOTDIR].contains(error.errno)
            throw ControlError(
                isMissing ? .noSuchModel : .failed, "cannot read the directory \(name): \(error.reason)",
                hint: error.errno == ENOTDIR ? Self.hint(forFile: name) : nil, details: ["directory": name])
        }
        self.name = name
    }

    /// For a person who names the readme in the place of its directory.
    private static func hint(forFile name: String) -> String? {
        let path = FilePath(name)
        guard let last = path.lastComponent?.string, ReadmeNames.isReadme(last) || ModelFiles.contains(last) else { return nil }
        let directory = path.removingLastComponent()
        return "name its directory: \(directory.isEmpty ? "." : ShellWord.of(directory.string))"
    }

    func read() throws(ControlError) -> ModelReading {
        do {
            let snapshot = try ModelDirectory.snapshot(of: directory, fileLimit: Self.maximumFileSize)
            return ModelReading(snapshot, maximumFileSize: Self.maximumFileSize, directory: name)
        } catch {
            throw ControlError(.failed, "cannot read the directory \(name): \(error.reason)", details: ["directory": name])
        }
    }

    /// Every directory at and below it that may be a model.
    func tree(except seen: Swift.Set<DirectoryInode>) throws(ControlError) -> ModelTree {
        do {
            return try ModelTree(directory, except: seen)
        } catch {
            throw ControlError(.failed, "cannot read the directory \(name): \(error.reason)", details: ["directory": name])
        }
    }

    /// Edits one key of the readme and nothing else.
    /// - Parameters:
    ///   - value: Nil removes the key.
    ///   - addsBlock: Whether a readme with neither a block nor keys gets a block at its top.
    /// - Returns: The readme's name, and whether it was changed at all.
    func set(_ key: String, to value: String?, addsBlock: Bool = false) throws(ControlError) -> (readme: String, isChanged: Bool) {
        let (readme, isChanged) = try edit { (bytes, place) throws(ControlError) in
            let result =
                switch value {
                case nil: FrontmatterEditor.removing(key, in: bytes)
                case .some(let value) where addsBlock: FrontmatterEditor.addingBlock(key, to: value, in: bytes)
                case .some(let value): FrontmatterEditor.setting(key, to: value, in: bytes)
                }
            switch result {
            case .success(let edited): return (edited, value.map { ["\(key): \($0)"] } ?? [], edited != bytes)
            case .failure(let refusal): throw refused(refusal, place, key, value)
            }
        }
        return (readme, isChanged)
    }

    /// Writes what the readme means as it should be written, where that is certain.
    /// - Parameter writes: False only says what would be written.
    func fix(writes: Bool) throws(ControlError) -> (readme: String, fixed: FixedReadme) {
        let (readme, fixed) = try edit(writes: writes) { (bytes, _) throws(ControlError) in
            let fixed = FixedReadme(bytes)
            return (fixed.bytes, fixed.fixes.map { "line \($0.line): \($0.lineToWrite)" }, fixed)
        }
        return (readme, fixed)
    }

    /// Reads the readme, makes something else of it, and puts that in its place in one step.
    /// - Parameter change: Gives the new bytes, what a person can write instead, and what is to be returned.
    private func edit<Made>(
        writes: Bool = true, _ change: ([UInt8], _ place: String) throws(ControlError) -> (bytes: [UInt8], byHand: [String], made: Made)
    ) throws(ControlError) -> (readme: String, made: Made) {
        let reading = try read()
        guard let readme = reading.readme else {
            throw ControlError(.invalidInfo, "there is no readme in \(name)", hint: "zooctl new \(ShellWord.of(name)) starts one")
        }
        let place = DiagnosticLines.path(readme.description, in: name)
        if reading.card == nil, let why = reading.diagnostics.first(where: { $0.file == readme.description }) {
            throw ControlError(.invalidInfo, "\(place) was not changed: \(why.message)", hint: why.hint, details: ["file": place])
        }
        var byHand: [String] = []
        // Somebody may save in the same moment: then what they saved is what gets edited.
        for _ in 0..<3 {
            var owner: UInt32?
            do {
                let (bytes, identity) = try directory.readFile(readme, limit: Self.maximumFileSize)
                owner = identity.owner
                let (edited, lines, made) = try change(bytes, place)
                guard writes, edited != bytes else { return (readme.description, made) }
                byHand = lines
                _ = try AtomicReplacement.replace(readme, in: directory, expected: (bytes, identity), with: edited)
                return (readme.description, made)
            } catch ReplacementFailure.changedMeanwhile {
                continue
            } catch let error as ControlError {
                throw error
            } catch {
                let hint = byHand.isEmpty ? nil : "write by hand: \(byHand.joined(separator: "; "))"
                throw ControlError(.failed, "\(place) was not changed: \(Self.reason(error, owner))", hint: hint, details: ["file": place])
            }
        }
        throw ControlError(.conflict, "\(place) was changed by somebody at every attempt", hint: "try again", details: ["file": place])
    }

    /// Whether the readme belongs to the user who runs this.
    func ownsReadme() -> Bool {
        guard let readme = (try? read())?.readme, let status = try? directory.status(of: readme) else { return false }
        return status.identity.owner == geteuid()
    }

    private func refused(_ refusal: FrontmatterEditor.EditRefusal, _ place: String, _ key: String, _ value: String?) -> ControlError {
        var hint = refusal.lineToAdd.map { "write by hand: \($0)" }
        if refusal.wantsBlock, let byHand = hint {
            hint =
                "zooctl set --add-block \(ShellWord.of(name)) \(key)=\(ShellWord.of(value ?? "")) puts a block at its top; or \(byHand)"
        }
        return ControlError(
            .invalidInfo, "\(place) was not changed: \(refusal.message)", hint: hint, details: ["file": place, "key": key])
    }

    /// - Parameter owner: Of the file.
    static func reason(_ error: any Error, _ owner: UInt32?) -> String {
        switch error {
        case ReplacementFailure.notKept(let why):
            if let owner, owner != geteuid(), geteuid() != 0 {
                return "it belongs to \(AccountNames.user(owner)), and an edit of yours would make it yours"
            }
            return why
        case ReplacementFailure.system(let error) where error.errno == EACCES:
            return "the new text is written beside it first, and you may not make a file there: \(error.reason)"
        case ReplacementFailure.system(let error): return error.reason
        case let error as SystemError: return error.reason
        default: return "\(error)"
        }
    }
}
