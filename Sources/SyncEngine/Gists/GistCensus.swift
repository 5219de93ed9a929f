import FoundationEssentials
import ModelInfo

/// A walk over the list of all own gists, a page now and then: the only way to notice that one was deleted, since no list tells what is
/// not on it any more.
struct GistCensus: Equatable, Sendable, Codable {
    let startedAt: Date
    /// How many pages it will have, as far as can be known before the end.
    var expectedPageCount: Int
    var pageCount = 0
    /// Where the next page begins; nil before the first.
    var cursor: String?
    /// Those of the gists asked about that were met on the way.
    var met: Set<GistID> = []
    var isComplete = false

    init(startedAt: Date, expectedPageCount: Int) { (self.startedAt, self.expectedPageCount) = (startedAt, max(expectedPageCount, 1)) }

    mutating func take(_ page: GistPage, of gists: some Sequence<GistID>) {
        met.formUnion(Set(page.gists.map(\.id)).intersection(gists))
        (pageCount, cursor, isComplete) = (pageCount + 1, page.next, page.next == nil)
        expectedPageCount = isComplete ? pageCount : max(expectedPageCount, pageCount + 1)
    }

    /// Those that a complete walk did not meet. One that was read since the walk began was there: it may have been made behind its back.
    func missing(of gists: [FollowedGist]) -> [FollowedGist] {
        guard isComplete else { return [] }
        return gists.filter { !met.contains($0.id) && ($0.readAt ?? .distantPast) < startedAt }
    }
}

extension GistCensus {
    /// How a walk is spread. A gist that goes just behind its back is missed by the next one's end: both together take no day.
    struct Pace: Equatable, Sendable {
        /// Seconds from the beginning of one walk to that of the next.
        let period: TimeInterval
        /// Seconds from the beginning of a walk to its end.
        let span: TimeInterval
        let interval: TimeInterval

        /// - Parameter interval: Seconds between two polls, at most. Where these are hours, a walk is made in one go.
        init(pollingEvery interval: TimeInterval) {
            self.interval = interval
            period = max(0, 43_200 - interval)
            span = max(0, period - interval)
        }
    }

    func isDue(at now: Date, _ pace: Pace) -> Bool {
        isComplete
            ? now >= startedAt.addingTimeInterval(pace.period)
            : now >= startedAt.addingTimeInterval(Double(pageCount) * pace.span / Double(expectedPageCount))
    }

    /// So many pages in one poll, however many are overdue: a machine that slept does not catch up all at once.
    func pageLimit(_ pace: Pace) -> Int {
        guard pace.span > 0 else { return GistListingRequest.largestPageCount }
        return max(1, Int((Double(expectedPageCount) * pace.interval / pace.span).rounded(.up)))
    }
}
