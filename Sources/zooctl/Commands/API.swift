import ArgumentParser
import ControlProtocol

struct API: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api", abstract: "Send any request to the daemon and print its answer.",
        discussion: "Example: zooctl api GET /v1/status. Answers with a status of 400 or more end with the code of their error.")

    @Argument(help: ArgumentHelp("GET, POST or DELETE.", valueName: "method"))
    var method: String
    @Argument(help: ArgumentHelp("Path and query, as /v1/models/vision%2Falexnet.", valueName: "path"))
    var path: String
    @Option(help: ArgumentHelp("The body to send.", valueName: "json"))
    var body: String?
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ValidationError("PATH begins with / and has no blanks or other characters that a URL must encode")
        }
        guard !method.isEmpty, method.utf8.allSatisfy({ 0x41...0x5A ~= $0 & 0xDF }) else {
            throw ValidationError("METHOD is a word such as GET")
        }
    }

    func run() async throws {
        let answer = try await global.client.exchange(method.uppercased(), path, body: body.map { Array($0.utf8) }, deadline: .seconds(60))
        let text = String(decoding: answer.body, as: UTF8.self)
        Output.standardOutput(text.hasSuffix("\n") || text.isEmpty ? text : text + "\n")
        guard answer.status >= 400 else { return }
        let envelope = try? ControlCoding.decode(ErrorEnvelope.self, from: answer.body)
        throw Outcome(status: envelope?.error.code.exitStatus ?? .failed)
    }
}
