import Testing

@testable import ModelInfo

/// What is read from nets and solvers in the shapes that Caffe has had over the years.
struct PrototxtReaderTests {
    private func read(_ text: String) throws -> PrototxtSummary { try PrototxtReader.read(Array(text.utf8), file: "a.prototxt").get() }

    @Test func `a net for deployment tells its inputs, layers and named parameters`() throws {
        let net = try read(
            """
            name: "Twins"
            input: "left"
            input_shape { dim: 1 dim: 3 dim: 64 dim: 48 }
            input: "right"
            input_shape: { dim: [1, 3, 0x40, 060] }
            layer {
              name: "conv_left" type: "Convolution" bottom: "left" top: "cl"
              param { name: "conv_w" lr_mult: 1 }
              param { name: "conv_b" lr_mult: 2 decay_mult: 0 }
              convolution_param { num_output: 20 name: "no parameter" kernel_size: 5 weight_filler { type: "xavier" } }
            }
            layer {
              name: "conv_right" type: "Convolution" bottom: "right" top: "cr"
              param { name: "conv_w" } param { name: "conv_b" }
            }
            layer { name: "prob" type: "Softmax" bottom: "cr" top: "prob" }
            """)
        #expect(net.kind == .deploy && net.name == "Twins" && net.layers == 3)
        #expect(net.inputs == [.init(name: "left", shape: [1, 3, 64, 48]), .init(name: "right", shape: [1, 3, 64, 48])])
        #expect(net.layerTypes == [.init(type: "Convolution", count: 2), .init(type: "Softmax", count: 1)])
        #expect(net.parameters == ["conv_w", "conv_b"] && net.parameterCount == 2)
    }

    @Test func `four of input_dim belong to each input`() throws {
        let dimensions = "input_dim: 10\ninput_dim: 3\ninput_dim: 227\ninput_dim: 227\n"
        let net = try read("input: 'data'\n\(dimensions)input: 'mask'\n\(dimensions.replacing("10", with: "5"))input: 'late'\n")
        #expect(net.inputs.map(\.shape) == [[10, 3, 227, 227], [5, 3, 227, 227], []])
        #expect(net.kind == .deploy && net.layers == 0)
    }

    @Test func `layers of the type Input are inputs`() throws {
        let net = try read(
            """
            layer { top: "data" top: "info" input_param { shape: { dim: 1 dim: 3 } shape { dim: 1 dim: 2 } } name: "in" type: "Input" }
            layer { type: 'Input' top: 'a' top: 'b' input_param { shape { dim: 7 } } }
            layer { type: 'Input' top: 'c' input_param { shape { dim: 99999999999999999999 } } }
            layer { type: 'ReLU' top: 'd' input_param { shape { dim: 7 } } }
            """)
        #expect(
            net.inputs == [
                .init(name: "data", shape: [1, 3]), .init(name: "info", shape: [1, 2]), .init(name: "a", shape: [7]),
                .init(name: "b", shape: [7]),
                .init(name: "c", shape: []),
            ])
        #expect(net.layers == 4 && net.kind == .deploy)
    }

    @Test func `older nets have their types in capitals, or a layer in a layer`() throws {
        let capitals = try read(
            """
            layers { name: "c" type: CONVOLUTION bottom: "x" top: "c" blobs_lr: 1. blobs_lr: 2. weight_decay: 1 param: "shared_w" }
            layers { name: "r" type: RELU bottom: "c" top: "c" }
            """)
        #expect(
            capitals.layerTypes.map(\.type) == ["CONVOLUTION", "RELU"] && capitals.parameters == ["shared_w"] && capitals.kind == .network)
        let nested = try read(
            "layers { layer { name: \"c\" type: \"conv\" stride: 4 } bottom: \"data\" top: \"c\" }\nlayers { layer { type: 'conv' } }")
        #expect(nested.layers == 2 && nested.layerTypes == [.init(type: "conv", count: 2)])
    }

    @Test(arguments: [
        "layer { type: \"Data\" top: \"data\" }", "layer { type: 'SoftmaxWithLoss' }", "layers { type: SOFTMAX_LOSS }",
        "layers { type: HDF5_DATA }",
        "input: 'z' layer { type: \"ReLU\" include { phase: TRAIN } }", "layer { type: \"ImageData\" } layer { type: \"Input\" top: 'x' }",
    ])
    func `what reads data, computes a loss or knows phases is for training`(text: String) throws {
        #expect(try read(text).kind == .training)
    }

    @Test func `a solver tells what it trains`() throws {
        let solver = try read(
            "# how\nnet: \"dir/train_val.prototxt\"\nbase_lr: 0.01\nlr_policy: \"step\"\nmax_iter: 10000000\nsolver_mode: GPU\n")
        #expect(solver.kind == .solver && solver.trains == "dir/train_val.prototxt" && solver.layers == 0)
        #expect(try read("base_lr: 1e-3").trains == nil)
        #expect(try read("train_net: 'a' test_net: 'b'").trains == "a")
    }

    @Test func `a label map and a comment alone are neither net nor solver`() throws {
        #expect(try read("item { name: \"none\" label: 0 display_name: \"background\" }").kind == .other)
        #expect(try read("# nothing").kind == .other)
    }

    @Test func `what stands elsewhere is not taken for the net's own`() throws {
        let net = try read(
            "layer { name: 'l' type: 'Python' python_param { layer: 'Inner' name: 'n' type: 't' param { name: 'p' } dim: 3 } include { stage: 'x' } }"
        )
        #expect(
            net.name == nil && net.layers == 1 && net.parameters.isEmpty && net.layerTypes == [.init(type: "Python", count: 1)]
                && net.kind == .network)
    }

    @Test func `long names and long lists are cut, and counted`() throws {
        let names = (0..<1500).map { "param: \"p\($0)\" " }.joined()
        let types = (0..<300).map { "layer { type: \"t\($0)\" }" }.joined()
        let net = try read(
            "name: \"\(String(repeating: "é", count: 5000))\" layer { \(names) } \(types) \(String(repeating: "input: 'i' ", count: 300))")
        #expect(net.name == String(repeating: "é", count: 100) + "…")
        #expect(net.parameters.count == 1000 && net.parameterCount == 1500 && net.parameters.last == "p999")
        #expect(net.layers == 301 && net.layerTypes.count == 100 && net.inputs.count == 100)
    }
}
