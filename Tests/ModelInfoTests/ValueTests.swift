import Foundation
import Testing

@testable import ModelInfo

struct RelativePathTests {
    @Test(arguments: [
        ("", PathProblem.empty), ("/a", .absolute), ("a//b", .empty), ("a/", .empty), (".", .climbs), ("..", .climbs), ("a/../b", .climbs),
        ("a/.", .climbs),
        ("a\0b", .invisibleCharacter("\0")), (String(repeating: "a", count: 256), .tooLong),
        (String(repeating: "a/", count: 2100) + "a", .tooLong),
    ])
    func `a text that is no safe path is refused with its reason`(text: String, problem: PathProblem) {
        #expect(throws: problem) { try RelativePath(text) }
    }

    @Test(arguments: ["a", "a/b", ".hidden", "-x", "a b", "ü", "...", "a\\b", "a\nb", "..a"])
    func `what a disk may hold is accepted when we list it`(text: String) throws {
        #expect(try RelativePath(text).description == text)
    }

    @Test(arguments: [".a", "-a", "a/b", "a\\b", "a\u{202E}b", "a\u{200B}", "a\nb", "a\u{7F}", "", "..", "\u{E000}"])
    func `a name from outside is held to more`(text: String) {
        #expect(throws: PathProblem.self) { try RelativePath(nameFromOutside: text) }
    }

    @Test func `a path from outside may have directories`() throws {
        #expect(try RelativePath(fromOutside: "EmotiW/VGG_S.caffemodel").components == ["EmotiW", "VGG_S.caffemodel"])
        for text in ["a/../b", "a/.git/b", "/a", "a//b", "a/-b", "a\\b"] {
            #expect(throws: PathProblem.self) { try RelativePath(fromOutside: text) }
        }
    }

    @Test(arguments: ["../\u{301}x", "a/..\u{2F}\u{301}b", "/\u{301}x", "a/\u{301}/../b"])
    func `a combining mark behind a slash hides no part`(text: String) {
        #expect(throws: PathProblem.self) { try RelativePath(text) }
        #expect(throws: PathProblem.self) { try RelativePath(fromOutside: text) }
    }

    @Test(arguments: ["a/\u{301}b", "a\\\u{301}b", ".\u{301}b", "-\u{301}b"])
    func `a combining mark hides no separator and no leading dot of a name from outside`(text: String) {
        #expect(throws: PathProblem.self) { try RelativePath(nameFromOutside: text) }
    }

    @Test func `parts are cut by bytes, as the kernel does`() throws {
        let path = try RelativePath("a/\u{301}b")
        #expect(path.components == ["a", "\u{301}b"] && path.name == "\u{301}b" && path.parent?.description == "a")
        #expect(try path.isInside(RelativePath("a")))
        #expect(try !RelativePath("u\u{308}/x").isInside(RelativePath("\u{FC}")))
    }

    @Test func `parts of a path`() throws {
        let path = try RelativePath("a/b/c")
        #expect(path.name == "c")
        #expect(path.parent?.description == "a/b")
        #expect(try RelativePath("a").parent == nil)
        #expect(try path.appending(RelativePath("d/e")).description == "a/b/c/d/e")
        #expect(try path.isInside(RelativePath("a/b")) && path.isInside(path))
        #expect(try !path.isInside(RelativePath("a/b/c/d")) && !RelativePath("ab/c").isInside(RelativePath("a")))
    }

    @Test func `two encodings of one letter are two names`() throws {
        let (composed, decomposed) = (try RelativePath("\u{FC}"), try RelativePath("u\u{308}"))
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect((decomposed < composed) != (composed < decomposed))
    }

    @Test func `a path is coded as a string and checked when it is read`() throws {
        let path = try RelativePath("a/b")
        #expect(String(decoding: try JSONEncoder().encode([path]), as: UTF8.self) == #"["a\/b"]"#)
        #expect(try JSONDecoder().decode([RelativePath].self, from: Data(#"["a/b"]"#.utf8)) == [path])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([RelativePath].self, from: Data(#"["../b"]"#.utf8)) }
    }

    @Test func `every problem is a sentence`() {
        let problems: [PathProblem] = [.empty, .absolute, .climbs, .separator, .tooLong, .hidden(".a"), .invisibleCharacter("\u{202E}")]
        #expect(Set(problems.map(\.description)).count == problems.count)
        #expect(PathProblem.invisibleCharacter("\u{202E}").description.contains("U+202E"))
    }
}

struct IdentifierTests {
    @Test(arguments: ["034c6ac3865563b69e60", "0123456789abcdef0123456789abcdef", "1", "123456", "local-0123456789abcdef0123456789abcdef"])
    func `an id of either host is accepted`(text: String) {
        #expect(GistID(bare: text)?.description == text)
        #expect(GistID(bare: text)?.isLocal == text.hasPrefix("local-"))
    }

    @Test(arguments: [
        "", " 1", "1 ", "a", "034c6ac3865563b69e6", "034c6ac3865563b69e60a", "0123456789abcdef0123456789abcdef01234567", "local-",
        "local-1", "1234567890123456",
        "local-0123456789abcdef0123456789abcdeg", "LOCAL-0123456789abcdef0123456789abcdef", "x/034c6ac3865563b69e60", "٣",
    ])
    func `anything else is no id`(text: String) {
        #expect(GistID(bare: text) == nil)
    }

    @Test func `case does not make two ids`() {
        #expect(GistID(bare: "034C6AC3865563B69E60") == GistID(bare: "034c6ac3865563b69e60"))
    }

    @Test func `digests are lower case, of their length, and checked when read`() throws {
        let hex = "9116a64c0fbe4459d18f4bb6b56d647b63920377"
        #expect(SHA1Digest(hex: hex.uppercased())?.description == hex)
        #expect(
            SHA1Digest(hex: hex.dropLast()) == nil && SHA1Digest(hex: hex + "0") == nil && SHA1Digest(hex: "g" + hex.dropFirst()) == nil)
        #expect(
            SHA256Digest(hex: hex) == nil
                && SHA256Digest(hex: String(repeating: "aB", count: 32))?.description == String(repeating: "ab", count: 32))
        #expect(try JSONDecoder().decode([SHA1Digest].self, from: Data("[\"\(hex)\"]".utf8)).map(\.description) == [hex])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([SHA1Digest].self, from: Data("[\"abc\"]".utf8)) }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([GistID].self, from: Data("[\"abc\"]".utf8)) }
    }

    @Test func `a model is named by zoo and path`() throws {
        let id = ModelID(zoo: "models", path: try RelativePath("vision/a"))
        #expect(id.description == "models:vision/a")
        #expect(try JSONDecoder().decode(ModelID.self, from: JSONEncoder().encode(id)) == id)
        #expect(try ModelID(zoo: "z", path: RelativePath("a")) < ModelID(zoo: "a", path: RelativePath("b")))
    }
}

struct DiagnosticTests {
    @Test func `codes are kebab case and unique`() {
        let codes = DiagnosticCode.allCases.map(\.rawValue)
        #expect(Set(codes).count == codes.count)
        for code in codes { #expect(code.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") } && code == code.lowercased()) }
    }

    @Test func `severities are those of the table`() {
        let errors: Set<DiagnosticCode> = Set(DiagnosticCode.allCases.filter { $0.severity == .error })
        #expect(
            Set(errors.map(\.rawValue)) == [
                "missing-readme", "readme-not-a-file", "symlink-outside", "empty-readme", "frontmatter-unsafe", "conflict-markers",
                "caffemodel-unsafe-path",
                "caffemodel-overwrites-info", "url-unsupported-scheme", "url-invalid", "url-has-credentials", "sha1-malformed",
                "sha1-looks-like-md5",
                "sha1-looks-like-sha256", "sha1-shared", "gist-id-shared", "wiki-wiped", "secret-found", "hard-linked",
                "url-address-refused",
                "published-file-refused", "readme-too-large", "readme-unreadable",
            ])
        let notes = Set(DiagnosticCode.allCases.filter { $0.severity == .note }.map(\.rawValue))
        #expect(
            notes == [
                "readme-nonstandard-name", "frontmatter-foreign", "key-alias", "missing-caffe-version", "multiple-urls",
                "gist-id-has-owner", "gist-id-empty",
                "binary-skipped", "empty-file-skipped", "subdirectory-skipped", "caffemodel-url-file", "wiki-owner-changed",
                "new-file-waits", "less-readable",
                "hidden-skipped", "leftover-skipped", "link-skipped", "secret-allowed",
            ])
        #expect(Diagnostic.Severity.note < .warning && Diagnostic.Severity.warning < .error)
    }

    @Test func `a diagnostic in JSON leaves out what it does not have`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(Diagnostic(.missingReadme, message: "m")), as: UTF8.self)
        #expect(text == #"{"code":"missing-readme","message":"m","severity":"error"}"#)
    }

    @Test func `one file is told from another by inode, size and modification`() {
        let file = SnapshotBuilder.identity(size: 1)
        #expect(file.isSameFile(as: SnapshotBuilder.identity(size: 1, mode: 0o600, owner: 7, links: 2)))
        #expect(!file.isSameFile(as: SnapshotBuilder.identity(size: 2)))
    }

    @Test func `a snapshot is sorted and finds entries by exact name`() throws {
        let snapshot = DirectorySnapshot(entries: SnapshotBuilder().file("b").file("a").entries)
        #expect(snapshot.entries.map(\.name.description) == ["a", "b"])
        #expect(snapshot["a"]?.name.description == "a" && snapshot["A"] == nil)
    }
}
