import ControlProtocol
import FoundationEssentials
import Glibc
import ModelInfo
import SystemIO
import SystemPackage

/// A file that a person hands over, read as the user who runs zooctl. What is no regular file, a pipe for example, is written to a
/// nameless file first: how much it is has to be said before the first byte.
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
    ///   - onSpooled: Called with the bytes that were read so far, where it is no regular file.
    static func open(_ name: String, onSpooled: (Int64) -> Void) throws(ControlError) -> UploadSource {
        do {
            let file = try opened(name)
            let (identity, kind) = try file.status()
            switch kind {
            case .file:
                let start = name == "-" ? file.position() ?? 0 : 0
                return UploadSource(name, file, from: start, byteCount: max(0, identity.size - start))
            case .directory: throw SystemError(errno: EISDIR, operation: "read", path: name)
            case .link, .other:
                let spool = try spooled(file, onSpooled)
                let byteCount = try spool.status().identity.size
                return UploadSource(name, spool, from: 0, byteCount: byteCount)
            }
        } catch let error as SystemError {
            throw ControlError(
                error.errno == ENOSPC ? .noSpace : .failed, "cannot read \(words(name)): \(error.reason)",
                hint: error.errno == ENOSPC ? "what comes by a pipe is kept in $TMPDIR meanwhile: name a directory with room" : nil,
                details: ["file": name])
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

    private static func spooled(
        _ source: borrowing OwnedDescriptor, _ onSpooled: (Int64) -> Void
    ) throws -> OwnedDescriptor {
        let place = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/var/tmp"
        let directory = try RootedDirectory(at: FilePath(place))
        let name = try RelativePath(".zooctl-\(SystemRandom.hex(byteCount: 8))")
        let spool = try directory.open(name, .readWrite, creating: .mustBeNew, permissions: 0o600)
        // Its bytes go when zooctl does, however it ends.
        try directory.remove(name)
        var byteCount: Int64 = 0
        while case let bytes = try source.readNext(count: pieceByteCount), !bytes.isEmpty {
            try spool.write(bytes, at: byteCount)
            byteCount += Int64(bytes.count)
            onSpooled(byteCount)
        }
        return spool
    }
}
