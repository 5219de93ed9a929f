import Testing

@testable import ModelInfo

struct DirectoryNameTests {
    private let gist = GistID(bare: "034c6ac3865563b69e60")!

    private func name(_ readme: String) -> String {
        DirectoryName.of(ModelCard(readme: Array("---\n\(readme)\n---\n".utf8), fileName: "readme.md"), gist: gist).description
    }

    @Test func `a model's directory is called after its name, else its binary, else its gist`() {
        #expect(name("name: BAIR/BVLC AlexNet Model") == "bair_bvlc_alexnet_model")
        #expect(name("name: ../../etc/passwd") == "etc_passwd")
        #expect(name("name: .hidden -rf") == "hidden_-rf")
        #expect(name("name: VGG-16 v1.1") == "vgg-16_v1.1")
        #expect(name("name: モデル\ncaffemodel: VGG_16.caffemodel") == "vgg_16")
        #expect(name("name: モデル") == gist.description)
        #expect(name("license: BSD") == gist.description)
        #expect(DirectoryName.of(nil, gist: gist).description == gist.description)
    }

    @Test func `any text gives a name that is safe, short and no other directory`() {
        var chance = SeededGenerator(state: 4)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...200, using: &chance)).map { _ in UInt8.random(in: 0...255, using: &chance) }
            let path = name("name: " + String(decoding: bytes, as: UTF8.self).replacing("\n", with: " "))
            #expect(!path.hasPrefix(".") && !path.hasPrefix("-") && !path.contains("/") && !path.isEmpty && path.utf8.count <= 64)
        }
    }

    @Test func `a text that names no gist is told why`() {
        let revision = "9116a64c0fbe4459d18f4bb6b56d647b63920377"
        #expect(GistReference.problem(with: revision)?.contains("revision") == true)
        #expect(GistReference.problem(with: "https://gist.github.com/\(revision)")?.contains("revision") == true)
        #expect(GistReference.problem(with: "bvlc_alexnet")?.contains("names no gist") == true)
        #expect(GistReference.problem(with: "https://gist.github.com/a/034c6ac3865563b69e60/\(revision)") == nil)
    }
}
