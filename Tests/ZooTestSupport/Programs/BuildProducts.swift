import Foundation

/// The programs that were built together with the running test.
public enum BuildProducts {
    /// `.build/debug`, derived from where the running program is.
    public static var directory: URL {
        get throws {
            URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).deletingLastPathComponent()
        }
    }

    /// The path of one of them.
    /// - Throws: ``NotBuilt`` when it is not there.
    public static func path(of program: String) throws -> String {
        let path = try directory.appending(path: program).path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw NotBuilt(path: path) }
        return path
    }
}

/// A program is missing beside the running test.
public struct NotBuilt: Error, CustomStringConvertible {
    /// Where it should be.
    public let path: String

    /// For people.
    public var description: String { "\(path) is not there; run: swift build --build-tests" }
}
