import Foundation
import Synchronization
import Testing
import ZooTestSupport

/// Each way in which GitHub or the way to it may fail, on each kind of call: in the end both sides are the same, nothing is done twice, and
/// nothing is asked while GitHub wants to be left alone.
struct GistFaultMatrixTests {
    enum Call: String, CaseIterable { case update, read, list }

    @Test(arguments: Call.allCases)
    func `whatever fails in a call, both sides are the same in the end, and nothing is done twice`(call: Call) async throws {
        try await GistGitHubScene.with { scene in
            try scene.makeModel("tiny")
            let daemon = try await RunningDaemon.start(in: scene.zoo)
            let id = try #require(try await daemon.waitUntilInSync().gist.id).description
            for (number, (name, fault)) in Fault.ofAPIs(retryAfter: 1).enumerated() {
                let revisions = try #require(scene.github.gist(id)).revisions.count
                let (writes, requests) = (scene.writeCounts["PATCH"] ?? 0, scene.github.requests.count)
                let path = call == .list ? "/gists" : "/gists/\(id)"
                scene.github.inject(fault, on: (call == .update ? RequestPattern.patch : .get).and(.path(path)))
                let line = "Line \(number) of \(call.rawValue)."
                if call == .update {
                    try scene.edit("tiny", line)
                } else {
                    let text = try #require(try scene.zoo.text(of: "tiny/readme.md"))
                    scene.github.push(text + line + "\n", as: "readme.md", to: id)
                }
                let asked = Mutex(0)
                try await eventually("\(name): both sides hold the line", within: .seconds(30)) {
                    asked.withLock { $0 += 1 }
                    switch call {
                    case .update: _ = try await daemon.zooctl("sync", "tiny")
                    case .read: _ = try await daemon.zooctl("pull", "tiny")
                    case .list: _ = try await daemon.zooctl("sync")
                    }
                    let here = try scene.zoo.text(of: "tiny/readme.md")
                    return here?.contains(line) == true && scene.github.gist(id)?.text("readme.md") == here
                }
                try await daemon.waitUntilInSync()
                scene.github.clearFaults()
                #expect(scene.github.gist(id)?.revisions.count == revisions + 1, "\(name)")
                if call != .update { #expect(scene.writeCounts["PATCH"] ?? 0 == writes, "\(name)") }
                // A few for each time that somebody asked, and nothing beside.
                #expect(scene.github.requests.count - requests <= 8 + 3 * asked.withLock { $0 }, "\(name)")
            }
            for refusal in scene.github.requests.all.filter({ [403, 429].contains($0.status) }) {
                let next = scene.github.requests.all.first { $0.number > refusal.number }
                #expect(next.map { $0.receivedAt - refusal.receivedAt >= .seconds(1) } ?? true)
            }
            #expect(scene.writeCounts["POST"] == 1)
            #expect(try await daemon.terminate().status == 0)
        }
    }
}
