import Foundation
import Testing

@testable import ModelInfo

/// One directory of `Tests/Fixtures/corpus`: what a person expects of the model directories in it, and what is read.
struct CorpusCase: Sendable, CustomTestStringConvertible {
    let name: String
    private let directory: URL

    var testDescription: String { name }

    static let all: [CorpusCase] = {
        let corpus = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/corpus").standardizedFileURL
        let names = (try? FileManager.default.contentsOfDirectory(atPath: corpus.path)) ?? []
        return names.sorted().map { CorpusCase(name: $0, directory: corpus.appending(path: $0)) }
    }()

    /// How the shapes of one archive of real readmes are named.
    static let archive = all.filter { $0.name.hasPrefix("archive-") }

    /// The expectation of each model directory, in the order in which `zooctl lint` is given them.
    func expectations() throws -> [(model: String, expected: ExpectedModel)] {
        let document = try JSONDecoder().decode(ExpectedCase.self, from: Data(contentsOf: directory.appending(path: "expected.json")))
        return document.models.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The models' objects of the report over all directories of this case, as `zooctl lint --json` prints them.
    func report() throws -> [JSONValue] {
        let readings = try expectations().map { ($0.model, try reading(of: directory.appending(path: $0.model))) }
        let report = try JSONEncoder().encode(LintReport(readings))
        guard case .object(let document) = try JSONDecoder().decode(JSONValue.self, from: report),
            case .array(let models)? = document["models"]
        else { return [] }
        return models
    }

    /// Rights, owners and links are those of a healthy directory, however the sources were checked out.
    private func reading(of directory: URL) throws -> ModelReading {
        var snapshot = SnapshotBuilder()
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            let path = directory.appending(path: name).path
            if try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType == .typeDirectory {
                snapshot = snapshot.add(name, .directory)
            } else {
                let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
                let content: DirectoryItem.Content =
                    name.contains(".caffemodel") || name.hasPrefix(".") ? .notRead : bytes.count > 1 << 20 ? .tooLarge : .bytes(bytes)
                snapshot = snapshot.add(name, .file, content, SnapshotBuilder.identity(size: bytes.count))
            }
        }
        return snapshot.reading()
    }
}
