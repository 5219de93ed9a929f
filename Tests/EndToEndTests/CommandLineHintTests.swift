import Foundation
import Testing
import ZooTestSupport

/// What zood, zooctl and the documents tell people to run can be run.
@Suite struct CommandLineHintTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private struct Mention: Hashable {
        let verb: String
        /// Long options behind it, as `--dry-run`.
        let options: [String]
        let place: String
    }

    /// `zooctl VERB … --option …` in a line, up to where the command must end.
    private static func mentions(in line: Substring, place: String) -> [Mention] {
        line.matches(of: /zooctl ((?:catalog|trash) [a-z]+|[a-z][a-z-]*)([^"';|`\n]*)/).map { match in
            Mention(verb: String(match.1), options: match.2.matches(of: /--[a-z-]+/).map { String($0.output) }, place: place)
        }
    }

    /// In string literals: comments stand on lines of their own in this project.
    private static func mentionsInSources() throws -> [Mention] {
        let sources = try #require(FileManager.default.enumerator(at: root.appending(path: "Sources"), includingPropertiesForKeys: nil))
        return try sources.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.flatMap { file in
            try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
                .filter { !$0.drop { $0 == " " }.hasPrefix("//") }
                .flatMap { mentions(in: $0, place: file.lastPathComponent) }
        }
    }

    /// In code of the documents: between back-ticks, and in lines that begin with the command.
    private static func mentionsInDocuments() throws -> [Mention] {
        let documents = try FileManager.default.contentsOfDirectory(at: root.appending(path: "docs"), includingPropertiesForKeys: nil)
        return try ([root.appending(path: "README.md")] + documents.filter { $0.pathExtension == "md" }).flatMap { file in
            try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
                .flatMap { line in
                    line.hasPrefix("zooctl ") || line.hasPrefix("  hint: ")
                        ? [line] : line.split(separator: "`").filter { $0.hasPrefix("zooctl ") }
                }
                .flatMap { mentions(in: $0, place: file.lastPathComponent) }
        }
    }

    @Test func `every command in a hint or a document exists, with its options`() async throws {
        let mentions = try Self.mentionsInSources() + Self.mentionsInDocuments()
        #expect(mentions.count > 50)
        let zooctl = try BuildProducts.path(of: "zooctl")
        for (verb, uses) in Dictionary(grouping: mentions, by: \.verb) {
            let help = try await ProgramRun.run(zooctl, verb.split(separator: " ").map(String.init) + ["--help"])
            #expect(help.status == 0 && help.standardOutput.contains("USAGE: zooctl \(verb)"), "zooctl \(verb): \(uses.map(\.place))")
            for use in uses {
                for option in use.options where option != "--help" {
                    #expect(help.standardOutput.contains(option), "zooctl \(verb) \(option): \(use.place)")
                }
            }
        }
    }

    @Test func `both programs and every command say what they are for`() async throws {
        for program in ["zood", "zooctl"] {
            let result = try await ProgramRun.run(try BuildProducts.path(of: program), ["--help"])
            #expect(
                result.status == 0 && result.standardOutput.contains("OVERVIEW: ") && result.standardOutput.contains("USAGE: \(program)"))
            let version = try await ProgramRun.run(try BuildProducts.path(of: program), ["--version"])
            #expect(version.status == 0 && version.standardOutput.wholeMatch(of: /(zood |zooctl )\d+\.\d+\.\d+\n/) != nil, "\(version)")
        }
    }
}
