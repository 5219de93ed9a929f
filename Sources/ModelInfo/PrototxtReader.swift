/// Reads one prototxt: to the end, or to its first fault.
struct PrototxtReader {
    private let bytes: [UInt8]
    private var places: [Place] = [.root]
    private var name, trains: String?
    private var isSolver = false
    /// Names in `input`; what `input_dim` and `input_shape` say of them is in `dimensions` and `shapes`.
    private var inputNames: [String] = []
    private var dimensions: [Int] = []
    private var shapes: [[Int]] = []
    /// Of layers of the type `Input`.
    private var layerInputs: [PrototxtSummary.Input] = []
    private var layerCount = 0
    private var layer = Layer()
    private var isForTraining = false
    private var typeOrder: [String] = []
    private var typeCounts: [String: Int] = [:]
    private var parameters: [String] = []
    private var parametersSeen: Set<[UInt8]> = []

    /// Messages that something is read from, by where they stand.
    private enum Place {
        case root, layer
        /// `layers { layer { … } }`, as in files of 2013.
        case innerLayer
        case parameter, include, inputParameter, inputShape
        /// `input_shape` of the net.
        case shape
        case elsewhere
    }

    private struct Layer {
        var type = ""
        var tops: [String] = []
        var shapes: [[Int]] = []
    }

    /// Names of fields that matter; none is longer than ``Word/longest``.
    private enum Word: String {
        case name, type, top, layer, layers, param, include, phase, input, shape, dim, net
        case inputDim = "input_dim"
        case inputShape = "input_shape"
        case inputParam = "input_param"
        case trainNet = "train_net"
        case baseLR = "base_lr"
        case maxIter = "max_iter"
        case lrPolicy = "lr_policy"
        case solverMode = "solver_mode"

        static let longest = 11
    }

    private static let inputLimit = 100
    private static let dimensionLimit = 32
    private static let typeLimit = 100
    private static let parameterLimit = 1000

    /// - Parameter file: The file's name, for the summary and the diagnostic.
    static func read(_ bytes: [UInt8], file: String) -> Result<PrototxtSummary, PrototxtFailure> {
        var reader = PrototxtReader(bytes: bytes)
        do throws(PrototxtFailure) {
            return .success(try reader.summary(file: file))
        } catch {
            return .failure(error)
        }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func summary(file: String) throws(PrototxtFailure) -> PrototxtSummary {
        var scanner = PrototxtScanner(bytes)
        while let event = try scanner.next() {
            let place = places[places.count - 1]
            switch event {
            case .begin(let name): places.append(place == .elsewhere ? .elsewhere : begin(name, in: place))
            case .end:
                places.removeLast()
                if place == .layer { endLayer() }
            case .scalar(let name, let value):
                if place != .elsewhere, let word = word(name) { take(word, value, in: place) }
            }
        }
        let inputs = declaredInputs + layerInputs
        return PrototxtSummary(
            file: file, kind: kind(hasInputs: !inputs.isEmpty), name: name, trains: trains, inputs: Array(inputs.prefix(Self.inputLimit)),
            layers: layerCount, layerTypes: typeOrder.map { PrototxtSummary.LayerType(type: $0, count: typeCounts[$0] ?? 0) },
            parameters: parameters, parameterCount: parametersSeen.count)
    }

    private func word(_ name: Range<Int>) -> Word? {
        guard name.count <= Word.longest else { return nil }
        return Word(rawValue: String(decoding: bytes[name], as: UTF8.self))
    }

    private mutating func begin(_ name: Range<Int>, in place: Place) -> Place {
        switch (place, word(name)) {
        case (.root, .layer), (.root, .layers):
            (layer, layerCount) = (Layer(), layerCount + 1)
            return .layer
        case (.root, .inputShape):
            if shapes.count < Self.inputLimit { shapes.append([]) }
            return .shape
        case (.layer, .layer): return .innerLayer
        case (.layer, .param), (.innerLayer, .param): return .parameter
        case (.layer, .include):
            return .include
        case (.layer, .inputParam): return .inputParameter
        case (.inputParameter, .shape):
            if layer.shapes.count < Self.inputLimit { layer.shapes.append([]) }
            return .inputShape
        default: return .elsewhere
        }
    }

    private mutating func take(_ word: Word, _ value: PrototxtValue, in place: Place) {
        switch (place, word) {
        case (.root, .name): name = name ?? value.text(in: bytes)
        case (.root, .input):
            if inputNames.count < Self.inputLimit, let input = value.text(in: bytes) { inputNames.append(input) }
        case (.root, .inputDim):
            if dimensions.count < 4 * Self.inputLimit, let dimension = value.integer(in: bytes) { dimensions.append(dimension) }
        case (.root, .net), (.root, .trainNet): (isSolver, trains) = (true, trains ?? value.text(in: bytes))
        case (.root, .baseLR), (.root, .maxIter), (.root, .lrPolicy), (.root, .solverMode): isSolver = true
        case (.layer, .type), (.innerLayer, .type): layer.type = value.text(in: bytes) ?? layer.type
        case (.layer, .top):
            if layer.tops.count < Self.inputLimit, let top = value.text(in: bytes) { layer.tops.append(top) }
        case (.layer, .param), (.parameter, .name): takeParameter(value)
        case (.include, .phase): isForTraining = true
        case (.shape, .dim): Self.append(value.integer(in: bytes), to: &shapes)
        case (.inputShape, .dim): Self.append(value.integer(in: bytes), to: &layer.shapes)
        default: return
        }
    }

    private static func append(_ dimension: Int?, to shapes: inout [[Int]]) {
        guard let dimension, let last = shapes.indices.last, shapes[last].count < dimensionLimit else { return }
        shapes[last].append(dimension)
    }

    private mutating func takeParameter(_ value: PrototxtValue) {
        guard value.kind == .string, let name = value.text(in: bytes), !name.isEmpty, parametersSeen.insert(Array(name.utf8)).inserted,
            parameters.count < Self.parameterLimit
        else { return }
        parameters.append(name)
    }

    private mutating func endLayer() {
        if layer.type == "Input" {
            for (index, top) in layer.tops.enumerated() where layerInputs.count < Self.inputLimit {
                // One shape alone is that of all tops.
                let shape = layer.shapes.count == 1 ? layer.shapes[0] : index < layer.shapes.count ? layer.shapes[index] : []
                layerInputs.append(PrototxtSummary.Input(name: top, shape: shape))
            }
        }
        guard !layer.type.isEmpty else { return }
        if let count = typeCounts[layer.type] {
            typeCounts[layer.type] = count + 1
        } else if typeOrder.count < Self.typeLimit {
            typeOrder.append(layer.type)
            typeCounts[layer.type] = 1
            let type = layer.type.lowercased()
            if type.hasSuffix("data") || type.contains("loss") { isForTraining = true }
        }
    }

    /// Inputs of the net itself: each with its `input_shape`, or with four of the `input_dim`.
    private var declaredInputs: [PrototxtSummary.Input] {
        inputNames.enumerated().map { index, name in
            if index < shapes.count { return PrototxtSummary.Input(name: name, shape: shapes[index]) }
            return PrototxtSummary.Input(name: name, shape: shapes.isEmpty ? Array(dimensions.dropFirst(4 * index).prefix(4)) : [])
        }
    }

    private func kind(hasInputs: Bool) -> PrototxtSummary.Kind {
        if layerCount == 0, isSolver { return .solver }
        if isForTraining { return .training }
        if hasInputs { return .deploy }
        return layerCount > 0 ? .network : .other
    }
}
