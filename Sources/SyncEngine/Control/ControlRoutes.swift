import ControlProtocol
import FoundationEssentials
import ModelInfo
import Planning

/// The table of what the control API can do; `docs/control-api.md` describes it for its users.
struct ControlRoutes: Sendable {
    let daemon: Daemon

    /// What `GET /v1` lists: words that are added and never taken away.
    static let features = [
        "models", "gists.local", "gists.github", "binaries", "jobs", "events", "plan", "history", "trash", "limit", "repair", "import",
        "gc",
    ]

    var all: [Route] {
        questions + work + jobs + following + HistoryRoutes(daemon: daemon).all + GistRoutes(daemon: daemon).all
            + TrashRoutes(daemon: daemon).all + BinaryRoutes(daemon: daemon).all + LimitRoutes(daemon: daemon).all
            + GarbageRoutes(daemon: daemon).all
    }

    private var questions: [Route] {
        [
            Route(.GET, "/v1", requires: .reader) { _ in
                try .json(VersionReport(client: nil, daemon: DaemonVersion(version: ProjectVersion.current, features: Self.features)))
            },
            Route(.GET, "/v1/status", requires: .reader) { request in
                let limit = try request.number("limit")
                return try .json(
                    await daemon.status(isShort: request.query["view"] == "table", limit: limit, after: request.query["after"]))
            },
            Route(.GET, "/v1/models", requires: .reader) { _ in try .json(await daemon.status(isShort: false, limit: nil, after: nil)) },
            Route(.GET, "/v1/models/{id}", requires: .reader) { request in
                let id = try await model(request)
                guard let report = try await daemon.report(on: id) else {
                    throw ControlError(.noSuchModel, "\(id.path) is no model any more")
                }
                return try .json(report)
            },
            Route(.GET, "/v1/models/{id}/plan", requires: .reader) { request in
                try .json(try await daemon.plan([try await model(request)]))
            },
            Route(.GET, "/v1/plan", requires: .reader) { _ in try .json(try await daemon.plan(await daemon.board.ids)) },
            Route(.GET, "/v1/health", requires: .reader) { _ in try .json(HealthReport(health: await daemon.health.items)) },
            Route(.GET, "/v1/doctor", requires: .reader) { _ in try .json(await daemon.doctor.report()) },
            Route(.GET, "/v1/metrics", requires: .reader) { _ in
                let report = await daemon.status(isShort: true, limit: nil, after: nil)
                let metrics = Metrics(report, now: daemon.clock.now, readByteCount: daemon.readings.total)
                return .text(metrics.text, contentType: "text/plain; version=0.0.4")
            },
        ]
    }

    private var work: [Route] {
        [
            Route(.POST, "/v1/sync", requires: .member) { request in
                await daemon.rescan()
                await daemon.poll()
                return try await daemon.accept(.sync, on: await daemon.board.ids, of: request)
            },
            Route(.POST, "/v1/publish", requires: .changer) { request in
                guard try request.decode(PublishRequest.self).allHeld else {
                    throw ControlError(.badRequest, "no model is named", hint: "zooctl publish MODEL, or zooctl publish --all-held")
                }
                return try await daemon.accept(.publish(PublishWish(onlyLetsGo: true)), on: await daemon.brake.releaseAll(), of: request)
            },
            Route(.POST, "/v1/models/{id}/sync", requires: .member) { request in
                try await daemon.accept(.sync, of: request)
            },
            Route(.POST, "/v1/models/{id}/pull", requires: .member) { request in
                try await daemon.accept(.pull, of: request)
            },
            Route(.POST, "/v1/models/{id}/publish", requires: .member) { request in
                let id = try await model(request)
                let wish = try request.decode(PublishRequest.self)
                if wish.dryRun { return try .json(await daemon.publishPreview(of: id, wish)).asAnswerOnly() }
                try await daemon.checkMayPublish(wish, id, request)
                return try await daemon.accept(.publish(try await daemon.wish(wish, for: id)), on: [id], of: request)
            },
            Route(.POST, "/v1/models", requires: .member, verb: "add") { request in
                let (id, gist) = try await daemon.gists.place(try request.decode(AddRequest.self))
                return try await daemon.accept(.add(AddWish(gist: gist, by: request.peer.uid)), on: [id], of: request)
            },
            Route(.POST, "/v1/models/{id}/unpublish", requires: .member) { request in
                let id = try await model(request)
                guard try !request.decode(UnpublishRequest.self).dryRun else {
                    return try .json(await daemon.gists.unpublishPreview(of: id)).asAnswerOnly()
                }
                try await daemon.checkMayChange(id, "unpublish", request)
                return try await daemon.accept(.unpublish, on: [id], of: request)
            },
            Route(.POST, "/v1/models/{id}/forget", requires: .changer) { request in
                try .json(await daemon.gists.forget(try await model(request), by: request.peer.uid))
            },
            Route(.POST, "/v1/reload", requires: .changer) { _ in try .json(await daemon.reload()) },
        ]
    }

    private var jobs: [Route] {
        [
            Route(.GET, "/v1/jobs", requires: .reader) { request in
                var reports: [JobReport] = []
                for job in try await daemon.store.jobs(limit: 100) { reports.append(await report(job, for: request)) }
                return try .json(JobList(jobs: reports))
            },
            Route(.GET, "/v1/jobs/{job}", requires: .reader) { request in
                let id = try number(of: request)
                if let seconds = try request.seconds("wait") {
                    try await daemon.jobs.wait(for: id, until: daemon.clock.now.addingTimeInterval(min(seconds, 300)))
                }
                return try .json(await report(try await job(id), for: request))
            },
            Route(.DELETE, "/v1/jobs/{job}", requires: .member, verb: "cancel") { request in
                let id = try number(of: request)
                let job = try await job(id)
                let gate = daemon.configuration.gate
                guard gate.mayChange(whatIsOf: [job.uid], request.peer) else { throw gate.refusal(of: "cancel", to: request.peer) }
                guard let stopped = try await daemon.jobs.cancel(job.id) else {
                    var over = await report(try await self.job(id), for: request)
                    over.note = "was over before"
                    return try .json(over)
                }
                for model in stopped { await daemon.workshop.cancel(model) }
                await daemon.queue.mark(job.members.map(\.model))
                return try .json(await report(try await self.job(id), for: request))
            },
        ]
    }

    private var following: [Route] {
        [
            Route(.GET, "/v1/events", requires: .reader) { request in
                let newest = try await daemon.store.eventRange().newest
                var since = try request.number("since").map(Int64.init)
                if since == nil { since = max(0, newest - Int64(try request.number("last") ?? 0)) }
                let follows = request.query["follow"].map { $0 != "false" } ?? true
                return .lines(EventStream(after: since ?? newest, until: follows ? nil : newest, daemon: daemon).lines)
            }
        ]
    }

    private func model(_ request: ControlRequest) async throws(ControlError) -> ModelID {
        try await daemon.board.find(request.parameters["id"] ?? "")
    }

    private func number(of request: ControlRequest) throws(ControlError) -> Int64 {
        guard let id = Int64(request.parameters["job"] ?? "") else { throw noSuchJob(request.parameters["job"] ?? "") }
        return id
    }

    private func job(_ id: Int64) async throws -> StoredJob {
        guard let job = try await daemon.store.job(id) else { throw noSuchJob(String(id)) }
        return job
    }

    private func noSuchJob(_ text: String) -> ControlError { ControlError(.noSuchJob, "there is no job \(text)", hint: "zooctl jobs") }

    private func report(_ job: StoredJob, for request: ControlRequest) async -> JobReport {
        let only = job.members.count == 1 ? await daemon.board.shortID(job.members[0].model) : nil
        // A state that cannot be read says so elsewhere.
        let progress = (try? await daemon.progress(of: job)) ?? nil
        let isTheirs = daemon.configuration.gate.mayChange(whatIsOf: [job.uid], request.peer)
        let mayCancel = await daemon.jobs.mayCancel(job.id)
        return JobReport(job, model: only, progress, mayCancel: job.isOpen && isTheirs && mayCancel)
    }
}

extension ControlRequest {
    /// A number in the query; nil when the key is absent.
    func number(_ key: String) throws(ControlError) -> Int? {
        guard let text = query[key] else { return nil }
        guard let number = Int(text), number >= 0 else { throw ControlError(.badRequest, "\(key)= takes a whole number, not '\(text)'") }
        return number
    }

    /// `30s` or `30`; nil when the key is absent.
    func seconds(_ key: String) throws(ControlError) -> TimeInterval? {
        guard let text = query[key] else { return nil }
        guard let seconds = Double(text.hasSuffix("s") ? text.dropLast() : text[...]), seconds >= 0 else {
            throw ControlError(.badRequest, "\(key)= takes seconds, e.g. 30s, not '\(text)'")
        }
        return seconds
    }
}
