import ArgumentParser
import Foundation
import Testing

@testable import zooctl

struct TroubleshootingCommandTests {
    /// Words as a shell would give them, where quotes hold blanks together.
    private static func words(_ line: Substring) -> [String] {
        var words = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "'": isQuoted.toggle()
            case " " where !isQuoted: words.append("")
            default: words[words.count - 1].append(character)
            }
        }
        return words
    }

    @Test func `zooctl takes every command that the page tells people to run`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/troubleshooting.md"), encoding: .utf8)
        let commands = page.split(separator: "\n").filter { $0.hasPrefix("zooctl ") }
        #expect(commands.count > 25)
        for command in commands {
            #expect(throws: Never.self, "\(command)") { try Zooctl.parseAsRoot(Array(Self.words(command)[1...])) }
        }
        #expect(Self.words("zooctl set ./net 'name=VGG: Very Deep'") == ["zooctl", "set", "./net", "name=VGG: Very Deep"])
        #expect(throws: (any Error).self) { try Zooctl.parseAsRoot(["catalog", "frob"]) }
    }
}
