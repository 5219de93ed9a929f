import ControlProtocol
import Foundation
import ModelInfo
import SystemPackage
import ZooTestSupport

/// Files that rot, and files that people edit, in one zoo.
final class RotAndEditRun {
    struct Size {
        var seed: UInt64
        /// In each, every one of the files that rot is hit once.
        var rounds: Int
        /// Of files of their own, over all rounds.
        var edits: Int
    }

    private static let rotting = (0..<20).map { "rot\($0)" }
    /// More than the largest damage.
    private static let rottingByteCount = 1_200_000
    private static let editedByteCount = 20_000

    private let size: Size
    private let bench: BinaryBench
    private let edited: [String]
    private var chance: SeededGenerator
    private var edits: [String: OrdinaryEdit] = [:]
    private var lastEvent: Int64 = 0
    private(set) var problems: [String] = []
    private(set) var found = 0
    private(set) var repaired = 0

    init(_ size: Size) async throws {
        (self.size, chance, edited) = (size, SeededGenerator(seed: size.seed), (0..<size.edits).map { "edit\($0)" })
        bench = try await BinaryBench(["binaries": "{ parallel: 8, allow_addresses: [127.0.0.0/8], min_free: 1MiB }"])
        for (number, id) in Self.rotting.enumerated() {
            try bench.makeModel(id, serving: .generated(seed: 2000 + UInt64(number), byteCount: Self.rottingByteCount))
        }
        for (number, id) in edited.enumerated() { try bench.makeModel(id, serving: content(ofEdited: number)) }
    }

    private func content(ofEdited number: Int) -> FileContent {
        .generated(seed: 3000 + UInt64(number), byteCount: Self.editedByteCount)
    }

    func run() async throws {
        let daemon = try await RunningDaemon.start(in: bench.zoo)
        try await wait(daemon, "all are verified") { $0.allSatisfy { $0.value == .verified } }
        _ = try await events(daemon)
        for round in 0..<size.rounds {
            let hits = try rot(daemon)
            let share = size.edits * round / size.rounds..<size.edits * (round + 1) / size.rounds
            for number in share { try await edit(number) }
            try await verify(daemon, hits, "round \(round)")
        }
        try await compareEdits(daemon)
        if try bench.trash().count != size.rounds * Self.rotting.count { problems.append("\(try bench.trash().count) files in the trash") }
        if try await daemon.terminate().status != 0 { problems.append("zood did not end well") }
    }

    /// While zood stands still, so that it sees the disk before or after.
    private func rot(_ daemon: RunningDaemon) throws -> [String: FileRot] {
        daemon.send(SIGSTOP)
        defer { daemon.send(SIGCONT) }
        var hits: [String: FileRot] = [:]
        for id in Self.rotting {
            // As many small ones as large ones: 1 byte to 1 MiB.
            let count = chance.number(1...(1 << chance.number(0...20)))
            let start = chance.number(0...(Self.rottingByteCount - count))
            let damage: FileRot.Damage = count == 1 ? .bit(chance.number(0...7)) : chance.happens(percent: 50) ? .zeroed : .flipped
            let rot = FileRot(damage, in: start..<(start + count))
            try rot.hit(bench.zoo.path(bench.binary(id)))
            hits[id] = rot
        }
        return hits
    }

    private func edit(_ number: Int) async throws {
        let (id, edit) = (edited[number], OrdinaryEdit.all[number % OrdinaryEdit.all.count])
        let (twin, other) = (bench.zoo.directory.appending("twin-\(id)"), bench.zoo.directory.appending("other"))
        let bytes = try content(ofEdited: number).bytes(in: 0..<Self.editedByteCount)
        try Data(bytes).write(to: URL(filePath: twin.string))
        try Data(bytes.reversed()).write(to: URL(filePath: other.string))
        try await edit.make(bench.zoo.path(bench.binary(id)).string, twin: twin.string, other: other.string)
        edits[id] = edit
    }

    /// One pass over everything.
    private func verify(_ daemon: RunningDaemon, _ hits: [String: FileRot], _ round: String) async throws {
        _ = try await daemon.zooctl(["verify"], within: .seconds(300))
        try await wait(daemon, "\(round): what rotted is repaired") { states in
            states.allSatisfy { id, state in
                edits[id].map { state == ($0.keepsBytes ? .verified : .modified) } ?? (state == .verified)
            }
        }
        let events = try await events(daemon)
        for (id, rot) in hits.sorted(by: { $0.key < $1.key }) {
            let kinds = events.filter { $0.model == id }.map(\.kind)
            found += kinds.count { $0 == "binary-corrupt" }
            repaired += kinds.count { $0 == "binary-repaired" }
            if kinds.count(where: { $0 == "binary-corrupt" }) != 1 || kinds.count(where: { $0 == "binary-repaired" }) != 1 {
                problems.append("\(round): \(rot) of \(id) made \(kinds)")
            }
        }
        for id in edited {
            let unwanted = ["binary-corrupt", "binary-repaired"] + (edits[id]?.leavesGap == true ? [] : ["binary-fetching"])
            let wrong = events.filter { $0.model == id && unwanted.contains($0.kind) }
            if !wrong.isEmpty { problems.append("\(round): \(id) (\(edits[id]?.command ?? "not edited")): \(wrong.map(\.kind))") }
        }
        for (number, id) in Self.rotting.enumerated() {
            let content = FileContent.generated(seed: 2000 + UInt64(number), byteCount: Self.rottingByteCount)
            if try FileContent.file(bench.zoo.path(bench.binary(id))).digests() != content.digests() {
                problems.append("\(round): \(id) has other bytes")
            }
        }
    }

    private func compareEdits(_ daemon: RunningDaemon) async throws {
        for (id, edit) in edits.sorted(by: { $0.key < $1.key }) {
            let twin = try Data(contentsOf: URL(filePath: bench.zoo.directory.appending("twin-\(id)").string))
            if try bench.zoo.bytes(of: bench.binary(id)) != Array(twin) { problems.append("not as it was saved: \(edit.command)") }
            if !edit.leavesGap, bench.requests(id).count != 1 { problems.append("fetched again: \(edit.command)") }
        }
    }

    private func wait(_ daemon: RunningDaemon, _ expectation: String, isDone: ([String: BinaryState]) -> Bool) async throws {
        var last: [String: BinaryState] = [:]
        do {
            try await eventually(expectation, within: .seconds(90)) {
                let pairs = try await daemon.status().models.compactMap { model in model.binaries.first.map { (model.id, $0.state) } }
                last = Dictionary(uniqueKeysWithValues: pairs)
                return last.count == Self.rotting.count + edited.count && isDone(last)
            }
        } catch var failure as NotInTime {
            failure.situation = last.filter { $0.value != .verified }.sorted { $0.key < $1.key }
                .map { "\($0.key) \(edits[$0.key]?.command ?? ""): \($0.value)" }.joined(separator: "\n")
            throw failure
        }
    }

    /// What happened since the last time.
    private func events(_ daemon: RunningDaemon) async throws -> [EventRecord] {
        let lines = try await daemon.zooctl("events", "--since", String(lastEvent), "--json").standardOutput
        let events = try lines.split(separator: "\n").compactMap { line -> EventRecord? in
            if case .event(let event) = try ControlCoding.decode(EventLine.self, from: Array(line.utf8)) { event } else { nil }
        }
        lastEvent = events.last?.seq ?? lastEvent
        return events
    }
}
