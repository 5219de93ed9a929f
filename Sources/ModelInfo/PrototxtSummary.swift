/// What a prototxt of Caffe describes. Of a file that is no protobuf text format there is none.
public struct PrototxtSummary: Hashable, Sendable, Codable {
    /// What Caffe uses the file for.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// A net that declares its inputs, and neither reads data nor computes a loss.
        case deploy
        /// A net that reads data, computes a loss, or has layers for one phase only (`train_val.prototxt`).
        case training
        /// A net, or a part of one, that does not tell which.
        case network
        /// How a net is trained.
        case solver
        /// None of these: a label map, an empty file.
        case other
    }

    /// An input that a net declares.
    public struct Input: Hashable, Sendable, Codable {
        public let name: String
        /// Dimensions in their order, mostly batch, channels, height, width; empty when the file does not tell them.
        public let shape: [Int]

        public init(name: String, shape: [Int]) {
            (self.name, self.shape) = (name, shape)
        }
    }

    /// How often a type of layer occurs.
    public struct LayerType: Hashable, Sendable, Codable {
        /// As written: `Convolution`, or `CONVOLUTION` in older files.
        public let type: String
        public let count: Int

        public init(type: String, count: Int) {
            (self.type, self.count) = (type, count)
        }
    }

    /// The file's name in the model directory.
    public let file: String
    public let kind: Kind
    /// What the net calls itself; nil when it does not.
    public let name: String?
    /// For a solver, the file of the net that it trains, as written; nil when it names none.
    public let trains: String?
    /// In the order of the file, at most 100.
    public let inputs: [Input]
    /// Number of layers, of all phases together.
    public let layers: Int
    /// In the order of their first occurrence, at most 100.
    public let layerTypes: [LayerType]
    /// Names that the file gives to learned parameters (`param { name: … }`), each once, in the order of the file, at most 1000.
    public let parameters: [String]
    /// How many there are.
    public let parameterCount: Int

    public init(
        file: String, kind: Kind, name: String? = nil, trains: String? = nil, inputs: [Input] = [], layers: Int = 0,
        layerTypes: [LayerType] = [], parameters: [String] = [], parameterCount: Int? = nil
    ) {
        (self.file, self.kind, self.name, self.trains) = (file, kind, name, trains)
        (self.inputs, self.layers, self.layerTypes) = (inputs, layers, layerTypes)
        (self.parameters, self.parameterCount) = (parameters, parameterCount ?? parameters.count)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(kind, forKey: .kind)
        try container.encode(name, forKey: .name)
        try container.encode(trains, forKey: .trains)
        try container.encode(inputs, forKey: .inputs)
        try container.encode(layers, forKey: .layers)
        try container.encode(layerTypes, forKey: .layerTypes)
        try container.encode(parameters, forKey: .parameters)
        try container.encode(parameterCount, forKey: .parameterCount)
    }
}
