import Foundation
import ModelInfo
import SystemPackage

/// A directory of its own under /tmp with everything that one zood needs: zoo, state, socket, configuration. Removed when
/// this object goes away.
public final class TemporaryZoo: Sendable {
    /// Holds everything else; anybody may enter.
    public let directory: FilePath
    /// The watched tree.
    public var zoo: FilePath { directory.appending("zoo") }
    /// For `--state`.
    public var state: FilePath { directory.appending("state") }
    /// For `--socket`.
    public var socket: FilePath { directory.appending("run/zood.sock") }
    /// For `--config`.
    public var configuration: FilePath { directory.appending("zood.yaml") }
    /// What the daemon writes to standard error, of all its runs.
    public var log: FilePath { directory.appending("zood.log") }

    /// Empty zoo, default configuration: see ``configure(_:)``.
    public init() throws {
        directory = FilePath("/tmp/zoo-\(UUID().uuidString.prefix(13).lowercased())")
        for path in [directory, zoo, state, socket.removingLastComponent()] {
            try FileManager.default.createDirectory(
                atPath: path.string, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: state.string)
        try configure()
    }

    deinit { try? FileManager.default.removeItem(atPath: directory.string) }

    /// Writes the configuration anew.
    /// - Parameter sections: YAML by top-level key, on top of defaults that are quick and allow loopback addresses, e.g.
    ///   `["gists": "{ host: local, create: automatic }"]`. A section given here replaces the default one whole.
    public func configure(_ sections: [String: String] = [:]) throws {
        var all = [
            "zoos": "[{ path: \(zoo) }]", "watch": "{ settle: 50ms, settle_max: 1s }",
            "binaries": "{ allow_addresses: [127.0.0.0/8], min_free: 1MiB }",
        ]
        all.merge(sections) { $1 }
        let text = all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\n" }.joined()
        try Data(text.utf8).write(to: URL(filePath: configuration.string))
    }

    /// Makes a model's directory with a readme and further files by name.
    /// - Parameter id: Its path below the zoo.
    /// - Returns: The directory.
    @discardableResult
    public func makeModel(_ id: String, _ readme: ReadmeText = ReadmeText(), files: [String: String] = [:]) throws -> FilePath {
        for (name, text) in files { try write(text, to: "\(id)/\(name)") }
        // Last, so that the model is whole when it becomes one.
        try write(readme.text, to: "\(id)/readme.md")
        return zoo.appending(id)
    }

    /// The smallest network that a prototxt can describe.
    public static let prototxt = """
        name: "tiny"
        input: "data"
        input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }
        layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 4 kernel_size: 3 } }

        """

    /// Where a path below the zoo is.
    public func path(_ path: String) -> FilePath { zoo.appending(path) }

    /// Writes text to a path below the zoo; directories on the way are made.
    public func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

    /// Writes bytes to a path below the zoo, in place as `cat >` does; directories on the way are made.
    public func write(_ bytes: [UInt8], to path: String) throws {
        let place = self.path(path)
        try FileManager.default.createDirectory(
            atPath: place.removingLastComponent().string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        try Data(bytes).write(to: URL(filePath: place.string))
    }

    /// Writes content of any size to a path below the zoo, piece by piece.
    public func write(_ content: FileContent, to path: String) throws {
        try write([UInt8](), to: path)
        let byteCount = try content.byteCount
        let file = try FileDescriptor.open(self.path(path), .writeOnly)
        try file.closeAfter {
            var offset = 0
            while offset < byteCount {
                let piece = try content.bytes(in: offset..<min(offset + (1 << 20), byteCount))
                try file.writeAll(piece)
                offset += piece.count
            }
        }
    }

    /// The bytes of a file below the zoo; nil when it is not there.
    public func bytes(of path: String) throws -> [UInt8]? {
        let place = self.path(path).string
        return FileManager.default.fileExists(atPath: place) ? Array(try Data(contentsOf: URL(filePath: place))) : nil
    }

    /// The text of a file below the zoo, invalid UTF-8 repaired; nil when it is not there.
    public func text(of path: String) throws -> String? { try bytes(of: path).map { String(decoding: $0, as: UTF8.self) } }

    /// Flips all bits of bytes in place and gives the file its old modification time back: what a failing disk does.
    public func rot(_ path: String, at offset: Int, byteCount: Int = 1) async throws {
        let place = self.path(path)
        let flipped = try FileContent.file(place).bytes(in: offset..<(offset + byteCount)).map { ~$0 }
        let reference = directory.appending("times-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: reference.string) }
        // By touch: Foundation's dates do not hold nanoseconds.
        try await ProgramRun.succeed("touch", ["--reference", place.string, reference.string])
        let file = try FileDescriptor.open(place, .writeOnly)
        try file.closeAfter { _ = try file.writeAll(toAbsoluteOffset: Int64(offset), flipped) }
        try await ProgramRun.succeed("touch", ["--reference", reference.string, place.string])
    }

    /// The path of one of our programs where `identity` can reach it: the build directory need not let others in.
    func program(_ name: String, for identity: ProcessIdentity?) async throws -> String {
        let built = try BuildProducts.path(of: name)
        guard let identity, identity.uid != 0 else { return built }
        let copy = directory.appending(name).string
        // By a process of its own: a child that was forked meanwhile would hold the copy open for writing.
        if !FileManager.default.fileExists(atPath: copy) { try await ProgramRun.succeed("cp", ["--reflink=auto", built, copy]) }
        return copy
    }

    /// Makes everything belong to somebody else, for a daemon that is not root.
    public func give(to identity: ProcessIdentity) async throws {
        try await ProgramRun.succeed("chown", ["--recursive", "\(identity.uid):\(identity.gid)", directory.string])
    }
}
