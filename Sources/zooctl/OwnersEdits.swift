import ControlProtocol
import ModelInfo
import SystemIO

/// A job that writes into a model's files. Where some of them belong to the user who runs zooctl and zood may not write into those, they are
/// written here, as that user, and the job is asked for again: then it finds them done.
struct OwnersEdits {
    let client: ControlClient
    let output: Output
    /// As the person named it.
    let model: String
    /// What is wanted of the files.
    let wish: EditsRequest

    /// Somebody may save in the same moment, or another change come from the gist: so often it is tried.
    private static let attempts = 3

    /// Starts the job and waits for it.
    func carryOut(
        returnsAtOnce: Bool, _ call: (String) throws -> ControlCall<AcceptedJob>
    ) async throws {
        let waiter = JobWaiter(client: client, output: output)
        var accepted = try await client.send(about: model, call)
        guard !returnsAtOnce else { return try await waiter.finish([accepted], returnsAtOnce: true) }
        var jobs = try await waiter.follow([accepted])
        for _ in 1..<Self.attempts {
            guard jobs.contains(where: { $0.error?.code.exitStatus == .needsPerson }), try await write() else { break }
            accepted = try await client.send(about: model, call)
            jobs = try await waiter.follow([accepted])
        }
        try waiter.conclude(jobs)
    }

    /// - Returns: Whether anything was written.
    private func write() async throws -> Bool {
        for attempt in 1... {
            let report: EditsReport
            do { report = try await client.send(about: model) { try .edits($0, wish) } } catch let error as ControlError {
                // A daemon that is older than this has no such question.
                if error.code == .noSuchRoute { return false }
                guard error.code == .conflict, attempt < Self.attempts else { throw error }
                continue
            }
            CrashPoint.reach("owner.asked")
            guard !report.edits.isEmpty else { return false }
            do throws(ControlError) {
                let written = try LocalModel(report.path).write(report.edits)
                if !written.isEmpty {
                    Output.standardError("wrote \(printable(written.joined(separator: ", "))) in \(printable(report.path))\n")
                }
                return !written.isEmpty
            } catch {
                guard error.code == .conflict, attempt < Self.attempts else { throw error }
            }
        }
        return false
    }
}
