import ControlProtocol
import ModelInfo
import Testing

@testable import zooctl

struct ModelPageTests {
    @Test(arguments: [(GistState.inSync, "4 B  published\n"), (.unpublished, "4 B  not published yet\n")])
    func `a file is called published only where there is a gist`(state: GistState, line: String) {
        var report = Samples.report(Samples.model("a", gist: state))
        report.published = [PublishedFile(name: "readme.md", byteCount: 4)]
        let text = ModelPage(report: report, style: RenderingTests.plain, now: Samples.start).text
        #expect(text.contains("readme.md  " + line), "\(text)")
    }

    @Test func `a file that waits for a person is not called published`() {
        var report = Samples.report(Samples.model("a", gist: .inSync))
        report.published = [PublishedFile(name: "notes.txt", byteCount: 4), PublishedFile(name: "readme.md", byteCount: 4)]
        report.model.info.diagnostics = [Diagnostic(.newFileWaits, file: "notes.txt", message: "notes.txt waits")]
        let text = ModelPage(report: report, style: RenderingTests.plain, now: Samples.start).text
        #expect(text.contains("notes.txt  4 B  not published yet\n") && text.contains("readme.md  4 B  published\n"), "\(text)")
    }
}
