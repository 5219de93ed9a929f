import Foundation
import ModelInfo
import SystemIO
import Testing
import ZooTestSupport

@testable import SyncEngine

@Suite struct CardShelfTests {
    private func text(
        _ readme: String, name: String = "readme.md", urlFile: String? = nil, allowing range: String? = nil
    ) -> CardText {
        CardText(
            readme: Array(readme.utf8), fileName: name, urlFile: urlFile.map { Array($0.utf8) },
            addresses: AddressPolicy(allowed: range.map { [AddressRange($0)!] } ?? []))
    }

    @Test func `a readme is read again when any of what its card is made from has changed, and only then`() throws {
        let shelf = CardShelf()
        let (id, other) = (ModelID(zoo: "z", path: try RelativePath("net")), ModelID(zoo: "z", path: try RelativePath("other")))
        let first = "---\nname: Net\n---\n"
        let readings: [(ModelID, CardText, isRead: Bool)] = [
            (id, text(first), true),
            (id, text(first), false),
            (other, text(first), true),
            (id, text(first), false),
            // As long as the other.
            (id, text("---\nname: Nat\n---\n"), true),
            (id, text(first), true),
            (id, text(first, name: "README.md"), true),
            (id, text(first, urlFile: "http://10.0.0.1/n"), true),
            (id, text(first, urlFile: "http://10.0.0.1/n"), false),
            (id, text(first, urlFile: "http://10.0.0.1/n", allowing: "10.0.0.0/8"), true),
            // The same bytes, with the end of the one in the beginning of the other.
            (id, text("abcd", urlFile: "e", allowing: "10.0.0.0/8"), true),
            (id, text("abc", urlFile: "de", allowing: "10.0.0.0/8"), true),
        ]
        for (number, reading) in readings.enumerated() {
            var isRead = false
            let card = shelf.card(of: reading.0, reading.1) {
                isRead = true
                return $0.card()
            }
            #expect(isRead == reading.isRead, "reading \(number)")
            #expect(card == reading.1.card(), "reading \(number)")
        }
        shelf.drop(id)
        #expect(shelf.count == 1)
    }

    @Test func `a look sees each change of a readme, and the shelf holds no more than there are models`() async throws {
        try await withTemporaryDirectory { directory in
            let shelf = CardShelf()
            let zoo = try Zoo.open(ZooConfiguration(path: directory))
            let observer = ModelObserver(lane: BlockingLane(label: "look", width: 1), cards: shelf)
            let model = directory.appending("net")
            try FileManager.default.createDirectory(atPath: model.string, withIntermediateDirectories: true)
            let id = ModelID(zoo: zoo.name, path: try RelativePath("net"))
            for name in ["One", "One", "Two", "One"] {
                try Data("---\nname: \(name)\n---\n".utf8).write(to: URL(filePath: model.appending("readme.md").string))
                guard case .present(let seen) = await observer.look(at: id, in: zoo, ModelObserver.Settings()) else {
                    Issue.record("there is a model")
                    return
                }
                #expect(seen.reading.card?.name == name)
                #expect(shelf.count == 1)
            }
            try FileManager.default.removeItem(atPath: model.string)
            guard case .absent = await observer.look(at: id, in: zoo, ModelObserver.Settings()) else {
                Issue.record("the model is gone")
                return
            }
            #expect(shelf.count == 0)
        }
    }
}
