import Foundation

/// What came of a program that was run to its end.
public struct ProgramResult: Sendable {
    /// The exit status; 128 and the signal's number when a signal ended it, as a shell says it.
    public let status: Int32
    /// Everything it wrote to standard output.
    public let standardOutputBytes: [UInt8]
    /// Everything it wrote to standard error.
    public let standardErrorBytes: [UInt8]
    /// From start to end.
    public let duration: Duration

    /// Standard output as text, invalid UTF-8 repaired.
    public var standardOutput: String { String(decoding: standardOutputBytes, as: UTF8.self) }
    /// Standard error as text, invalid UTF-8 repaired.
    public var standardError: String { String(decoding: standardErrorBytes, as: UTF8.self) }
}

/// A program that did not do what a test needs of it.
public struct ProgramFailure: Error, CustomStringConvertible {
    /// Its name.
    public let program: String
    /// How it ended.
    public let result: ProgramResult

    /// For people.
    public var description: String { "\(program) ended with \(result.status): \(result.standardError)" }
}

/// Runs programs to their end.
public enum ProgramRun {
    /// Runs `program` (a name to be found in PATH, or a path), waits for its end and gives what it wrote.
    /// Killed after `limit`.
    public static func run(
        _ program: String, _ arguments: [String] = [], environment: [String: String]? = nil, directory: String? = nil,
        identity: ProcessIdentity? = nil, limit: Duration = .seconds(60)
    ) async throws -> ProgramResult {
        let outputs = FileManager.default.temporaryDirectory.appending(path: "zoo-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: outputs, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: outputs) }
        let (output, error) = (outputs.appending(path: "stdout"), outputs.appending(path: "stderr"))
        let start = ContinuousClock.now
        let child = try await LeashedProcess.start(
            program, arguments, environment: environment, directory: directory, identity: identity,
            standardOutput: output.path, standardError: error.path)
        let status = try await child.exitStatus(within: limit)
        return ProgramResult(
            status: status, standardOutputBytes: Array(try Data(contentsOf: output)),
            standardErrorBytes: Array(try Data(contentsOf: error)),
            duration: ContinuousClock.now - start)
    }

    /// Runs `program` and expects it to end with 0.
    /// - Throws: ``ProgramFailure`` otherwise.
    @discardableResult
    public static func succeed(_ program: String, _ arguments: [String], directory: String? = nil) async throws -> ProgramResult {
        let result = try await run(program, arguments, directory: directory)
        guard result.status == 0 else { throw ProgramFailure(program: program, result: result) }
        return result
    }
}
