import ControlProtocol
import Foundation
import ModelInfo
import Synchronization
import SystemPackage
import ZooTestSupport

/// One zood and a model for each fault, all at once. What goes wrong is collected in words.
final class DownloadFaultRun: Sendable {
    struct Case: Sendable {
        let id: String
        let fault: DownloadFault
        let content: FileContent
        /// Its own, since trouble that is a host's is every file's there.
        let host: LoopbackFileHost

        var file: String { "\(id).bin" }
        /// How often its file was asked for.
        var requestCount: Int { host.requests.requests("GET", path: "/" + file).count }
    }

    let cases: [Case]
    private let bench: BinaryBench
    private let elsewhere: LoopbackFileHost
    private let watch: FinalNameWatch
    private let troubles: OtherTroubles
    private let found = Mutex<[String]>([])
    private let start = ContinuousClock.now

    /// Makes the models, and everything that will go wrong.
    /// - Parameter isLasting: Whether the last fault of each goes on until ``endFaults()``; otherwise each meets one request.
    init(_ faults: [DownloadFault], isLasting: Bool) async throws {
        elsewhere = try await LoopbackFileHost.start(address: "127.0.0.2")
        troubles = try await OtherTroubles()
        bench = try await BinaryBench([
            "binaries": "{ parallel: 16, connections: 16, allow_addresses: [127.0.0.0/8], min_free: 1MiB }",
            "network": "{ ca_file: \(troubles.caFile) }",
        ])
        var cases: [Case] = []
        for (number, fault) in faults.enumerated() {
            let content = FileContent.generated(seed: 1000 + UInt64(number), byteCount: DownloadFault.byteCount)
            cases.append(Case(id: "f\(number)", fault: fault, content: content, host: try await LoopbackFileHost.start()))
        }
        self.cases = cases
        var rights: [FilePath: Set<SHA1Digest>] = [:]
        for each in cases { rights[bench.zoo.path(bench.binary(each.id))] = [try each.content.digests().sha1] }
        watch = FinalNameWatch(rights)
        for each in cases { try await make(each, isLasting) }
    }

    private func make(_ each: Case, _ isLasting: Bool) async throws {
        let place = DownloadFault.Place(path: "/" + each.file, elsewhere: elsewhere.serve(each.content, at: each.file))
        let faults = each.fault.answers(at: place) ?? []
        for (number, fault) in faults.enumerated() {
            var pattern = RequestPattern.path(place.path)
            // To a whole file it would be no answer at all.
            if case .rangeNotSatisfiable = fault { pattern = pattern.and(.ranged) }
            each.host.inject(fault, on: pattern, times: number + 1 == faults.count && isLasting ? .max : 1)
        }
        let etag = each.fault.etag
        each.host.serve(ServedFile(each.content, etag: etag, lastModified: etag == .none ? nil : .distantPast), at: each.file)
        let other = try await troubles.url(of: each.fault.cause, each.file, each.content, plain: place.elsewhere)
        try makeModel(each, url: other ?? each.host.url(each.file))
    }

    private func makeModel(_ each: Case, url: String) throws {
        try bench.zoo.makeModel(
            each.id, ReadmeText(url: url, sha1: each.content.digests().sha1), files: ["deploy.prototxt": TemporaryZoo.prototxt])
    }

    // While it lasts.

    /// Waits until every model has the word that its fault has to end in.
    func waitForEnds(_ daemon: RunningDaemon) async {
        // Once is enough: a host that is left alone for a while is told of in other words.
        var others = cases
        var last: [String] = []
        do {
            try await eventually("every fault has its word", within: .seconds(60)) {
                let binaries = try await self.binaries(daemon)
                others.removeAll { $0.fault.end.isSeen(in: binaries[$0.id]) }
                last = others.map { self.words($0, binaries[$0.id]) }
                return others.isEmpty
            }
        } catch { report(last.isEmpty ? ["\(error)"] : last) }
    }

    /// What a person gets who asks for each, three times where the bytes are wrong: nobody is asked more often than that.
    func ask(_ daemon: RunningDaemon) async throws {
        try await inParallel(cases) { each in
            guard let code = each.fault.exitCode else { return }
            for _ in 1...(code == 7 ? 3 : 1) {
                let result = try await daemon.zooctl("fetch", each.id)
                if result.status != code { self.report(["\(each.fault.name): fetch ended with \(result.status): \(result.standardError)"]) }
            }
        }
        let elapsed = (ContinuousClock.now - start).components.seconds
        for each in cases {
            let asked = each.fault.isLimit ? 0 : each.fault.exitCode == 7 ? 3 : 1
            let allowed = requests(tries: asked + automaticTries(of: each.fault, in: elapsed), each.fault)
            let count = each.requestCount
            if count > allowed { report(["\(each.fault.name): \(count) requests in \(elapsed) s, \(allowed) would do"]) }
        }
    }

    /// After 2 s, 4 s, 8 s …
    private func automaticTries(of fault: DownloadFault, in seconds: Int64) -> Int {
        fault.isGivenUp ? 1 : 1 + Int(log2(Double(seconds) / 2 + 1))
    }

    private func requests(tries: Int, _ fault: DownloadFault) -> Int { tries * fault.requestsPerTry }

    // After it.

    /// From now on everything is well.
    func endFaults(_ daemon: RunningDaemon) async throws {
        for each in cases { each.host.clearFaults() }
        try await troubles.end()
        for each in cases where each.fault.exitCode == nil {
            _ = try await daemon.zooctl("fetch", each.id, "--no-wait")
            guard let job = try await daemon.client.send(.jobs).jobs.first(where: { $0.model == each.id && $0.state == .running }) else {
                report(["\(each.fault.name): no job"])
                continue
            }
            if try await daemon.zooctl("cancel", job.id).status != 0 { report(["\(each.fault.name): cannot be cancelled"]) }
            try await daemon.waitForBinary(.missing, of: each.id)
        }
        for each in cases {
            if case .noSuchName = each.fault.cause { try makeModel(each, url: each.host.url(each.file)) }
        }
    }

    /// Asks for each until it is there; of a host that is to be left alone, that it is left alone.
    /// - Parameter limit: How often at most.
    func fetchAll(_ daemon: RunningDaemon, asking limit: Int) async throws {
        try await inParallel(cases) { each in
            let before = each.requestCount
            var said: [String] = []
            for asked in 1...limit {
                let result = try await daemon.zooctl("fetch", each.id)
                if each.fault.isLimit, result.status == 10, each.requestCount == before { return }
                if result.status == 0 {
                    let elapsed = (ContinuousClock.now - self.start).components.seconds
                    // A part, and the whole where the part was none; redirects of faults that meet one request each.
                    let allowed = 3 * (asked + self.automaticTries(of: each.fault, in: elapsed))
                    let count = each.requestCount - before
                    if count > allowed { self.report(["\(each.fault.name): \(count) requests, \(allowed) would do"]) }
                    return
                }
                said.append("\(result.status): \(result.standardError)")
                if ![7, 8, 10].contains(result.status) { break }
            }
            self.report(["\(each.fault.name): not there when it was over: \(said.joined(separator: " | "))"])
        }
    }

    /// Runs zood, and `work` with it.
    /// - Returns: Everything that was not as it has to be, in words.
    func faultsFound(_ work: (RunningDaemon) async throws -> Void) async throws -> [String] {
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        do {
            try await eventually("every model is known") { try await self.binaries(daemon).count == cases.count }
            try await work(daemon)
        } catch { report(["\(error)"]) }
        let binaries = try await binaries(daemon)
        let due = cases.filter { !$0.fault.isLimit }
        report(due.filter { binaries[$0.id]?.state != .verified }.map { "in the end " + words($0, binaries[$0.id]) })
        if try await daemon.terminate().status != 0 { report(["zood did not end well: \(daemon.log.suffix(2000))"]) }
        report(watch.finish())
        if watch.found != due.count { report(["\(watch.found) of \(due.count) files were ever seen"]) }
        // Begun, and not to be asked for yet.
        if bench.kept("downloads").count > cases.count - due.count { report(["left in staging: \(bench.kept("downloads"))"]) }
        return found.withLock { $0 }
    }

    /// One line about what happened.
    func summary(_ kind: String) -> String {
        let requests = cases.map(\.requestCount).reduce(0, +)
        return "\(kind): \(cases.count) models, \(requests) requests, \((ContinuousClock.now - start).components.seconds) s"
    }

    private func report(_ problems: [String]) { found.withLock { $0 += problems } }

    private func binaries(_ daemon: RunningDaemon) async throws -> [String: BinaryStatus] {
        let pairs = try await daemon.status().models.compactMap { model in model.binaries.first.map { (model.id, $0) } }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private func words(_ each: Case, _ binary: BinaryStatus?) -> String {
        "\(each.fault.name) is \(binary?.state.rawValue ?? "unknown") (\(binary?.note ?? "")), not \(each.fault.end)"
    }

    /// A few at a time.
    private func inParallel(_ cases: [Case], _ body: @escaping @Sendable (Case) async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            for first in 0..<4 {
                group.addTask { for number in stride(from: first, to: cases.count, by: 4) { try await body(cases[number]) } }
            }
            try await group.waitForAll()
        }
    }
}

extension DownloadFault.End {
    func isSeen(in binary: BinaryStatus?) -> Bool {
        guard let binary else { return false }
        let note = binary.note ?? ""
        return switch self {
        case .verified: binary.state == .verified
        case .fetching: binary.state == .fetching
        case .failed(let words): binary.state == .failed && (words.isEmpty ? !note.isEmpty : note.contains(words))
        case .mismatch(let words): binary.state == .mismatch && note.contains(words)
        case .blocked(let words): binary.state == .blocked && note.contains(words)
        }
    }
}
