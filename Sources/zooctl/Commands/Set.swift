import ArgumentParser
import ControlProtocol

struct Set: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Edit one key of a readme and leave every other byte as it is; needs no daemon.",
        discussion: """
            Example: zooctl set ./bvlc_alexnet license=unrestricted. KEY= without a value takes the key out. A key is edited where it \
            stands, in the block at the top or in the text; a new one goes below the last. What cannot be done safely is not done, and the \
            line to add by hand is printed.
            """)

    @Argument(help: ArgumentHelp("The model directory.", valueName: "dir"))
    var directory: String
    @Argument(help: ArgumentHelp("As 'gist_id=034c6ac3865563b69e60'.", valueName: "key=value"))
    var assignment: String
    @Flag(name: .customLong("add-block"), help: "If the readme has no block and no keys, put a block with this key at its top.")
    var addsBlock = false
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
        let (readme, isChanged) = try LocalModel(directory).set(parts[0], to: value, addsBlock: addsBlock)
        let report = SetReport(path: directory, readme: readme, key: parts[0], value: value, changed: isChanged)
        try global.output.print(report) { $0.text }
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

    /// For a person.
    var text: String {
        let news = value.map { "\(key) is now \(printable($0))" } ?? "\(key) is gone"
        return
            "\(printable(DiagnosticLines.path(readme, in: path))): \(changed ? news : "no change, \(value == nil ? "there is no \(key)" : "\(key) says so already")")\n"
    }
}
