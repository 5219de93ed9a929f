import Foundation
import Testing
import ZooTestSupport

/// What has to be on a machine where the programs are only run.
@Suite struct ProcessLibrariesTests {
    /// The release has Swift's own libraries inside; libc and the compiler's are on every Debian.
    private static var isEverywhere: Regex<(Substring, Substring?, Substring?)> {
        /lib((swift|_?Foundation)\w*|BlocksRuntime|dispatch|c|m|gcc_s|stdc\+\+)\.so.*|ld-linux.*/
    }

    /// Debian calls the package of `libNAME.so.N` `libNAMEN`, with a dash between digits.
    private static func package(of library: String) throws -> String {
        let parts = try #require(library.wholeMatch(of: /(lib[a-z0-9-]+)\.so\.(\d+)/), "\(library)")
        let name = parts.1 == "libcrypto" ? "libssl" : parts.1
        return name.last?.isNumber == true ? "\(name)-\(parts.2)" : "\(name)\(parts.2)"
    }

    @Test func `docs install md names the package of every library that the programs load, and no other`() async throws {
        var needed: Set<String> = []
        for program in ["zood", "zooctl"] {
            let header = try await ProgramRun.run("readelf", ["-d", try BuildProducts.path(of: program)])
            let libraries = header.standardOutput.matches(of: /\(NEEDED\).*\[(.+)\]/).map { String($0.1) }
            #expect(!libraries.isEmpty, "\(header)")
            for library in libraries where library.wholeMatch(of: Self.isEverywhere) == nil {
                needed.insert(try Self.package(of: library))
            }
        }
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/install.md"), encoding: .utf8)
        #expect(Set(page.matches(of: /`(lib[a-z0-9-]+)`/).map { String($0.1) }) == needed)
    }
}
