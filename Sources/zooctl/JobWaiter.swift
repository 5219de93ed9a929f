import ControlProtocol
import FoundationEssentials
import SystemIO

/// Waits for jobs and shows how far they are: on a terminal a line that is redrawn, else a line for every 10 s that they last.
struct JobWaiter {
    let client: ControlClient
    let output: Output

    static let secondsBetweenLines = 10
    /// Of so many jobs the progress is asked for at once.
    private static let mostAskedFor = 16

    /// Follows the jobs one after the other until all are final, then prints them. With `returnsAtOnce` prints them as they are.
    /// - Throws: ``Outcome`` when one failed; why has been said.
    func finish(_ accepted: [AcceptedJob], returnsAtOnce: Bool) async throws {
        guard !returnsAtOnce else {
            var jobs: [JobReport] = []
            for job in accepted { jobs.append(try await client.send(.job(job.job))) }
            return try output.print(JobList(jobs: jobs)) { $0.jobs.map { "\(printable($0.id))\n" }.joined() }
        }
        try conclude(try await follow(accepted))
    }

    /// Prints jobs that are over.
    /// - Throws: ``Outcome`` when one failed; why has been said.
    func conclude(_ jobs: [JobReport]) throws {
        try output.print(JobList(jobs: jobs)) { list in
            list.jobs.filter { $0.state == .done }.map { "\(printable(Self.title($0))): \(printable($0.note ?? "done"))\n" }.joined()
        }
        try Self.judge(jobs)
    }

    /// - Returns: The jobs, all of them final, in the order given.
    func follow(_ accepted: [AcceptedJob]) async throws(ControlError) -> [JobReport] {
        let interruption = Interruption(jobs: accepted.map(\.job))
        defer { interruption.forget() }
        let isTerminal = Terminal.isOne(.standardError)
        var line = ProgressLine(isTerminal: isTerminal, secondsBetweenLines: Self.secondsBetweenLines)
        defer { line.clear() }
        var (reports, hasWaited): ([JobReport], Bool) = ([], false)
        for job in accepted { reports.append(try await client.send(.job(job.job))) }
        while let next = reports.firstIndex(where: { !$0.state.isFinal }) {
            // Of what ends at once a log needs no beginning.
            if isTerminal || hasWaited { line.show(JobsProgress(jobs: reports).forms) }
            hasWaited = true
            let pause = isTerminal ? 1 : Self.secondsBetweenLines
            reports[next] = try await client.send(.job(reports[next].id, waitSeconds: pause))
            let others = reports.indices.filter { $0 != next && !reports[$0].state.isFinal }
            for index in others.prefix(Self.mostAskedFor) { reports[index] = try await client.send(.job(reports[index].id)) }
        }
        return reports
    }

    /// Says why jobs failed, and ends with the code for it: of the one job, or ``ExitStatus/someFailed`` when others went well.
    static func judge(_ jobs: [JobReport]) throws {
        let errors = jobs.filter { $0.state != .done }.map { job in
            var error = job.error ?? ControlError(job.state == .cancelled ? .cancelled : .failed, job.note ?? job.state.rawValue)
            if !error.message.hasPrefix(title(job)) { error.message = "\(title(job)): \(error.message)" }
            return error
        }
        guard let first = errors.first else { return }
        for error in errors { Output.complain(error) }
        let isSame = errors.count == jobs.count && errors.allSatisfy { $0.code == first.code }
        throw Outcome(status: isSame ? first.code.exitStatus : .someFailed)
    }

    /// `fetch bvlc_alexnet`
    static func title(_ job: JobReport) -> String { job.model.map { "\(job.kind.rawValue) \($0)" } ?? job.kind.rawValue }
}
