import Foundation
import ZooTestSupport

extension TwoZoodsRun {
    /// What is not as it has to be in the end, in words. Both zoods have been stopped.
    func faultsFound() throws -> [String] {
        var found = try differences()
        let gists = github.gists().filter { $0.owner == Self.account }
        if gists.count != size.gists || Set(gists.map(\.id)) != Set(gistIDs.values) {
            found.append("\(size.gists) models have \(gists.count) gists")
        }
        let missing = try lines.sought.subtracting(foundSerials())
        if !missing.isEmpty { found.append("\(missing.count) lines are nowhere: \(words(missing))") }
        let vanished = try lines.sought.subtracting(standingSerials()).filter { !disputed.contains(lines.model(of: $0)) }
        if !vanished.isEmpty { found.append("\(vanished.count) lines stand nowhere any more, and nobody decided so: \(words(vanished))") }
        found += faults.requestsWhileLimited().map { "asked while told to wait: request \($0.number), \($0.method) \($0.target)" }
        for side in sides {
            for model in models {
                found += try side.fileNames(of: model).filter { $0.hasPrefix(".") }.map { "left in \(side.name): \(model)/\($0)" }
            }
        }
        return found
    }

    /// Serials in files, in kept versions, in revisions.
    private func foundSerials() throws -> Set<Int> {
        var found = try standingSerials()
        for side in sides { found.formUnion(try side.keptSerials()) }
        for gist in github.gists() {
            for bytes in gist.revisions.flatMap(\.files.values) { found.formUnion(SavedLines.serials(in: bytes)) }
        }
        return found
    }

    private func standingSerials() throws -> Set<Int> {
        var found: Set<Int> = []
        for side in sides {
            for model in models {
                for bytes in try side.files(of: model).values { found.formUnion(SavedLines.serials(in: bytes)) }
            }
        }
        return found
    }

    private func words(_ serials: Set<Int>) -> String {
        serials.sorted().prefix(20).map { "\($0) (\(lines.origins[$0] ?? ""))" }.joined(separator: ", ")
    }

    /// One line about what happened.
    func summary(_ duration: Duration) throws -> String {
        let inHistory = try lines.sought.subtracting(standingSerials())
        let writes = github.requests.all.count { $0.method != "GET" }
        let kills = sides.map(\.kills).reduce(0, +)
        let crashes = sides.map(\.crashes).reduce(0, +)
        return """
            two zoods: seed \(size.seed), \(size.gists) gists, \(size.steps) steps, \(github.requests.count) requests (\(writes) writes), \
            \(faults.met) faults, \(kills) kills, \(crashes) crash points, \(conflicts) conflicts ended \
            (\(models.count - disputed.count) models without any), \(lines.count) lines \
            (\(inHistory.count) only in versions or revisions), \(duration.components.seconds) s
            """
    }

    /// Copies both zoos, states and logs, and all revisions of the gists, before they are removed.
    /// - Returns: Where they are.
    func keep() async throws -> String {
        let place = FileManager.default.temporaryDirectory.appending(path: "two-zoods-\(size.seed)-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for side in sides {
            let target = place.appending(path: side.name).path
            _ = try await ProgramRun.run("cp", ["--archive", side.zoo.directory.string, target])
        }
        for (model, id) in gistIDs {
            for (number, revision) in (github.gist(id)?.revisions ?? []).enumerated() {
                let directory = place.appending(path: "gists/\(model)/\(number)-\(revision.version.prefix(8))-\(revision.author)")
                try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
                for (name, bytes) in revision.files { try Data(bytes).write(to: directory.appending(path: name)) }
            }
        }
        let start = github.requests.all.first?.receivedAt ?? .now
        let log = github.requests.all.map { request in
            let who = (request.header("user-agent") ?? "").suffix(8)
            return "\(request.receivedAt - start) \(who) \(request.method) \(request.target) \(request.status.map(String.init) ?? "-")\n"
        }
        try Data(log.joined().utf8).write(to: place.appending(path: "requests"))
        return place.path
    }
}
