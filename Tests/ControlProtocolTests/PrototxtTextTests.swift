import ModelInfo
import Testing

@testable import zooctl

struct PrototxtTextTests {
    private func text(_ prototxts: [PrototxtSummary]) -> String { PrototxtText(prototxts: prototxts, style: RenderingTests.plain).text }

    @Test func `nets and solvers are told in a few lines`() {
        let net = PrototxtSummary(
            file: "deploy.prototxt", kind: .deploy, name: "AlexNet",
            inputs: [.init(name: "data", shape: [10, 3, 227, 227]), .init(name: "info", shape: [])], layers: 4,
            layerTypes: [.init(type: "Convolution", count: 1), .init(type: "ReLU", count: 2), .init(type: "Softmax", count: 1)],
            parameters: ["w", "b"])
        let solver = PrototxtSummary(file: "solver.prototxt", kind: .solver, trains: "train_val.prototxt")
        #expect(
            text([net, solver]) == """
                Net: deploy.prototxt deploy, AlexNet
                  Input:       data 10x3x227x227
                  Input:       info
                  Layers:      4: 2 ReLU, 1 Convolution, 1 Softmax
                  Parameters:  w, b
                Solver: solver.prototxt, trains train_val.prototxt

                """)
        #expect(text([PrototxtSummary(file: "labelmap.prototxt", kind: .other)]).isEmpty)
    }

    @Test func `long lists of a net are cut, and what is left out is counted`() {
        let net = PrototxtSummary(
            file: "a.prototxt", kind: .training, inputs: (1...12).map { .init(name: "i\($0)", shape: []) }, layers: 400,
            layerTypes: (1...20).map { .init(type: "t\($0)", count: 20) }, parameters: (1...1000).map { "p\($0)" }, parameterCount: 1234)
        let lines = text([net]).split(separator: "\n")
        #expect(lines.count == 12)
        #expect(lines[9] == "  Input:       and 4 more")
        #expect(lines[10] == "  Layers:      400: 20 t1, 20 t2, 20 t3, 20 t4, 20 t5, 20 t6, and 14 more")
        #expect(lines[11] == "  Parameters:  p1, p2, p3, p4, p5, p6, p7, p8, and 1226 more")
    }

    @Test func `names of a net can neither move the cursor nor forge a line`() {
        let evil = "a\u{1B}[2J\nb"
        let net = PrototxtSummary(
            file: evil, kind: .deploy, name: evil, inputs: [.init(name: evil, shape: [1])], layers: 1,
            layerTypes: [.init(type: evil, count: 1)], parameters: [evil])
        let solver = PrototxtSummary(file: evil, kind: .solver, trains: evil)
        let shown = text([net, solver])
        #expect(!shown.contains("\u{1B}") && shown.split(separator: "\n").count == 5)
    }
}
