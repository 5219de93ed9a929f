import ModelInfo
import SystemPackage

// Until SystemIO has them.
public struct SystemError: Error, Equatable, Sendable {
    public let errno: Int32
    public let operation: String
    public let path: String
    public init(errno: Int32, operation: String, path: String) { (self.errno, self.operation, self.path) = (errno, operation, path) }
}
public struct OwnedDescriptor: ~Copyable, Sendable {
    private let raw: FileDescriptor
    public init(owning raw: FileDescriptor) { self.raw = raw }
    deinit { try? raw.close() }
    public borrowing func withRaw<R>(_ body: (Int32) throws -> R) rethrows -> R { try body(raw.rawValue) }
}
enum CrashPoint { static func reach(_ name: StaticString) {} }
