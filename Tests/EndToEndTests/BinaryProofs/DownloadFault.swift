import ZooTestSupport

/// One way in which a download goes wrong, and what has to come of it while that lasts.
struct DownloadFault: Sendable {
    /// Where the file of one model is.
    struct Place {
        /// The path of its file at its own host.
        let path: String
        /// The same file on another address and port.
        let elsewhere: String
    }

    enum Cause: Sendable {
        /// What meets the requests for the file, one after another; the last one again and again, as long as the trouble lasts.
        case answers(@Sendable (Place) -> [Fault])
        case noSuchName
        case nobodyListens
        case expiredCertificate
        case certificateOfAnotherHost
        /// A redirect from https to http.
        case leavesHTTPS
    }

    /// What zood comes to by itself. Texts are fragments of the note.
    enum End: Sendable, Equatable {
        /// In spite of it.
        case verified
        /// It has no answer to be judged by, and waits for one.
        case fetching
        case failed(String)
        case mismatch(String)
        case blocked(String)
    }

    let name: String
    let cause: Cause
    let end: End
    /// What the file is known by.
    var etag = ServedFile.ETag.strong
    /// Whether nobody is asked a second time in this hour, unless a person wants it.
    var isGivenUp = false
    /// Whether the host asked to be left alone for so long that this goes on when the trouble is over. Not even a person's word counts.
    var isLimit = false
    /// At most, in one try.
    var requestsPerTry = 1

    /// Of each file.
    static let byteCount = 60_000
    /// Where an answer is cut: the rest is less than that.
    static let middle = 40_000

    /// What `zooctl fetch` ends with while it lasts; nil: not before it is over.
    var exitCode: Int32? {
        switch end {
        case .verified: 0
        case .fetching: nil
        case .failed: 10
        case .mismatch: 7
        case .blocked: 8
        }
    }

    /// The faults that meet the file's requests; nil where the trouble is another.
    func answers(at place: Place) -> [Fault]? { if case .answers(let faults) = cause { faults(place) } else { nil } }

    /// Whether it may meet a single request, before or after another fault.
    var isForPairs: Bool {
        if case .answers = cause { end != .fetching && etag == .strong && !isLimit } else { false }
    }
}

extension DownloadFault {
    /// The same for every place.
    init(
        _ name: String, _ faults: Fault..., end: End, etag: ServedFile.ETag = .strong, isGivenUp: Bool = false, requestsPerTry: Int = 1
    ) {
        self.init(
            name: name, cause: .answers { _ in faults }, end: end, etag: etag, isGivenUp: isGivenUp, requestsPerTry: requestsPerTry)
    }

    /// A redirect, to wherever `target` says.
    init(_ name: String, _ status: Int, to target: @escaping @Sendable (Place) -> String, end: End, requestsPerTry: Int = 1) {
        self.init(
            name: name, cause: .answers { [.redirect(to: target($0), status: status)] }, end: end, isGivenUp: end != .verified,
            requestsPerTry: requestsPerTry)
    }

    /// Each fault of `first` meets one request, then each of `second` one more.
    init(_ first: DownloadFault, before second: DownloadFault) {
        self.init(
            name: "\(first.name), then \(second.name)",
            cause: .answers { (first.answers(at: $0) ?? []) + (second.answers(at: $0) ?? []) }, end: .verified)
    }

    /// Met by the second request, when the first was cut in the middle.
    static func resumed(_ name: String, _ faults: Fault..., etag: ServedFile.ETag = .strong, end: End = .verified) -> DownloadFault {
        DownloadFault(
            name: name, cause: .answers { _ in [.hangUp(atBodyByte: middle)] + faults }, end: end, etag: etag, requestsPerTry: 2)
    }

    /// An answer without the file.
    static func status(_ status: Int, _ headers: [(String, String)] = [], isGivenUp: Bool = false) -> DownloadFault {
        let words = headers.map { " \($0.0) \($0.1)" }.joined()
        return DownloadFault("\(status)\(words)", .status(status, headers: headers), end: .failed("\(status)"), isGivenUp: isGivenUp)
    }

    /// A 429 that asks for hours, in these words.
    static func limit(retryAfter words: String) -> DownloadFault {
        var fault = status(429, [("retry-after", words)], isGivenUp: true)
        fault.isLimit = true
        return fault
    }
}
