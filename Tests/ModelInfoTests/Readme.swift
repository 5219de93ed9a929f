@testable import ModelInfo

/// A block with these lines, then some text.
func readme(_ lines: String..., ending: String = "\n") -> [UInt8] {
    Array((["---"] + lines + ["---", "", "## License", "free"]).map { $0 + ending }.joined().utf8)
}

func card(_ lines: String...) -> ModelCard {
    ModelCard(readme: Array((["---"] + lines + ["---", ""]).joined(separator: "\n").utf8), fileName: "readme.md")
}

func card(text: String) -> ModelCard { ModelCard(readme: Array(text.utf8), fileName: "readme.md") }

/// A readme that gives no cause for any diagnostic.
let goodLines = [
    "name: BAIR/BVLC AlexNet Model", "caffemodel: bvlc_alexnet.caffemodel",
    "caffemodel_url: http://dl.caffe.berkeleyvision.org/bvlc_alexnet.caffemodel", "license: unrestricted",
    "sha1: 9116a64c0fbe4459d18f4bb6b56d647b63920377", "caffe_commit: 709dc15af4a06bebda027c1eb2b3f3e3375d5077",
]
let goodReadme = Array((["---"] + goodLines + ["---", "", "Text.", ""]).joined(separator: "\n").utf8)

extension ModelCard {
    var codes: Set<DiagnosticCode> { Set(diagnostics.map(\.code)) }

    func places(of code: DiagnosticCode) -> [String] {
        diagnostics.filter { $0.code == code }.map { "\($0.line ?? 0):\($0.column ?? 0)" }
    }
}

extension ModelReading {
    var codes: Set<DiagnosticCode> { Set(diagnostics.map(\.code)) }

    func diagnostic(_ code: DiagnosticCode) -> Diagnostic? { diagnostics.first { $0.code == code } }
}

/// Chance that is the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A directory as `SystemIO` would see it.
struct SnapshotBuilder {
    var entries: [DirectoryItem] = []

    static func identity(size: Int = 0, mode: UInt32 = 0o644, owner: UInt32 = 1000, group: UInt32 = 100, links: UInt64 = 1) -> FileIdentity
    {
        FileIdentity(device: 1, inode: 1, size: Int64(size), modified: 0, changed: 0, mode: mode, owner: owner, group: group, links: links)
    }

    func file(_ name: String, _ bytes: [UInt8], mode: UInt32 = 0o644, owner: UInt32 = 1000, group: UInt32 = 100, links: UInt64 = 1) -> Self
    {
        add(name, .file, .bytes(bytes), Self.identity(size: bytes.count, mode: mode, owner: owner, group: group, links: links))
    }

    func file(_ name: String, _ text: String = "layer {}\n") -> Self { file(name, Array(text.utf8)) }

    func add(
        _ name: String, _ kind: DirectoryItem.Kind, _ content: DirectoryItem.Content = .notRead, _ identity: FileIdentity = identity(),
        target: String? = nil
    ) -> Self {
        guard let path = try? RelativePath(name) else { preconditionFailure("no path: \(name)") }
        return SnapshotBuilder(
            entries: entries + [DirectoryItem(name: path, kind: kind, identity: identity, content: content, linkTarget: target)])
    }

    func reading(maximumFileSize: Int = 1 << 20, unreadableNames: Int = 0) -> ModelReading {
        ModelReading(
            DirectorySnapshot(entries: entries, unreadableNames: unreadableNames), maximumFileSize: maximumFileSize, directory: "/zoo/m")
    }

    static let good = SnapshotBuilder().file("readme.md", goodReadme).file("deploy.prototxt")
}
