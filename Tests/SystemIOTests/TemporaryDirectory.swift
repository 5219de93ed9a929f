import Foundation
import ModelInfo
import SystemPackage
import Testing

@testable import SystemIO

/// A directory of one test's own; removed with everything in it when the test lets go of it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/zood-system-io-XXXXXX".utf8CString)
        try #require(unsafe mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func rooted() throws -> RootedDirectory { try RootedDirectory(at: FilePath(path)) }

    func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: URL(filePath: path + "/" + name)) }

    func text(_ name: String) throws -> String { String(decoding: try Data(contentsOf: URL(filePath: path + "/" + name)), as: UTF8.self) }

    func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
    }

    func makeFIFO(_ name: String) throws { try #require(unsafe mkfifo(path + "/" + name, 0o666) == 0) }

    func names(in directory: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path + "/" + directory).sorted()
    }

    /// An access or default ACL in the kernel's form: owner rwx, one named user, group, mask, others.
    static func acl(user: UInt32, permissions: UInt16) -> [UInt8] {
        func entry(_ tag: UInt16, _ permissions: UInt16, _ id: UInt32) -> [UInt8] {
            [tag, permissions].flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] } + (0..<4).map { UInt8(truncatingIfNeeded: id >> (8 * $0)) }
        }
        return [2, 0, 0, 0] + entry(0x01, 6, .max) + entry(0x02, permissions, user) + entry(0x04, 4, .max) + entry(0x10, 6, .max)
            + entry(0x20, 4, .max)
    }

    func setMode(_ mode: mode_t, of name: String = "") throws { try #require(unsafe chmod(path + "/" + name, mode) == 0) }

    func setAttribute(_ attribute: String, to value: [UInt8], of name: String) throws {
        let descriptor = OwnedDescriptor(owning: try FileDescriptor.open(FilePath(path + "/" + name), .readOnly))
        try descriptor.withRaw { try ExtendedAttributes.set(attribute, to: value, of: $0, path: name) }
    }

    /// Nil when there is none.
    func attribute(_ attribute: String, of name: String) throws -> [UInt8]? {
        let descriptor = OwnedDescriptor(owning: try FileDescriptor.open(FilePath(path + "/" + name), .readOnly))
        return try descriptor.withRaw { try ExtendedAttributes.value(attribute, of: $0, path: name) }
    }
}

func relative(_ text: String) throws -> RelativePath { try RelativePath(text) }

/// The errno of the ``SystemError`` that `body` throws; nil when it throws none.
func errnoOf(_ body: () throws -> Void) -> Int32? {
    do {
        try body()
        return nil
    } catch {
        return (error as? SystemError)?.errno
    }
}

/// Becomes an unprivileged user for good: for processes of exit tests only.
func becomeNobody() {
    guard setgid(65534) == 0, setuid(65534) == 0 else { fatalError("not root") }
}

/// Sets or (nil) removes a variable: for processes of exit tests only, since other threads may be reading the environment.
func setEnvironment(_ name: String, _ value: String?) {
    if let value { unsafe setenv(name, value, 1) } else { unsafe unsetenv(name) }
}
