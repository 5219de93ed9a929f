import ControlProtocol
import FoundationEssentials
import Glibc
import ModelInfo
import Planning
import SystemIO
import Transfers

/// The one place that judges errors: what is tried again, what waits for a person, and what a person reads of it.
///
/// `model` is the model's id as one word of a command, `ModelView.idWord`.
enum OutcomeJudge {
    // Gist hosts.

    static func judge(_ failure: GistFailure, model word: String, now: Date) -> Outcome {
        let again = "it is tried again by itself; at once: zooctl sync \(word)"
        return switch failure {
        case .notFound(let said):
            // Hosts say so in their bad hours too: what is there again is found again.
            .retry(
                after: 86_400, kind: .gone, because: "the host does not have the gist (or the token may not see it): \(said)",
                hint: "the files here stay; for a new gist: zooctl unpublish \(word), then: zooctl publish \(word)")
        case .takenDown(let said):
            .needsPerson(
                kind: .gone, why: "the gist was taken down: \(said)",
                hint: "the host's mail to the gist's owner says why; the files here stay: zooctl show \(word)")
        case .notSignedIn(let said):
            .retry(
                after: 3600, kind: .permission, because: said,
                hint: "put a valid token in place (zooctl doctor looks at it), then: zooctl reload")
        case .forbidden(let said):
            .retry(
                after: 3600, kind: .permission, because: said,
                hint: "zooctl doctor looks at the token's rights; put them right, then: zooctl reload")
        case .limited(let until, let said):
            .retry(after: max(until?.timeIntervalSince(now) ?? 60, 1), kind: .network, because: said, hint: nil)
        case .refused(let said):
            .needsPerson(kind: .refused, why: "the host refused it: \(said)", hint: "zooctl publish \(word) --dry-run")
        case .unavailable(let said): .retry(after: nil, kind: .network, because: said, hint: again)
        case .answerLost(let said):
            .retry(after: nil, kind: .network, because: "the answer to a request was lost: \(said)", hint: again)
        case .nonsense(let said):
            .retry(after: 300, kind: .network, because: "the host's answer makes no sense: \(said)", hint: again)
        case .foreignChange:
            .needsPerson(
                kind: .conflict, why: "the gist was changed by somebody else since it was last sent",
                hint: "make the readme and the gist agree, then: zooctl sync \(word)")
        case .cancelled: .retry(after: 0, kind: .local, because: "interrupted", hint: nil)
        }
    }

    // Downloads.

    /// - Parameter maximumByteCount: What a file may have at most, `binaries.max_size`.
    static func judge(_ failure: TransferFailure, url: String, model word: String, maximumByteCount: Int64) -> Outcome {
        func network(_ why: String, after: TimeInterval? = nil) -> Outcome {
            .retry(after: after, kind: .network, because: "\(url): \(why)", hint: nil)
        }
        func person(_ why: String, hint: String) -> Outcome { .needsPerson(kind: .refused, why: "\(url): \(why)", hint: hint) }
        let other = "correct caffemodel_url in the readme, or have the file from disk: zooctl import \(word) FILE"
        switch failure.reason {
        case .badURL, .refusedScheme, .downgrade, .refusedRedirect, .tooManyRedirects: return person(failure.description, hint: other)
        case .refusedAddress(let address, _):
            return person(failure.description, hint: "if that is meant, add \(address) to binaries.allow_addresses, then: zooctl reload")
        case .tooLarge(let byteCount):
            return person(
                "it has \(SizeWords.of(byteCount)) or more, and binaries.max_size allows \(SizeWords.of(maximumByteCount))",
                hint: "for this file alone: zooctl fetch --force \(word); for all: raise binaries.max_size, then: zooctl reload")
        case .httpStatus(let status, let retryAfter, _):
            return judge(status: status, retryAfter: retryAfter, url: url, hint: other)
        case .tls: return network("\(failure.description); for a certificate authority of your own see network.ca_file")
        case .resolve, .connect, .timedOut, .stalled, .truncated, .connectionLost, .other: return network(failure.description)
        case .changedMeanwhile: return .retry(after: nil, kind: .local, because: failure.description, hint: nil)
        case .disk(let error): return judge(error, model: word)
        case .cancelled: return .retry(after: 0, kind: .local, because: "interrupted", hint: nil)
        case .declined(let why): return .retry(after: nil, kind: .local, because: why, hint: nil)
        }
    }

    /// What a failed transfer says of the host that was asked; nil for nothing.
    static func meaning(of failure: TransferFailure) -> HostRecord.Failure? {
        switch failure.reason {
        case .resolve, .connect, .tls, .timedOut: .ofHost
        // Only these speak of the host: a file that is not there is nobody else's matter, whatever comes with that.
        case .httpStatus(403, let after?, _), .httpStatus(429, let after?, _), .httpStatus(503, let after?, _):
            .asksToWait(TimeInterval(after.components.seconds))
        case .httpStatus(429, nil, _), .httpStatus(503, nil, _): .ofHost
        case .httpStatus, .stalled, .truncated, .connectionLost, .tooManyRedirects, .other: .ofOneFile
        case .badURL, .refusedScheme, .downgrade, .refusedRedirect, .refusedAddress, .tooLarge, .disk, .cancelled, .declined,
            .changedMeanwhile:
            nil
        }
    }

    private static func judge(status: Int, retryAfter: Duration?, url: String, hint: String) -> Outcome {
        let told = retryAfter.map { TimeInterval($0.components.seconds) }
        switch status {
        case 404, 410: return .retry(after: 6 * 3600, kind: .network, because: "\(url): the file is not there (\(status))", hint: hint)
        case 401, 403, 451:
            return .retry(after: 3600, kind: .network, because: "\(url): the server does not give it out (\(status))", hint: hint)
        case 408, 425, 429, 500...599:
            return .retry(after: told, kind: .network, because: "\(url): the server answered \(status)", hint: nil)
        default: return .retry(after: 3600, kind: .network, because: "\(url): the server answered \(status)", hint: hint)
        }
    }

    // This machine.

    static func judge(_ error: SystemError, model word: String) -> Outcome {
        switch error.errno {
        case ENOSPC: .retry(after: nil, kind: .space, because: "\(error)", hint: "make room: df -h; it goes on by itself")
        case EDQUOT:
            .retry(
                after: nil, kind: .space, because: "\(error)",
                hint: "the quota of the daemon's user or of the directory's group is used up: quota -v; it goes on by itself")
        case EROFS:
            .retry(
                after: nil, kind: .local, because: "\(error)",
                hint: "find out why it is mounted read-only: findmnt, dmesg; it is tried again by itself")
        case EIO:
            .retry(
                after: nil, kind: .local, because: "\(error)",
                hint: "the disk fails, or what it is reached by: dmesg; it is tried again by itself")
        case EACCES, EPERM:
            .retry(
                after: 300, kind: .local, because: "\(error)",
                hint: "let the daemon's user write there, then: zooctl sync \(word)")
        case ELOOP, EINVAL, EISDIR, ENOTDIR, EXDEV:
            .needsPerson(kind: .refused, why: "\(error)", hint: "put a regular file in its place, then: zooctl sync \(word)")
        default: .retry(after: nil, kind: .local, because: "\(error)", hint: nil)
        }
    }

    /// A merge that could not be made: by git, or for want of a place for its files.
    static func judge(merging error: any Error, model word: String) -> Outcome {
        if let error = error as? SystemError { return judge(error, model: word) }
        return .retry(
            after: nil, kind: .local, because: "the two sides could not be merged: \(error)",
            hint: "it is tried again by itself; at once: zooctl sync \(word)")
    }

    static func judge(_ failure: DigestFailure, model word: String) -> Outcome {
        switch failure {
        case .disk(let error): judge(error, model: word)
        case .changedMeanwhile: .retry(after: 10, kind: .local, because: "the file changes while it is read", hint: nil)
        case .cancelled: .retry(after: 0, kind: .local, because: "interrupted", hint: nil)
        default: .retry(after: nil, kind: .local, because: "\(failure)", hint: nil)
        }
    }
}
