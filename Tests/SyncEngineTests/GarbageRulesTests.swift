import Foundation
import ModelInfo
import Testing

@testable import SyncEngine

struct GarbageRulesTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let day: TimeInterval = 86_400

    private func item(_ id: String, _ reason: TrashReason, daysAgo: Double, bytes: Int64 = 10, zoo: String = "zoo") throws -> TrashItem {
        TrashItem(
            TrashRecord(
                item: id, model: model("net", zoo: zoo), file: try RelativePath("net.caffemodel"), name: try RelativePath("\(id)+net"),
                reason: reason, at: now.addingTimeInterval(-daysAgo * Self.day), byteCount: bytes))
    }

    private func went(_ inventory: GarbageInventory, outdated: Bool = false) -> [String] {
        GarbageRules.garbage(in: inventory, includesOutdated: outdated, now: now).map { garbage in
            let name: String =
                switch garbage.what {
                case .trash(let item): item.id
                case .download(let download): download.name.description
                case .versions(let versions): versions.model.path.description
                }
            return "\(name) \(garbage.reason.rawValue)"
        }
    }

    @Test func `of the trash goes what was there for its time, and old good files only when a person says so`() throws {
        let inventory = GarbageInventory(
            trash: [
                try item("young", .corrupt, daysAgo: 29.9), try item("old", .corrupt, daysAgo: 30),
                try item("older", .corrupt, daysAgo: 31),
                try item("good", .outdated, daysAgo: 400), try item("saved", .displaced, daysAgo: 4000),
                try item("found", .unknown, daysAgo: 4000),
            ], capacities: ["zoo": 1 << 40])
        #expect(went(inventory) == ["older expired", "old expired"])
        #expect(went(inventory, outdated: true) == ["good outdated", "older expired", "old expired"])
        #expect(GarbageRules.trash(in: inventory, now: now).map(\.reason) == [.expired, .expired])
    }

    @Test func `what is kept for a time takes a tenth of its zoo's file system at most, and the oldest goes first`() throws {
        var inventory = GarbageInventory(
            trash: [
                try item("a", .corrupt, daysAgo: 3, bytes: 40), try item("b", .corrupt, daysAgo: 2, bytes: 40),
                try item("c", .corrupt, daysAgo: 1, bytes: 40), try item("saved", .displaced, daysAgo: 9, bytes: 900),
                try item("good", .outdated, daysAgo: 9, bytes: 900), try item("found", .unknown, daysAgo: 9, bytes: 900),
                try item("d", .corrupt, daysAgo: 9, bytes: 90, zoo: "other"),
            ], capacities: ["zoo": 1000, "other": 1000])
        #expect(went(inventory) == ["a over-cap"])
        inventory.capacities["zoo"] = 1200
        #expect(went(inventory) == [])
        inventory.capacities["zoo"] = 300
        #expect(went(inventory) == ["a over-cap", "b over-cap", "c over-cap"])
        // Since yesterday nobody may have looked at it.
        inventory.trash.append(try item("e", .corrupt, daysAgo: 0.9, bytes: 900))
        #expect(went(inventory) == ["a over-cap", "b over-cap", "c over-cap"])
        // Where the system does not say how large it is, nothing is too much.
        inventory.capacities = [:]
        #expect(went(inventory) == [])
    }

    @Test func `downloads go a day after their last byte, when nobody goes on with them`() throws {
        func download(_ name: String, _ standing: StagedDownload.Standing, hoursAgo: Double = 25) throws -> StagedDownload {
            StagedDownload(
                zoo: "zoo", name: try RelativePath(name), model: nil, file: nil, standing: standing, byteCount: 1,
                modifiedAt: now.addingTimeInterval(-hoursAgo * 3600))
        }
        let downloads = [
            try download("a", .vanished), try download("b", .changed), try download("c", .stray), try download("d", .wanted),
            try download("e", .vanished, hoursAgo: 23), try download("f", .stray, hoursAgo: -1),
        ]
        #expect(went(GarbageInventory(downloads: downloads)) == ["a vanished", "b changed", "c stray"])
    }
}
