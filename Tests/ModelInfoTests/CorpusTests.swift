import Testing

@testable import ModelInfo

/// Directories in the shapes of real models, and of what is none, against what a careful person reads there.
struct CorpusTests {
    @Test(arguments: CorpusCase.all)
    func `a directory reads as a person reads it`(_ sample: CorpusCase) throws {
        for (expectation, got) in zip(try sample.expectations(), try sample.report()) {
            let differences = expectation.expected.differences(from: got)
            guard !differences.isEmpty else { continue }
            let name = sample.name + (expectation.model == "model" ? "" : "/" + expectation.model)
            Issue.record("\(([name] + differences).joined(separator: "\n  "))")
        }
    }

    @Test func `at least 120 directories are read`() throws {
        #expect(try CorpusCase.all.map { try $0.expectations().count }.reduce(0, +) >= 120)
    }

    @Test func `25 of 25 readmes of the archive's shapes give their URL`() throws {
        let read = try CorpusCase.archive.filter { sample in
            guard let url = try sample.expectations().first?.expected.object["binaries"]?.elements?.first?["url"] else { return false }
            guard let got = try sample.report().first?["binaries"]?.elements?.first?["url"] else { return false }
            return url.allows(got)
        }
        #expect(CorpusCase.archive.count == 25)
        #expect(read.map(\.name) == CorpusCase.archive.map(\.name))
    }
}
