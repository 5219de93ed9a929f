import Foundation
import Planning
import Testing
import ZooTestSupport

@testable import SyncEngine

/// Each way in which GitHub may fail, on the calls that make and delete, and silence on every call. The minutes that zood waits then
/// are simulated; `GistFaultMatrixTests` has the real process.
struct SimulatedFaultTests {
    /// Limits last so long: far beyond what anything else waits for, in seconds.
    private static let limit = 7200

    /// Those that end by themselves, and those that zood has to end.
    enum Faults: CaseIterable {
        case ending, stalling

        var all: [(name: String, fault: Fault)] { self == .ending ? Fault.ofAPIs(retryAfter: limit) : Fault.stalls }
        /// In real time; what it is too short for on a busy machine is one more stall.
        var deadline: Duration { self == .ending ? .seconds(20) : .milliseconds(1500) }
        var fewRequests: Int { self == .ending ? 10 : 20 }
    }

    @Test(arguments: Faults.allCases)
    func `however the making of a gist fails, one gist stands in the end, by few requests and none while limited`(faults: Faults)
        async throws
    {
        try await SimulatedZoo.with(deadline: faults.deadline) { zoo in
            for (number, (name, fault)) in faults.all.enumerated() {
                let (model, asked) = ("m\(number)", zoo.github.requests.count)
                zoo.github.inject(fault, on: .post)
                try await zoo.makeModel(model)
                try await zoo.live(until: "\(name): in sync", atMost: 4 * 3600) { try await zoo.isInSync(model) }
                let made = zoo.github.gists().filter { $0.description?.hasPrefix("\(model) net [zood:") == true }
                #expect(made.count == 1, "\(name)")
                #expect(try await made.map(\.id) == [zoo.gist(of: model)?.id], "\(name)")
                #expect(made.first?.revisions.count == 2, "\(name)")
                let requests = zoo.github.requests.all.dropFirst(asked)
                #expect(requests.count { $0.method == "POST" } <= 2, "\(name)")
                #expect(requests.count <= faults.fewRequests, "\(name): \(requests.map { "\($0.method) \($0.target)" })")
            }
            if faults == .ending { zoo.expectSilence(afterLimitsOf: Self.limit) }
            #expect(zoo.github.gists().count == faults.all.count)
        }
    }

    @Test(arguments: Faults.allCases)
    func `however the deletion of a gist fails, it is gone in the end, said once, and its id has left the readme`(faults: Faults)
        async throws
    {
        try await SimulatedZoo.with(deadline: faults.deadline) { zoo in
            for (number, (name, fault)) in faults.all.enumerated() {
                let model = "m\(number)"
                try await zoo.makeModel(model)
                try await zoo.live(until: "published", atMost: 60) { try await zoo.isInSync(model) }
                let gist = try #require(try await zoo.gist(of: model)?.id)
                let asked = zoo.github.requests.count
                zoo.github.inject(fault, on: .delete)
                // A refusal ends the job; whoever meant it asks again.
                var tries = 0
                while tries < 6, try zoo.github.gist(gist) != nil || zoo.rooms.text(of: "\(model)/readme.md").contains("gist_id") {
                    tries += 1
                    // Who asks again does so later than what failed before.
                    if tries > 1 { try await zoo.live(for: 60) }
                    try await zoo.ask(.unpublish, for: model)
                    try await zoo.live(until: "\(name): the job is over", atMost: 4 * 3600) { try await zoo.isIdle(model) }
                }
                #expect(zoo.github.gist(gist) == nil, "\(name)")
                #expect(try !zoo.rooms.text(of: "\(model)/readme.md").contains("gist_id"), "\(name)")
                #expect(try await zoo.verdict(on: model)?.state == .unpublished, "\(name)")
                let events = try await zoo.rooms.store.events(after: 0, limit: 1000, of: zoo.rooms.id(model))
                #expect(events.count { $0.event.kind == EventKind.gistDeleted.rawValue } == 1, "\(name)")
                let requests = zoo.github.requests.all.dropFirst(asked)
                #expect(
                    requests.count { $0.method == "DELETE" } <= 3 && requests.count <= faults.fewRequests,
                    "\(name): \(requests.map(\.method))")
            }
            if faults == .ending { zoo.expectSilence(afterLimitsOf: Self.limit) }
            #expect(zoo.github.gists().isEmpty)
        }
    }

    @Test(arguments: [600, 3 * 86_400.0])
    func `a clock that is ahead of GitHub's makes no second gist of an answer that is lost`(lead: TimeInterval) async throws {
        try await SimulatedZoo.with(ahead: lead) { zoo in
            zoo.github.inject(.hangUpAfterHandling, on: .post)
            try await zoo.makeModel("net")
            try await zoo.live(until: "in sync", atMost: 3600) { try await zoo.isInSync("net") }
            #expect(zoo.github.requests.requests("POST").count == 1 && zoo.github.gists().count == 1)
        }
    }

    enum Call: String, CaseIterable { case update, read, list }

    @Test(arguments: Call.allCases)
    func `a host that falls silent in a call is given up after a while, and both sides are the same in the end`(call: Call) async throws {
        try await SimulatedZoo.with(isPolling: true, deadline: .milliseconds(1500)) { zoo in
            try await zoo.makeModel("net")
            try await zoo.live(until: "published", atMost: 60) { try await zoo.isInSync("net") }
            let gist = try #require(try await zoo.gist(of: "net")).id
            for (name, fault) in Fault.stalls {
                let revisions = try #require(zoo.github.gist(gist)).revisions.count
                let asked = zoo.github.requests.count
                let path = call == .list ? "/gists" : "/gists/\(gist)"
                zoo.github.inject(fault, on: (call == .update ? RequestPattern.patch : .get).and(.path(path)))
                switch call {
                case .update: try await zoo.edit("net", adding: "\(name).")
                case .read, .list:
                    let text = try zoo.rooms.text(of: "net/readme.md")
                    zoo.github.push(text + "\(name).\n", as: "readme.md", to: gist, by: "ann")
                    if call == .read { try await zoo.ask(.pull, for: "net") }
                }
                try await zoo.live(until: "\(name): both have the line", atMost: 4 * 3600) {
                    try await zoo.isInSync("net") && zoo.rooms.text(of: "net/readme.md").hasSuffix("\(name).\n")
                }
                #expect(zoo.github.gist(gist)?.revisions.count == revisions + 1, "\(name)")
                let requests = zoo.github.requests.all.dropFirst(asked)
                #expect(requests.count <= 20, "\(name): \(requests.map { "\($0.method) \($0.target)" })")
                zoo.github.clearFaults()
            }
            #expect(zoo.github.requests.requests("POST").count == 1)
        }
    }
}

extension SimulatedZoo {
    /// Nothing was asked before a limit was over.
    func expectSilence(afterLimitsOf seconds: Int) {
        let all = github.requests.all
        for (index, refusal) in all.enumerated().dropLast() where [403, 429].contains(refusal.status) {
            let wait = all[index + 1].time.timeIntervalSince(refusal.time)
            #expect(wait >= TimeInterval(seconds), "\(refusal.method): asked again after \(wait) s")
        }
        #expect(all.contains { [403, 429].contains($0.status) })
    }
}
