import ControlProtocol
import Glibc
import ModelInfo
import SystemIO

extension LocalModel {
    /// Makes those of the edits that the user who runs this may make; the others are left to whom the files belong to.
    ///
    /// Nothing is written when one of the files is no longer what the edits are about. Each is put in its place in one step, over nothing
    /// but what was read.
    /// - Returns: Names of what was written.
    /// - Throws: `conflict` when somebody saved meanwhile.
    func write(_ edits: [OwnersEdit]) throws(ControlError) -> [String] {
        var steps: [Step] = []
        for edit in edits { if let step = try step(edit) { steps.append(step) } }
        // Who owns none of the files and not the directory either has nothing to add to it.
        let isOwner = steps.contains { $0.before != nil } || (try? directory.status())?.owner == geteuid()
        guard isOwner else { return [] }
        var written: [String] = []
        for step in steps {
            CrashPoint.reach("owner.before-edit")
            do throws(ReplacementFailure) {
                if let before = step.before {
                    _ = try AtomicReplacement.replace(step.file, in: directory, expected: before, with: step.content)
                } else {
                    _ = try AtomicReplacement.create(step.file, in: directory, content: step.content, permissions: step.permissions)
                }
            } catch {
                switch error {
                case .changedMeanwhile, .exists: throw savedMeanwhile(step.file)
                default: throw notWritten(step.file, Self.reason(error, step.before?.identity.owner))
                }
            }
            written.append(step.file.description)
            CrashPoint.reach("owner.edited")
        }
        return written
    }

    private struct Step {
        var file: RelativePath
        /// Nil: nothing is there.
        var before: (bytes: [UInt8], identity: FileIdentity)?
        var content: [UInt8]
        var permissions: UInt32
    }

    /// Nil when it is done already, or not for this user to do.
    private func step(_ edit: OwnersEdit) throws(ControlError) -> Step? {
        guard let file = try? RelativePath(nameFromOutside: edit.file), let permissions = UInt32(edit.mode, radix: 8) else {
            throw ControlError(.notZood, "the daemon wants '\(edit.file.prefix(80))' written, which is no name of a file")
        }
        do {
            guard let (identity, kind) = try directory.status(of: file) else {
                guard edit.old == nil else { throw savedMeanwhile(file) }
                return directory.writeRefusal == nil
                    ? Step(file: file, content: Array(edit.new.utf8), permissions: permissions & 0o777) : nil
            }
            guard kind == .file else { throw savedMeanwhile(file) }
            guard identity.owner == geteuid() else { return nil }
            let before = try directory.readFile(file, limit: Self.maximumEditSize)
            if before.bytes == Array(edit.new.utf8) { return nil }
            guard let old = edit.old, before.bytes == Array(old.utf8) else { throw savedMeanwhile(file) }
            return Step(file: file, before: before, content: Array(edit.new.utf8), permissions: permissions)
        } catch let error as ControlError {
            throw error
        } catch {
            throw notWritten(file, Self.reason(error, nil))
        }
    }

    /// Bytes; a larger file is no model info.
    private static var maximumEditSize: Int { 16 << 20 }

    private func savedMeanwhile(_ file: RelativePath) -> ControlError {
        let place = DiagnosticLines.path(file.description, in: name)
        return ControlError(.conflict, "\(place) was saved just now", hint: "try again", details: ["file": place])
    }

    private func notWritten(_ file: RelativePath, _ why: String) -> ControlError {
        let place = DiagnosticLines.path(file.description, in: name)
        return ControlError(.failed, "\(place) was not changed: \(why)", details: ["file": place])
    }
}
