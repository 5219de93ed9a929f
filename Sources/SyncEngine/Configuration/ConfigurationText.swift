import PlainYAML

/// Puts one source's settings over a configuration: the file's text, or a variable's value.
enum ConfigurationText {
    /// Longer files are a mistake.
    static let maximumByteCount = 1 << 20

    /// Reads a whole file's text.
    static func apply(_ bytes: [UInt8], to configuration: inout Configuration, _ reading: inout ConfigurationReading) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return reading.report("the file is no UTF-8 text", at: nil)
        }
        parse(text, &reading) { node, reading in Configuration.read(node, into: &configuration, &reading) }
    }

    /// Sets one key, such as `["verify", "every"]`, from a variable's text: a scalar is taken as written, a list is read as YAML.
    static func apply(
        _ text: String, at path: [String], isScalar: Bool, to configuration: inout Configuration, _ reading: inout ConfigurationReading
    ) {
        func set(_ value: YAMLNode, _ reading: inout ConfigurationReading) {
            let node = path.reversed().reduce(value) { below, key in
                YAMLNode(.mapping([YAMLNode.Pair(key: YAMLNode(.scalar(key, .plain)), value: below)]))
            }
            Configuration.read(node, into: &configuration, &reading)
        }
        if isScalar { set(YAMLNode(.scalar(text, .plain)), &reading) } else { parse(text, &reading, set) }
    }

    /// Lends the document; nothing is lent when it is empty or no YAML.
    private static func parse(
        _ text: String, _ reading: inout ConfigurationReading, _ use: (YAMLNode, inout ConfigurationReading) -> Void
    ) {
        do throws(YAMLProblem) {
            if let node = try YAMLNode(text: text) { use(node, &reading) }
        } catch {
            switch error {
            case .refused(let mark, let what): reading.report("\(shown(what)) is not understood here", line: mark.line, column: mark.column)
            case .invalid(let mark, let why): reading.report("is no YAML: \(shown(why))", line: mark.line, column: mark.column)
            }
        }
    }
}
