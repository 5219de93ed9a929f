import ControlProtocol
import FoundationEssentials

/// What `zooctl gc` prints: a table of what went, or would go, why and how much that is, and the sum.
struct GarbagePage {
    let report: GarbageReport
    let style: Style
    let now: Date

    var text: String {
        guard !report.items.isEmpty else { return "nothing to remove\n" }
        var table = Table(columns: [
            .init(title: "WHAT"), .init(title: "MODEL"), .init(title: "NAME"), .init(title: "WHY"), .init(title: "SINCE"),
            .init(title: "SIZE", isNumber: true),
        ])
        table.rows = report.items.map { item in
            [
                .init(item.kind), .init(item.model ?? "-"), .init(item.name), .init(Self.words(item.reason)),
                .init(Units.relative(item.since, to: now)), .init(Units.bytes(item.byteCount)),
            ]
        }
        let problems = report.items.compactMap { item in
            item.problem.map { "\(printable(item.name)) is still there: \(printable($0))\n" }
        }
        let command = "zooctl gc" + (report.items.contains { $0.reason == "outdated" } ? " --outdated" : "")
        let sum = "\(Units.bytes(report.byteCount)) \(report.dryRun ? "would be freed; to do it: \(command)" : "freed")\n"
        return table.text(style) + problems.joined() + sum
    }

    private static func words(_ reason: String) -> String {
        switch reason {
        case "expired": "kept long enough"
        case "over-cap": "too much in the trash"
        case "outdated": "another checksum is wanted"
        case "vanished": "its model is gone"
        case "changed": "its readme says something else"
        case "stray": "nothing is known of it"
        case "surplus": "newer ones fill the bounds"
        default: reason
        }
    }
}
