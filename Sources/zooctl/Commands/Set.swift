import ArgumentParser
import ControlProtocol

struct Set: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Edit one key of a readme and leave every other byte as it is; needs no daemon.",
        discussion: "Example: zooctl set ./bvlc_alexnet license=unrestricted. KEY= without a value takes the key out.")

    @Argument(help: ArgumentHelp("The model directory.", valueName: "dir"))
    var directory: String
    @Argument(help: ArgumentHelp("As 'gist_id=034c6ac3865563b69e60'.", valueName: "key=value"))
    var assignment: String
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard let mark = assignment.firstIndex(of: "="), mark > assignment.startIndex else {
            throw ValidationError("'\(printable(assignment))' is not KEY=VALUE")
        }
        guard !assignment.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            throw ValidationError("a value is one line, without control characters")
        }
    }

    func run() async throws {
        let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = parts[1].allSatisfy(\.isWhitespace) ? nil : parts[1]
        let (readme, isChanged) = try LocalModel(directory).set(parts[0], to: value)
        let report = SetReport(path: directory, readme: readme, key: parts[0], value: value, changed: isChanged)
        try global.output.print(report) { report in
            let file = printable("\(report.path)/\(report.readme)")
            return
                "\(file): \(report.changed ? report.value.map { "\(report.key) is now \(printable($0))" } ?? "\(report.key) is gone" : "no change")\n"
        }
    }
}

/// What `zooctl set --json` prints.
struct SetReport: Encodable {
    private(set) var schema = "zood.set/1"
    let path: String
    let readme: String
    let key: String
    /// Nil when the key was taken out.
    let value: String?
    let changed: Bool
}
