import ControlProtocol
import FoundationEssentials
import Glibc
import ModelInfo
import SystemIO
import SystemPackage

/// A model directory in the making: one that is there and has no readme, or one that is to be created.
struct StartedModel {
    /// As the person named it.
    let name: String
    private let parent: RootedDirectory
    private let child: RelativePath

    /// What `make` did.
    struct Made {
        /// Nil when a prototxt was there.
        let prototxt: String?
    }

    /// - Throws: When there is a readme already, or the place is no directory.
    init(_ name: String) throws(ControlError) {
        self.name = name
        let path = FilePath(FilePath(name).isAbsolute ? name : FileManager.default.currentDirectoryPath + "/" + name).lexicallyNormalized()
        guard let last = path.lastComponent?.string, let child = try? RelativePath(last) else {
            throw ControlError(.usage, "\(name) is no name for a model directory")
        }
        self.child = child
        let above = path.removingLastComponent()
        do {
            parent = try RootedDirectory(at: above)
        } catch {
            throw ControlError(
                .failed, "cannot make \(name): \(above): \(error.reason)",
                hint: error.errno == ENOENT ? "mkdir -p \(ShellWord.of(above.string))" : nil, details: ["directory": name])
        }
        guard let present = try self.present() else { return }
        let names = try list(present).map(\.name.description)
        if let readme = ReadmeNames.choose(from: names) {
            let place = DiagnosticLines.path(readme, in: name)
            throw ControlError(
                .conflict, "\(place) exists; nothing is ever written over it",
                hint: "zooctl set \(ShellWord.of(name)) KEY=VALUE edits it; zooctl lint \(ShellWord.of(name)) says what it lacks",
                details: ["file": place])
        }
    }

    /// The directory's own name: what the model is probably called.
    var lastName: String { child.name }

    /// The only binary that lies in it already; nil for none or several.
    func onlyBinary() throws(ControlError) -> RelativePath? {
        guard let present = try present() else { return nil }
        let binaries = try list(present).filter { $0.kind == .file && $0.name.description.lowercased().hasSuffix(".caffemodel") }
        return binaries.count == 1 ? binaries[0].name : nil
    }

    /// Where `file` of this directory is, for a program that is to read it.
    func path(of file: RelativePath) -> String { parent.path.appending(child.description).appending(file.description).string }

    /// Creates what is missing: the directory, the prototxt, the readme; never touches what is there. On a failure nothing of it stays.
    func make(_ template: ModelTemplate) throws(ControlError) -> Made {
        let readme: [UInt8]
        do { readme = try template.readme() } catch { throw ControlError(.invalidInfo, error.message) }
        // A Ctrl-C from here on comes too late to stop half-way.
        signal(SIGINT, SIG_IGN)
        defer { signal(SIGINT, SIG_DFL) }
        let mask = umask(0)
        umask(mask)
        var isNew = false
        var files: [RelativePath] = []
        do {
            isNew = try parent.status(of: child) == nil
            if isNew { try parent.createDirectory(child, permissions: UInt32(0o777 & ~mask)) }
            let directory = try opened()
            let hasPrototxt = try directory.entries().entries.contains { $0.kind == .file && Self.isPrototxt($0.name) }
            let prototxt = hasPrototxt ? [] : [(ModelTemplate.prototxtName, template.prototxt)]
            for (file, content) in prototxt + [(ModelTemplate.readmeName, readme)] {
                let file = try RelativePath(file)
                _ = try AtomicReplacement.create(file, in: directory, content: content, permissions: UInt32(0o666 & ~mask))
                files.append(file)
            }
            return Made(prototxt: hasPrototxt ? nil : ModelTemplate.prototxtName)
        } catch {
            undo(files, isNew: isNew)
            throw ControlError(.failed, "cannot make \(name): \(Self.reason(error)); nothing was made", details: ["directory": name])
        }
    }

    /// Takes back what was made, as far as the system lets us.
    private func undo(_ files: [RelativePath], isNew: Bool) {
        if let directory = try? opened() { for file in files { try? directory.remove(file) } }
        if isNew { try? parent.removeDirectory(child) }
    }

    private static func isPrototxt(_ name: RelativePath) -> Bool { name.description.lowercased().hasSuffix(".prototxt") }

    /// Nil when it is not there.
    private func present() throws(ControlError) -> RootedDirectory? {
        do {
            return try opened()
        } catch {
            if error.errno == ENOENT { return nil }
            throw ControlError(.failed, "cannot use \(name): \(error.reason)", details: ["directory": name])
        }
    }

    /// Here, where a person named it, a link is followed.
    private func opened() throws(SystemError) -> RootedDirectory { try RootedDirectory(at: parent.path.appending(child.description)) }

    private func list(_ directory: RootedDirectory) throws(ControlError) -> [DirectoryListing.Entry] {
        do { return try directory.entries().entries } catch {
            throw ControlError(.failed, "cannot read the directory \(name): \(error.reason)", details: ["directory": name])
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case ReplacementFailure.exists: "a file of that name appeared meanwhile"
        case ReplacementFailure.system(let error): error.reason
        case let error as SystemError: error.reason
        default: "\(error)"
        }
    }
}
