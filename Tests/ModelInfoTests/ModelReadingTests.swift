import Testing

@testable import ModelInfo

struct ModelReadingTests {
    @Test func `a good directory is valid and may do everything`() {
        let reading = SnapshotBuilder.good.reading()
        #expect(reading.diagnostics.isEmpty)
        #expect(reading.state == .valid)
        #expect(reading.readme?.description == "readme.md")
        #expect(reading.isModel && reading.canDownload && reading.canVerify && reading.canPublish)
        #expect(Set(reading.publishable.keys) == ["readme.md", "deploy.prototxt"])
        #expect(reading.publishable["readme.md"]?.text.utf8.elementsEqual(goodReadme) == true)
        #expect(reading.skipped.isEmpty)
    }

    @Test func `the worst diagnostic is the state`() {
        #expect(SnapshotBuilder.good.file("mean.png", [0]).reading().state == .valid)
        #expect(SnapshotBuilder().file("readme.md", goodReadme).reading().state == .warnings)
        #expect(SnapshotBuilder.good.file("a.txt", [65], links: 2).reading().state == .invalid)
    }

    @Test func `readme names are taken in their order`() {
        let names = ["readme", "Readme.MD", "readme.markdown", "_readme.md", "README", "README.md", "Readme.md", "readme.md", "_README.md"]
        var left = names
        var order: [String] = []
        while let best = ReadmeNames.choose(from: left) {
            order.append(best)
            left.removeAll { $0 == best }
        }
        #expect(
            order == [
                "readme.md", "README.md", "Readme.md", "Readme.MD", "_readme.md", "_README.md", "readme.markdown", "readme", "README",
            ])
        #expect(ReadmeNames.choose(from: ["readme.txt", "xreadme.md"]) == nil)
    }

    @Test func `a file is hidden by its first byte, whatever combines with it`() {
        let reading = SnapshotBuilder.good.file(".\u{301}secret.txt", "text").reading()
        #expect(reading.publishable[".\u{301}secret.txt"] == nil)
        #expect(reading.skipped.map(\.code) == [.hiddenSkipped])
    }

    @Test func `several readmes are told, and the first is read`() {
        let reading = SnapshotBuilder.good.file("README.md", "other").reading()
        #expect(reading.readme?.description == "readme.md")
        #expect(reading.diagnostic(.multipleReadmes)?.message.contains("README.md") == true)
        #expect(SnapshotBuilder().file("README.md", goodReadme).file("a.prototxt").reading().codes == [.readmeNonstandardName])
    }

    @Test func `what is a model directory`() {
        let folder = SnapshotBuilder().file("readme.md", "# Our models\n")
        #expect(!folder.reading().isModel)
        #expect(folder.file("deploy.prototxt").reading().isModel)
        #expect(folder.file("a.caffemodel", [1]).reading().isModel)
        #expect(folder.file("a.caffemodel.part", [1]).reading().isModel)
        #expect(folder.file("caffemodel-url", "http://h/a").reading().isModel)
        #expect(!folder.add("x.prototxt", .directory).reading().isModel)
        #expect(SnapshotBuilder().file("readme.md", "---\ngist_id: 1\n---\n").reading().isModel)
        #expect(!SnapshotBuilder().file("readme.md", "---\ntitle: x\n---\n").reading().isModel)
        #expect(!SnapshotBuilder().file("deploy.prototxt").reading().isModel)
    }

    @Test func `no readme is told`() {
        let reading = SnapshotBuilder().file("deploy.prototxt").reading()
        #expect(reading.codes == [.missingReadme])
        #expect(reading.readme == nil && reading.card == nil && reading.publishable.isEmpty && !reading.canPublish)
        #expect(reading.diagnostics.first?.message.contains("/zoo/m") == true)
    }

    @Test(arguments: [DirectoryItem.Kind.directory, .other])
    func `a readme that is no file is told`(kind: DirectoryItem.Kind) {
        let reading = SnapshotBuilder().add("readme.md", kind).file("deploy.prototxt").reading()
        #expect(reading.codes.contains(.readmeNotAFile))
        #expect(reading.isModel && reading.card == nil && !reading.canPublish && reading.state == .invalid)
    }

    @Test func `a pipe alone is shown, a folder called readme is no model`() {
        #expect(SnapshotBuilder().add("readme.md", .other).reading().isModel)
        #expect(!SnapshotBuilder().add("readme", .directory).reading().isModel)
    }

    @Test func `a regular readme is better than a link to it`() {
        let reading = SnapshotBuilder().add("readme.md", .link, target: "README.md").file("README.md", goodReadme).file("a.prototxt")
            .reading()
        #expect(reading.readme?.description == "README.md")
        #expect(!reading.codes.contains(.readmeNotAFile) && !reading.codes.contains(.multipleReadmes))
    }

    @Test func `a readme that cannot be read says why`() {
        let huge = SnapshotBuilder().add("readme.md", .file, .tooLarge, SnapshotBuilder.identity(size: 1 << 30)).reading()
        #expect(huge.codes.contains(.readmeTooLarge) && !huge.codes.contains(.gistFileTooLarge))
        #expect(huge.diagnostic(.readmeTooLarge)?.message.contains("1073741824") == true)
        #expect(huge.isModel && !huge.canPublish && huge.publishable.isEmpty)
        let closed = SnapshotBuilder().add("readme.md", .file, .unreadable("Permission denied")).reading()
        #expect(closed.diagnostic(.readmeUnreadable)?.message.contains("Permission denied") == true)
        #expect(closed.isModel && !closed.canPublish)
    }

    @Test(arguments: ["/etc/passwd", "../x", "a/../../x", "../../m/readme.md", ".", "a/.."])
    func `a link that leads out is told and never published`(target: String) {
        let reading = SnapshotBuilder.good.add("notes.txt", .link, target: target).reading()
        #expect(reading.diagnostic(.symlinkOutside)?.file == "notes.txt")
        #expect(reading.publishable["notes.txt"] == nil)
        #expect(reading.skipped == [SkippedFile(name: "notes.txt", code: .symlinkOutside)])
    }

    @Test func `a link inside is skipped without alarm`() {
        let reading = SnapshotBuilder.good.add("notes.txt", .link, target: "./a/../deploy.prototxt").reading()
        #expect(reading.skipped == [SkippedFile(name: "notes.txt", code: .linkSkipped)])
        #expect(reading.state == .valid && reading.canPublish)
    }

    @Test(arguments: [
        (".hidden", DiagnosticCode.hiddenSkipped), (".readme.md.swp", .hiddenSkipped), ("readme.md~", .leftoverSkipped),
        ("#readme.md#", .leftoverSkipped),
        ("a.txt.bak", .leftoverSkipped), ("a.swp", .leftoverSkipped), ("a.txt.SWO", .leftoverSkipped), ("4913", .leftoverSkipped),
        ("~$a.txt", .leftoverSkipped),
        ("a.txt.orig", .leftoverSkipped), ("a.part", .leftoverSkipped), ("m.caffemodel", .binarySkipped),
        ("m.caffemodel.part", .binarySkipped),
        ("M.CAFFEMODEL", .binarySkipped), ("bvlc_alexnet.caffemodel", .binarySkipped), ("x.caffemodel.txt", .binarySkipped),
    ])
    func `files that nobody wants published are skipped by name, without a word`(name: String, code: DiagnosticCode) {
        let reading = SnapshotBuilder.good.file(name, "text\n").reading()
        #expect(reading.skipped == [SkippedFile(name: name, code: code)])
        #expect(reading.diagnostics.isEmpty)
        #expect(reading.publishable[name] == nil)
    }

    @Test(arguments: [
        "solver.prototxt", "train.py", "labels.txt", "#notes", "~notes", "4913.txt", "a.bak.txt", "ü.txt", "caffemodel.txt",
        "with blank.csv",
    ])
    func `other text files are published`(name: String) {
        let reading = SnapshotBuilder.good.file(name, "text: 1\n").reading()
        #expect(reading.publishable[name]?.text == "text: 1\n")
        #expect(reading.skipped.isEmpty && reading.diagnostics.isEmpty)
    }

    @Test func `what a gist cannot hold is skipped and told`() {
        let reading = SnapshotBuilder.good
            .file("nul.txt", [65, 0, 66]).file("latin.txt", [0xFC, 0x20]).file("empty.txt", []).file("blank.txt", [0x20, 0x0A, 0x09, 0x0D])
            .add("sub", .directory).add("pipe", .other).file("big.txt", [UInt8](repeating: 65, count: 300))
            .add("large.txt", .file, .tooLarge, SnapshotBuilder.identity(size: 5000)).add("large.png", .file, .tooLarge)
            .add("closed.txt", .file, .unreadable("Input/output error"))
            .file("deploy.prototxt2", [65]).reading(maximumFileSize: 299 + goodReadme.count * 0)
        let codes = Dictionary(uniqueKeysWithValues: reading.skipped.map { ($0.name, $0.code) })
        #expect(
            codes.filter { $0.key != "readme.md" } == [
                "nul.txt": .binarySkipped, "latin.txt": .binarySkipped, "empty.txt": .emptyFileSkipped, "blank.txt": .emptyFileSkipped,
                "sub": .subdirectorySkipped, "pipe": .binarySkipped, "big.txt": .gistFileTooLarge, "large.txt": .gistFileTooLarge,
                "large.png": .binarySkipped, "closed.txt": .fileUnreadable,
            ])
        for (name, code) in codes where name != "readme.md" {
            #expect(reading.diagnostics.contains { $0.file == name && $0.code == code }, "\(name)")
        }
        #expect(reading.publishable["deploy.prototxt2"] != nil)
    }

    @Test func `a file with a second link is an error but holds nothing else back`() {
        let reading = SnapshotBuilder.good.file("shared.txt", Array("secret".utf8), links: 2).reading()
        #expect(reading.diagnostic(.hardLinked)?.file == "shared.txt")
        #expect(reading.publishable["shared.txt"] == nil)
        #expect(reading.canPublish)
        let readme = SnapshotBuilder().file("readme.md", goodReadme, links: 2).file("a.prototxt").reading()
        #expect(readme.codes.contains(.hardLinked) && !readme.canPublish)
        #expect(readme.card?.name != nil)
    }

    @Test(
        arguments: [
            (0o644, 1000, 100, false), (0o664, 1, 1, false), (0o600, 1000, 100, true), (0o640, 1000, 100, true), (0o604, 1000, 100, true),
            (0o604, 1000, 7, true),
            (0o044, 1000, 100, true), (0o666, 0, 0, false), (0o244, 1000, 100, true),
        ] as [(UInt32, UInt32, UInt32, Bool)])
    func `beside a readme for all, a file for fewer is not published`(mode: UInt32, owner: UInt32, group: UInt32, isLess: Bool) {
        let reading = SnapshotBuilder.good.file("notes.txt", [65], mode: mode, owner: owner, group: group).reading()
        #expect((reading.publishable["notes.txt"] == nil) == isLess)
        #expect(reading.codes.contains(.lessReadable) == isLess)
    }

    @Test func `readership is compared by owner and group`() {
        let identity = { (mode: UInt32, owner: UInt32, group: UInt32) in SnapshotBuilder.identity(mode: mode, owner: owner, group: group) }
        let team = identity(0o640, 1000, 100)
        #expect(!identity(0o640, 1000, 100).isLessReadable(than: team))
        #expect(!identity(0o660, 1001, 100).isLessReadable(than: team))
        #expect(!identity(0o644, 1001, 200).isLessReadable(than: team))
        #expect(identity(0o640, 1000, 200).isLessReadable(than: team))
        #expect(identity(0o600, 1000, 100).isLessReadable(than: team))
        let own = identity(0o600, 1000, 100)
        #expect(!identity(0o600, 1000, 7).isLessReadable(than: own))
        #expect(identity(0o600, 1001, 100).isLessReadable(than: own))
        #expect(!identity(0o644, 1001, 7).isLessReadable(than: own))
        #expect(!identity(0o600, 1001, 100).isLessReadable(than: identity(0o600, 0, 0)))
    }

    @Test func `a secret anywhere keeps the model at home`() {
        let reading = SnapshotBuilder.good.file("train.sh", "echo\nexport T=ghp_abcdefghijklmnopqrstuvwxyz0123456789\n").reading()
        #expect(reading.diagnostic(.secretFound)?.file == "train.sh")
        #expect(reading.diagnostic(.secretFound)?.line == 2)
        #expect(!reading.canPublish && reading.canDownload)
    }

    @Test func `conflict markers in any published file keep the model at home`() {
        let reading = SnapshotBuilder.good.file("a.prototxt", "x\n<<<<<<< HEAD\ny\n=======\nz\n>>>>>>> b\n").reading()
        #expect(reading.diagnostic(.conflictMarkers)?.line == 2)
        #expect(!reading.canPublish)
    }

    @Test func `a password in the URL is told once`() {
        let bytes = Array("---\nname: a\ncaffemodel: m.caffemodel\ncaffemodel_url: https://u:pw@h/m\n---\n".utf8)
        let reading = SnapshotBuilder().file("readme.md", bytes).reading()
        #expect(reading.codes.contains(.urlHasCredentials) && !reading.codes.contains(.secretFound))
        #expect(!reading.canPublish && !reading.canDownload)
    }

    @Test func `a binary may not bear the name of an info file`() {
        let bytes = Array("---\nname: a\ncaffemodel: train.py\ncaffemodel_url: https://h/m\n---\n".utf8)
        let reading = SnapshotBuilder().file("readme.md", bytes).file("train.py", "print()").reading()
        #expect(reading.codes.contains(.caffemodelOverwritesInfo))
        #expect(!reading.canDownload && !reading.canPublish)
        let binary = SnapshotBuilder().file("readme.md", bytes).file("train.py", [0, 1]).reading()
        #expect(binary.skipped.contains(SkippedFile(name: "train.py", code: .binarySkipped)))
        #expect(!binary.codes.contains(.caffemodelOverwritesInfo) && !binary.codes.contains(.binarySkipped))
    }

    @Test func `a readme that is not UTF-8 is read but not published`() {
        let reading = SnapshotBuilder().file("readme.md", Array("---\nname: ".utf8) + [0xFC] + Array("\n---\n".utf8)).reading()
        #expect(reading.card?.name == "ü" && !reading.canPublish && reading.codes.contains(.encodingNotUtf8))
        let nul = SnapshotBuilder().file("readme.md", goodReadme + [0]).reading()
        #expect(!nul.canPublish && nul.codes.contains(.controlCharacters))
    }

    @Test func `names that are not UTF-8 are told`() {
        let reading = ModelReading(
            DirectorySnapshot(entries: SnapshotBuilder.good.entries, unreadableNames: 2), maximumFileSize: 99, directory: "d")
        #expect(reading.diagnostics.contains { $0.code == .encodingNotUtf8 && $0.message.hasPrefix("2 ") })
    }

    @Test func `two names that differ in encoding alone do not both go into a gist`() {
        let reading = SnapshotBuilder.good.file("u\u{308}.txt", "a").file("\u{FC}.txt", "b").reading()
        #expect(reading.publishable.count == 3)
        #expect(reading.skipped.count == 1)
    }
}
