import Foundation
import Glibc
import ModelInfo
import Planning
import SystemIO
import Testing
import Transfers

@testable import SyncEngine

struct ReconcilingJudgeTests {
    let now = Date(timeIntervalSince1970: 1_800_000_000)
    let net = "net"

    private func judge(_ failure: GistFailure) -> (kind: Trouble.Kind?, after: TimeInterval?, isForPerson: Bool, said: String) {
        switch OutcomeJudge.judge(failure, model: net, now: now) {
        case .done: (nil, nil, false, "")
        case .retry(let after, let kind, let because, _): (kind, after, false, because)
        case .later(let at, let kind, let because, _): (kind, at.timeIntervalSince(now), false, because)
        case .waits: (.waiting, nil, false, "")
        case .needsRoom(_, let because, _): (.space, nil, false, because)
        case .needsPerson(let kind, let why, _): (kind, nil, true, why)
        }
    }

    @Test func `a host's failure is tried again unless only a person can help`() {
        let retried: [(GistFailure, Trouble.Kind, TimeInterval?)] = [
            (.notSignedIn("x"), .permission, 3600), (.forbidden("x"), .permission, 3600), (.unavailable("x"), .network, nil),
            (.answerLost("x"), .network, nil), (.limited(until: nil, "x"), .network, 60),
            (.notFound("x"), .gone, 86_400), (.limited(until: now.addingTimeInterval(7), "x"), .network, 7),
            (.limited(until: now.addingTimeInterval(-7), "x"), .network, 1),
        ]
        for (failure, kind, after) in retried {
            let outcome = judge(failure)
            #expect(outcome.kind == kind && outcome.after == after && !outcome.isForPerson && outcome.said.contains("x"), "\(failure)")
        }
        for (failure, kind) in [
            (GistFailure.takenDown("x"), Trouble.Kind.gone), (.refused("x"), .refused), (.foreignChange, .conflict),
        ] {
            let outcome = judge(failure)
            #expect(outcome.kind == kind && outcome.isForPerson && !outcome.said.isEmpty, "\(failure)")
        }
    }

    @Test func `only an answer about the host itself closes it for all its files`() {
        func meaning(_ status: Int, _ after: Duration?) -> HostRecord.Failure? {
            OutcomeJudge.meaning(of: TransferFailure(.httpStatus(status, retryAfter: after, excerpt: ""), requestWasSent: true))
        }
        for status in [403, 429, 503] { #expect(meaning(status, .seconds(60)) == .asksToWait(60)) }
        for status in [404, 410, 500, 502] { #expect(meaning(status, .seconds(60)) == .ofOneFile) }
        #expect(meaning(503, nil) == .ofHost && meaning(403, nil) == .ofOneFile)
    }

    @Test func `that somebody else wrote to an unfinished file is no matter of the host`() {
        let failure = TransferFailure(.changedMeanwhile)
        #expect(OutcomeJudge.meaning(of: failure) == nil)
        guard case .retry(_, .local, _, _) = OutcomeJudge.judge(failure, url: "http://a/", model: net, maximumByteCount: 1) else {
            Issue.record("it is no local matter")
            return
        }
    }

    @Test(arguments: [
        (ENOSPC, Trouble.Kind.space, false), (EDQUOT, .space, false), (EACCES, .local, false), (EROFS, .local, false), (EIO, .local, false),
        (ELOOP, .refused, true), (EISDIR, .refused, true),
    ])
    func `a full disk is waited for, a wrong kind of file is a person's`(errno: Int32, kind: Trouble.Kind, isForPerson: Bool) {
        let outcome = OutcomeJudge.judge(SystemError(errno: errno, operation: "write", path: "net/w"), model: net)
        switch outcome {
        case .retry(_, let found, let because, _): #expect(found == kind && !isForPerson && because.contains("net/w"))
        case .needsPerson(let found, let why, let hint): #expect(found == kind && isForPerson && why.contains("net/w") && hint != nil)
        case .later, .waits, .needsRoom, .done: Issue.record("an error alone says neither how much room is needed nor that all is done")
        }
    }

    @Test func `why a host cannot be used is told in words, never as a program would print it`() {
        #expect("\(ConfiguredGistHost.Problem(description: "others may read the token"))" == "others may read the token")
        let failures: [GistFailure] = [
            .limited(until: Date(), "too many requests"), .unavailable("no route"), .notFound("Not Found"), .foreignChange, .cancelled,
        ]
        for failure in failures { #expect(!"\(failure)".contains("(") && "\(failure)" == failure.said) }
    }
}
