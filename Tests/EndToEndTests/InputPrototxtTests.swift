import ControlProtocol
import Testing
import ZooTestSupport

struct InputPrototxtTests {
    @Test func `show tells the nets of a model, and where a prototxt breaks, as lint does`() async throws {
        let zoo = try TemporaryZoo()
        try zoo.makeModel(
            "tiny",
            files: [
                "deploy.prototxt": TemporaryZoo.prototxt, "solver.prototxt": "net: \"train_val.prototxt\"\nbase_lr: 0.01\n",
                "train_val.prototxt": "name: \"tiny\"\nlayer {\n  type = \"Data\"\n}\n",
            ])
        let daemon = try await RunningDaemon.start(in: zoo)
        try await daemon.waitForModel("tiny", "is looked at") { $0.info.diagnostics.map(\.code).contains(.prototxtInvalid) }
        let shown = try await daemon.zooctl("show", "tiny").standardOutput
        #expect(
            shown.contains("Net: deploy.prototxt deploy, tiny\n  Input:       data 1x3x8x8\n  Layers:      1: 1 Convolution\n"), "\(shown)")
        #expect(shown.contains("Solver: solver.prototxt, trains train_val.prototxt\n"))
        let place = "train_val.prototxt:3:8: warning"
        #expect(shown.contains(place))
        #expect(try await daemon.zooctl("lint", zoo.path("tiny").string).standardOutput.contains(place))
        let report: ModelReport = try ControlCoding.decode(
            ModelReport.self, from: await daemon.zooctl("show", "tiny", "--json").standardOutputBytes)
        #expect(report.prototxts.map(\.kind) == [.deploy, .solver])
    }
}
