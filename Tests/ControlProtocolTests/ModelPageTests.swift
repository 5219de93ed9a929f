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
}
