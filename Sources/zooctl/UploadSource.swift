import ControlProtocol
import FoundationEssentials
import Glibc
import ModelInfo
import SystemIO
import SystemPackage

/// A file that a person hands over, read as the user who runs zooctl. What comes by a pipe is written to a nameless file first: how much
/// it is has to be said before the first byte.
final class UploadSource: Sendable {
    /// As the person named it.
    let name: String
    let byteCount: Int64
    private let descriptor: OwnedDescriptor
    /// Where it begins: standard input may have been read before.
    private let start: Int64
    private let lane = BlockingLane(label: "zooctl.read", width: 1)

    private static let pieceByteCount = 1 << 20

    private init(_ name: String, _ descriptor: consuming OwnedDescriptor, from start: Int64, byteCount: Int64) {
        (self.name, self.start, self.byteCount) = (name, start, byteCount)
        self.descriptor = descriptor
    }

    /// - Parameters:
    ///   - name: A path, or `-` for standard input.
    ///   - limit: Asked where it is no regular file: so many bytes may come, or any number.
    ///   - onSpooled: Called with the bytes that were read so far, where it is no regular file.
    static func open(
        _ name: String, limit: () async throws(ControlError) -> Int64?, onSpooled: (Int64) -> Void
    ) async throws(ControlError) -> UploadSource {
        do {
            let file = try opened(name)
            let (identity, kind) = try file.status()
            switch kind {
            case .file:
                let start = name == "-" ? file.position() ?? 0 : 0
                return UploadSource(name, file, from: start, byteCount: max(0, identity.size - start))
            case .directory: throw SystemError(errno: EISDIR, operation: "read", path: name)
            case .link, .other:
                // Devices mostly have no end, and no weights either.
                guard try name == "-" || file.isPipe() else {
                    throw ControlError(
                        .failed, "\(name) is no regular file; nothing was read of it",
                        hint: "name a file, or send it by a pipe: zooctl import MODEL -", details: ["file": name])
                }
                let spool = try spooled(file, words(name), upTo: try await limit() ?? .max, onSpooled)
                let byteCount = try spool.status().identity.size
                return UploadSource(name, spool, from: 0, byteCount: byteCount)
            }
        } catch let error as ControlError {
            throw error
        } catch let error as SystemError {
            throw ControlError(.failed, "cannot read \(words(name)): \(error.reason)", details: ["file": name])
        } catch {
            throw ControlError(.failed, "cannot read \(words(name)): \(error)", details: ["file": name])
        }
    }

    /// The piece that begins there; nil at the end.
    /// - Throws: When the file became shorter meanwhile.
    func piece(at offset: Int64) async throws(ControlError) -> [UInt8]? {
        let count = Int(min(Int64(Self.pieceByteCount), byteCount - offset))
        guard count > 0 else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try await lane.run { try self.descriptor.read(count: count, at: self.start + offset) }
        } catch {
            throw ControlError(.failed, "cannot read \(Self.words(name)): \((error as? SystemError)?.reason ?? "\(error)")")
        }
        guard bytes.count == count else {
            throw ControlError(
                .failed, "\(Self.words(name)) became shorter while it was read; nothing was imported", details: ["file": name])
        }
        return bytes
    }

    private static func words(_ name: String) -> String { name == "-" ? "standard input" : name }

    private static func opened(_ name: String) throws -> OwnedDescriptor {
        guard name != "-" else { return OwnedDescriptor(owning: try FileDescriptor.standardInput.duplicate(), path: "standard input") }
        do {
            return OwnedDescriptor(owning: try FileDescriptor.open(FilePath(name), .readOnly, options: .closeOnExec), path: name)
        } catch { throw SystemError(errno: (error as? Errno)?.rawValue ?? EIO, operation: "open", path: name) }
    }

    /// What goes wrong there is no matter of what was handed over.
    private static func inTemporary<R: ~Copyable>(_ place: String, _ work: () throws(SystemError) -> R) throws(ControlError) -> R {
        do throws(SystemError) { return try work() } catch {
            let isFull = error.errno == ENOSPC || error.errno == EDQUOT
            throw ControlError(
                isFull ? .noSpace : .failed,
                isFull
                    ? "$TMPDIR (\(place)) is full; what comes by a pipe is kept there until it is whole, and nothing was imported"
                    : "cannot write to $TMPDIR (\(place)), where what comes by a pipe is kept until it is whole: \(error.reason)",
                hint: "name a directory with room: TMPDIR=DIR zooctl import MODEL -")
        }
    }

    private static func spooled(
        _ source: borrowing OwnedDescriptor, _ words: String, upTo limit: Int64, _ onSpooled: (Int64) -> Void
    ) throws -> OwnedDescriptor {
        let spoolName = try RelativePath(".zooctl-\(SystemRandom.hex(byteCount: 8))")
        let place = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/var/tmp"
        let spool = try inTemporary(place) { () throws(SystemError) in
            let directory = try RootedDirectory(at: FilePath(place))
            let spool = try directory.open(spoolName, .readWrite, creating: .mustBeNew, permissions: 0o600)
            // Its bytes go when zooctl does, however it ends.
            try directory.remove(spoolName)
            return spool
        }
        var byteCount: Int64 = 0
        while case let bytes = try source.readNext(count: pieceByteCount), !bytes.isEmpty {
            guard limit - byteCount >= Int64(bytes.count) else {
                throw ControlError(
                    .blocked,
                    "\(words) brings more than \(Units.bytes(limit)), which is what binaries.max_size allows; nothing was imported",
                    hint: "raise binaries.max_size, then: zooctl reload")
            }
            try inTemporary(place) { () throws(SystemError) in try spool.write(bytes, at: byteCount) }
            byteCount += Int64(bytes.count)
            onSpooled(byteCount)
        }
        return spool
    }
}
