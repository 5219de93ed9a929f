import Foundation
import ModelInfo
import Planning
import SystemPackage
import Testing
import ZooTestSupport

@testable import SyncEngine

struct JobsTests {
    let clock = ManualClock()
    let a = model("a")
    let b = model("b")

    private func withDesk(_ body: (JobDesk, StateStore, FilePath) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let store = try StateStore(directory: directory, now: clock.now)
            try await body(JobDesk(store: store, clock: clock), store, directory)
        }
    }

    /// A model that is not there: every goal fails.
    private func judge(_ desk: JobDesk, _ id: ModelID) async throws {
        let view = ModelView(id: id, disk: .absent, goals: await desk.goals(of: id))
        try await desk.judge(plan(view, policy: Policy(), now: clock.now), view)
    }

    @Test func `open jobs are taken up again after a restart, ended ones are not`() async throws {
        try await withDesk { desk, store, directory in
            let wish = Goal.Kind.publish(PublishWish(isPublic: true, replacesID: true))
            let open = try await desk.start(wish, models: [b, a], uid: .max)
            let half = try await desk.start(.verify, models: [a, b], uid: 0)
            let done = try await desk.start(.fetch, models: [a], uid: 0)
            _ = try await store.endJob(half.id, for: .init(model: a, state: .done), at: clock.now)
            _ = try await store.endJob(
                done.id, for: .init(model: a, state: .failed, failure: .noSpace, note: "full"), at: clock.now)
            let again = try StateStore(directory: directory, now: clock.now)
            let desk = try await JobDesk(store: again, clock: clock)
            #expect(await desk.goals(of: a).map(\.kind) == [wish])
            #expect(await desk.goals(of: b).map(\.kind) == [wish, .verify])
            #expect(await desk.goals(of: a).first?.requestedAt == clock.now)
            #expect(try await again.job(open.id) == open)
            #expect(open.uid == .max && open.members.map(\.model) == [a, b])
            let ended = try await again.job(done.id)
            #expect(ended?.state == .failed && ended?.finishedAt == clock.now)
            #expect(ended?.members.first?.failure == .noSpace && ended?.members.first?.note == "full")
            #expect(try await again.jobs(limit: 2).map(\.id) == [done.id, half.id])
        }
    }

    @Test func `a job is over with its last model, and as bad as its worst`() async throws {
        try await withDesk { desk, store, _ in
            let job = try await desk.start(.sync, models: [a, b], uid: 0)
            #expect(
                try await store.endJob(job.id, for: .init(model: a, state: .failed, failure: .network, note: "n"), at: clock.now) == nil,
                "it goes on for the other")
            #expect(try await store.endJob(job.id, for: .init(model: b, state: .done), at: clock.now)?.state == .failed)
            #expect(try await desk.start(.sync, models: [], uid: 0).state == .done)
            let cancelled = try await desk.start(.sync, models: [a, b], uid: 0)
            _ = try await store.endJob(cancelled.id, for: .init(model: a, state: .cancelled), at: clock.now)
            #expect(try await store.endJob(cancelled.id, for: .init(model: b, state: .done), at: clock.now)?.state == .cancelled)
        }
    }

    @Test func `how a job ended for a model is said once`() async throws {
        try await withDesk { desk, store, _ in
            let job = try await desk.start(.sync, models: [a, b], uid: 0)
            _ = try await store.endJob(job.id, for: .init(model: a, state: .done), at: clock.now)
            #expect(try await store.endJob(job.id, for: .init(model: a, state: .cancelled), at: clock.now) == nil)
            #expect(try await store.job(job.id)?.members.first?.state == .done)
        }
    }

    @Test func `a goal that came during the pass is judged after the next`() async throws {
        try await withDesk { desk, store, _ in
            let first = try await desk.start(.sync, models: [a], uid: 0)
            let view = ModelView(id: a, disk: .absent, goals: await desk.goals(of: a))
            let second = try await desk.start(.sync, models: [a], uid: 0)
            try await desk.judge(plan(view, policy: Policy(), now: clock.now), view)
            #expect(try await store.job(first.id)?.isOpen == false)
            #expect(try await store.job(second.id)?.isOpen == true)
            try await judge(desk, a)
            #expect(try await store.job(second.id)?.isOpen == false)
            #expect(await desk.goals(of: a).isEmpty)
        }
    }

    @Test func `a model that is gone fails its jobs, cancelling ends them for every model`() async throws {
        try await withDesk { desk, store, _ in
            let job = try await desk.start(.fetch, models: [a, b], uid: 0)
            try await desk.lose(a, wasLookedAt: true)
            #expect(try await store.job(job.id)?.members.map(\.state) == [.failed, .running])
            #expect(try await desk.cancel(job.id) == [b])
            let ended = try await store.job(job.id)
            #expect(ended?.state == .cancelled && ended?.members.first?.failure == .noSuchModel)
            #expect(try await desk.cancel(job.id) == nil)
            #expect(try await desk.cancel(999) == nil)
        }
    }

    @Test func `waiting ends with the job, for everybody who waits`() async throws {
        try await withDesk { desk, store, _ in
            let job = try await desk.start(.sync, models: [a], uid: 0)
            let deadline = clock.now.addingTimeInterval(60)
            async let first: Void = desk.wait(for: job.id, until: deadline)
            async let second: Void = desk.wait(for: job.id, until: deadline)
            try await eventually("two wait") { await desk.waiterCount(of: job.id) == 2 }
            try await judge(desk, a)
            try await first
            try await second
            #expect(try await store.job(job.id)?.isOpen == false)
            try await desk.wait(for: job.id, until: deadline)
            try await desk.wait(for: 999, until: deadline)
            try await eventually("no alarm is left") { clock.alarms.isEmpty }
        }
    }

    @Test func `waiting ends at its deadline, and by cancelling, and the job goes on`() async throws {
        try await withDesk { desk, store, _ in
            let job = try await desk.start(.sync, models: [a], uid: 0)
            async let waiting: Void = desk.wait(for: job.id, until: clock.now.addingTimeInterval(60))
            try await eventually("one waits") { await desk.waiterCount(of: job.id) == 1 }
            try await eventually("its alarm is set") { clock.alarms.count == 1 }
            clock.advance(by: 60)
            try await waiting
            let task = Task { try await desk.wait(for: job.id, until: .distantFuture) }
            try await eventually("one waits") { await desk.waiterCount(of: job.id) == 1 }
            task.cancel()
            try await task.value
            try await desk.wait(for: job.id, until: clock.now)
            #expect(await desk.waiterCount(of: job.id) == 0)
            #expect(try await store.job(job.id)?.isOpen == true)
        }
    }

    @Test func `who waits while a job ends sees that it has ended`() async throws {
        try await withDesk { desk, store, _ in
            for _ in 0..<100 {
                let job = try await desk.start(.sync, models: [a], uid: 0)
                async let ending: Void = judge(desk, a)
                try await desk.wait(for: job.id, until: .distantFuture)
                #expect(try await store.job(job.id)?.isOpen == false)
                try await ending
            }
        }
    }
}
