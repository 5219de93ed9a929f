import ModelInfo
import Testing

@testable import SystemIO

struct PutBackTests {
    let temporary: TemporaryDirectory
    let staging: RootedDirectory
    let model: RootedDirectory
    let staged: RelativePath
    let name: RelativePath

    init() throws {
        temporary = try TemporaryDirectory()
        try temporary.makeDirectory("staging")
        try temporary.makeDirectory("model")
        staging = try temporary.rooted().directory(relative("staging"))
        model = try temporary.rooted().directory(relative("model"))
        (staged, name) = (try relative("staged"), try relative("net"))
    }

    @Test func `what came out of an exchange gets its name back`() throws {
        try temporary.write("saved", to: "staging/staged")
        try temporary.write("ours", to: "model/net")
        let ours = try PinnedFile(name, in: model)
        try staging.putBack(staged, to: name, in: model, insteadOf: ours.identity)
        #expect(try temporary.text("model/net") == "saved" && temporary.text("staging/staged") == "ours")
    }

    @Test func `somebody who saves a second time in that moment keeps the newer file`() throws {
        try temporary.write("ours", to: "model/net")
        let ours = try PinnedFile(name, in: model)
        try temporary.write("saved first", to: "staging/staged")
        try temporary.write("saved second", to: "model/other")
        try model.rename(relative("other"), to: name)
        try staging.putBack(staged, to: name, in: model, insteadOf: ours.identity)
        #expect(try temporary.text("model/net") == "saved second", "nothing newer than what is under the name exists")
        #expect(try temporary.text("staging/staged") == "saved first", "and the older one is not lost")
    }

    @Test func `a name that was removed in that moment is taken again`() throws {
        try temporary.write("ours", to: "model/net")
        let ours = try PinnedFile(name, in: model)
        try temporary.write("saved", to: "staging/staged")
        try model.remove(name)
        try staging.putBack(staged, to: name, in: model, insteadOf: ours.identity)
        #expect(try temporary.text("model/net") == "saved")
        #expect(try temporary.names(in: "staging").isEmpty)
    }
}
