import FoundationEssentials
import NIOCore
import NIOPosix
import SystemPackage

/// Makes the listening socket at a path.
enum ControlSocket {
    /// Binds a socket that everybody may connect to: who may do what is decided by the peer's credentials.
    ///
    /// A socket that is there already is replaced only when nobody answers on it. Two zoods that start at once are kept apart
    /// by the lock on the state directory, not here. Closing the channel takes the name away again.
    static func bind(_ path: FilePath, bootstrap: ServerBootstrap, loops: MultiThreadedEventLoopGroup) async throws(ControlSocketProblem)
        -> any Channel
    {
        do {
            try makeDirectory(path.removingLastComponent())
            if let kind = try kind(of: path) {
                guard kind == .socket else {
                    throw ControlSocketProblem("\(path) exists and is no socket; remove it, or name another place with --socket")
                }
                guard try await isDead(path, loops: loops) else {
                    throw ControlSocketProblem("another zood answers on \(path); stop it, or name another place with --socket")
                }
                try FileManager.default.removeItem(atPath: path.string)
            }
            let channel = try await bootstrap.bind(unixDomainSocketPath: path.string).get()
            try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path.string)
            return channel
        } catch let problem as ControlSocketProblem {
            throw problem
        } catch {
            throw ControlSocketProblem("the control socket \(path) cannot be made: \(error)")
        }
    }

    private static func makeDirectory(_ path: FilePath) throws {
        guard try kind(of: path) == nil else { return }
        try FileManager.default.createDirectory(
            atPath: path.string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }

    private static func kind(of path: FilePath) throws -> FileType? {
        do { return try path.stat(followTargetSymlink: false).type } catch Errno.noSuchFileOrDirectory { return nil }
    }

    /// Whether nobody listens any more. A daemon that hangs, or that we may not connect to, is not dead.
    private static func isDead(_ path: FilePath, loops: MultiThreadedEventLoopGroup) async throws -> Bool {
        do {
            let client = try await ClientBootstrap(group: loops).connectTimeout(.seconds(2)).connect(unixDomainSocketPath: path.string)
                .get()
            try await client.close()
            return false
        } catch let error as IOError where error.errnoCode == Errno.connectionRefused.rawValue {
            return true
        } catch is IOError {
            return false
        }
    }
}

/// Why there is no control socket, and what helps.
public struct ControlSocketProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// A sentence for people.
    public let description: String

    init(_ description: String) { self.description = description }
}
