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
    private let directory: RootedDirectory

    /// Bytes of one file: the default of `gists.max_file_size`.
    static let maximumFileSize = 1 << 20

    init(_ name: String) throws(ControlError) {
        let path = FilePath(name).isAbsolute ? name : FileManager.default.currentDirectoryPath + "/" + name
        do {
            directory = try RootedDirectory(at: FilePath(path))
        } catch {
            let isMissing = [ENOENT, ENOTDIR].contains(error.errno)
            throw ControlError(
                isMissing ? .noSuchModel : .failed, "cannot read the directory \(name): \(error.reason)", details: ["directory": name])
        }
        self.name = name
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
    /// - Parameter value: Nil removes the key.
    /// - Returns: The readme's name, and whether it was changed at all.
    func set(_ key: String, to value: String?) throws(ControlError) -> (readme: String, isChanged: Bool) {
        guard let readme = try read().readme else {
            throw ControlError(.invalidInfo, "there is no readme in \(name)", hint: "zooctl lint \(name) says what a model directory needs")
        }
        let place = "\(name)/\(readme)"
        // Somebody may save in the same moment: then what they saved is what gets edited.
        for _ in 0..<3 {
            do {
                let (bytes, identity) = try directory.readFile(readme, limit: Self.maximumFileSize)
                let edited = try edit(bytes, key, value, place)
                guard edited != bytes else { return (readme.description, false) }
                _ = try AtomicReplacement.replace(readme, in: directory, expected: (bytes, identity), with: edited)
                return (readme.description, true)
            } catch ReplacementFailure.changedMeanwhile {
                continue
            } catch let error as ControlError {
                throw error
            } catch {
                throw ControlError(
                    .failed, "cannot write \(place): \(Self.reason(error))", hint: value.map { "write by hand: \(key): \($0)" },
                    details: ["file": place])
            }
        }
        throw ControlError(.conflict, "\(place) was changed by somebody at every attempt", hint: "try again", details: ["file": place])
    }

    /// Whether the readme belongs to the user who runs this.
    func ownsReadme() -> Bool {
        guard let readme = (try? read())?.readme, let status = try? directory.status(of: readme) else { return false }
        return status.identity.owner == geteuid()
    }

    private func edit(_ bytes: [UInt8], _ key: String, _ value: String?, _ place: String) throws(ControlError) -> [UInt8] {
        let result = value.map { FrontmatterEditor.setting(key, to: $0, in: bytes) } ?? FrontmatterEditor.removing(key, in: bytes)
        switch result {
        case .success(let edited): return edited
        case .failure(let refusal):
            throw ControlError(
                .invalidInfo, "\(place) was not changed: \(refusal.message)", hint: refusal.lineToAdd.map { "write by hand: \($0)" },
                details: ["file": place, "key": key])
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case ReplacementFailure.notKept(let why): why
        case ReplacementFailure.system(let error): error.reason
        case let error as SystemError: error.reason
        default: "\(error)"
        }
    }
}
