import Foundation
import ModelInfo
import Testing

/// docs/troubleshooting.md against the codes that it explains.
struct TroubleshootingPageTests {
    private struct Section {
        let code: String
        let lines: [String]
    }

    private static func sections() throws -> [Section] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/troubleshooting.md"), encoding: .utf8)
        let part = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix("Diagnostics of a model directory\n") })
        return part.components(separatedBy: "\n### ").dropFirst().map { text in
            let lines = text.components(separatedBy: "\n")
            return Section(code: lines[0].trimmingCharacters(in: ["`"]), lines: Array(lines.dropFirst()))
        }
    }

    @Test func `every code has one section, in the order of the codes`() throws {
        #expect(try Self.sections().map(\.code) == DiagnosticCode.allCases.map(\.rawValue))
    }

    @Test func `a section says severity and meaning, how it is printed, and what to do`() throws {
        for section in try Self.sections() {
            let severity = try #require(DiagnosticCode(rawValue: section.code), "\(section.code)").severity.rawValue
            let text = section.lines.filter { !$0.isEmpty }
            #expect(text[0].hasPrefix("*\(severity)*: ") && text[0].hasSuffix("."), "\(section.code): \(text[0])")
            // As DiagnosticLines prints it.
            #expect(text[1] == "```" && text[2].contains(": \(severity) \(section.code)  "), "\(section.code): \(text[2])")
            let end = try #require(text.dropFirst(2).firstIndex(of: "```"), "\(section.code)")
            #expect(text[3..<end].allSatisfy { $0.hasPrefix("  hint: ") } && text.indices.contains(end + 1), "\(section.code)")
        }
    }
}
