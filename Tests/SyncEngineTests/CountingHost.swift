import Foundation
import ModelInfo

@testable import SyncEngine

/// A GitHub that has lists and no contents, and counts what it is asked.
final class CountingHost: GistHost {
    enum Request: Equatable {
        /// The answer was a word: GitHub does not count it.
        case list(GistListingRequest, unchanged: Bool)
        case read(GistID)
        case account
    }

    private struct Row {
        var owner: String
        var changedAt: Date
        var isListed: Bool
    }

    private struct State {
        var rows: [GistID: Row] = [:]
        var requests: [(at: Date, what: Request)] = []
        var failure: GistFailure?
        var showsNothing = false
        var onList: (@Sendable () async -> Void)?
    }

    let kind = GistHostKind.github
    let isSignedIn: Bool
    private let clock: ManualClock
    private let state = Shared(State())

    init(clock: ManualClock, isSignedIn: Bool = true) { (self.clock, self.isSignedIn) = (clock, isSignedIn) }

    var requests: [(at: Date, what: Request)] { state.value.requests }
    var lists: [GistListingRequest] {
        requests.compactMap { if case .list(let request, _) = $0.what { request } else { nil } }
    }
    var reads: [GistID] { requests.compactMap { if case .read(let id) = $0.what { id } else { nil } } }

    /// The most requests in any 60 minutes.
    var mostInAnHour: Int {
        let times = requests.map(\.at)
        return times.map { start in times.count { $0 >= start && $0 < start.addingTimeInterval(3600) } }.max() ?? 0
    }

    func put(_ id: GistID, owner: String = "octo", changedAt: Date, isListed: Bool = true) {
        state.change { $0.rows[id] = Row(owner: owner, changedAt: changedAt, isListed: isListed) }
    }
    func touch(_ id: GistID, at time: Date) { state.change { $0.rows[id]?.changedAt = time } }
    func remove(_ id: GistID) { state.change { $0.rows[id] = nil } }
    func changedAt(_ id: GistID) -> Date? { state.value.rows[id]?.changedAt }
    /// Lists are empty from now on, or no more.
    func showNothing(_ isSo: Bool = true) { state.change { $0.showsNothing = isSo } }
    func fail(with failure: GistFailure?) { state.change { $0.failure = failure } }
    /// Runs while a list is asked for.
    func whileListing(_ body: (@Sendable () async -> Void)?) { state.change { $0.onList = body } }
    func count(_ request: Request) { state.change { $0.requests.append((clock.now, request)) } }

    func listing(_ request: GistListingRequest) async throws(GistFailure) -> GistListing {
        await state.value.onList?()
        let state = state.value
        if let failure = state.failure {
            count(.list(request, unchanged: false))
            throw failure
        }
        let summaries = state.rows.filter { _, row in
            let isWanted =
                switch request.whose {
                case .own: row.owner == "octo"
                case .of(let login): row.owner.lowercased() == login && row.isListed
                }
            return isWanted && row.changedAt >= request.earliest ?? .distantPast && !state.showsNothing
        }
        .map {
            GistSummary(id: $0, description: "", isPublic: $1.isListed, owner: $1.owner, createdAt: $1.changedAt, updatedAt: $1.changedAt)
        }
        .sorted { ($0.updatedAt, $0.id) > ($1.updatedAt, $1.id) }
        let start = request.cursor.flatMap(Int.init) ?? 0
        let page = Array(summaries.dropFirst(start).prefix(GistListingRequest.pageSize))
        let end = start + page.count
        let validator = page.map { "\($0.id) \($0.updatedAt)" }.joined() + "\(end < summaries.count) \(request.earliest as Date?)"
        let isKnown = validator == request.validator
        count(.list(request, unchanged: isKnown))
        if isKnown { return .unchanged }
        return .page(GistPage(gists: page, next: end < summaries.count ? String(end) : nil, validator: validator))
    }

    func account() async throws(GistFailure) -> GistAccount {
        guard isSignedIn else { return GistAccount(login: nil) }
        count(.account)
        return GistAccount(login: "octo")
    }

    // Polling asks for no more.
    func create(_ draft: GistDraft) async throws(GistFailure) -> Gist { throw .refused("not asked for") }
    func read(_ id: GistID) async throws(GistFailure) -> Gist { throw .refused("not asked for") }
    func read(_ id: GistID, at revision: String) async throws(GistFailure) -> Gist { throw .refused("not asked for") }
    func revisions(of id: GistID, limit: Int) async throws(GistFailure) -> [HostedRevision] { throw .refused("not asked for") }
    func update(_ id: GistID, _ change: GistChange) async throws(GistFailure) -> Gist { throw .refused("not asked for") }
    func delete(_ id: GistID) async throws(GistFailure) { throw .refused("not asked for") }
}
