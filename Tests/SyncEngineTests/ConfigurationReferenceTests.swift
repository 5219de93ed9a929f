import Foundation
import Testing

@testable import SyncEngine

@Suite struct ConfigurationReferenceTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func compare(_ path: String, with expected: String) throws {
        let file = root.appending(path: path)
        if ProcessInfo.processInfo.environment["ZOOD_UPDATE_DOCS"] == "1" { try Data(expected.utf8).write(to: file) }
        #expect(
            try String(decoding: Data(contentsOf: file), as: UTF8.self) == expected,
            "\(path) is behind the types; ZOOD_UPDATE_DOCS=1 swift test --filter ConfigurationReference writes it")
    }

    @Test func `docs configuration md says what the types say`() throws {
        try Self.compare("docs/configuration.md", with: ConfigurationReference.markdown)
    }

    @Test func `the delivered zood yaml says what the types say`() throws {
        try Self.compare("etc/zood/zood.yaml", with: ConfigurationReference.yaml)
    }

    @Test func `the delivered zood yaml gives the defaults, also with every key uncommented`() {
        let delivered = ConfigurationReference.yaml
        let uncommented = delivered.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let text = line.drop { $0 == " " }
            // Whole blocks show examples, not defaults.
            guard line.first == " ", text.first == "#", text.dropFirst().first != " " else { return String(line) }
            return String(line.prefix { $0 == " " }) + String(text.dropFirst())
        }
        var other = Configuration()
        (other.watch.settle, other.binaries.parallel, other.control.roles.operators) = (.seconds(9), 9, [])
        for (text, start) in [(delivered, Configuration()), (uncommented.joined(separator: "\n"), other)] {
            var configuration = start
            var reading = ConfigurationReading(source: "zood.yaml")
            ConfigurationText.apply(Array(text.utf8), to: &configuration, &reading)
            #expect(reading.problems.isEmpty, "\(reading.problems)")
            #expect(configuration == Configuration())
        }
    }

    @Test func `the examples in the delivered zood yaml can be used as they are`() {
        let all = ConfigurationReference.yaml.split(separator: "\n").map { line in
            line.hasPrefix("#") && (!line.hasPrefix("# ") || line.hasPrefix("#  ")) ? String(line.dropFirst()) : String(line)
        }
        var configuration = Configuration()
        var reading = ConfigurationReading(source: "zood.yaml")
        ConfigurationText.apply(Array(all.joined(separator: "\n").utf8), to: &configuration, &reading)
        #expect(reading.problems.isEmpty, "\(reading.problems)")
        #expect(configuration.zoos == [ZooConfiguration(path: "/srv/models", name: try? ZooName(configured: "models"))])
        #expect(configuration.notify.first?.command.first == "/usr/bin/mail")
        #expect(configuration.allContradictions().isEmpty)
    }
}
