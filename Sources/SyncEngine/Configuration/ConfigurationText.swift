import Yams

/// Puts one source's settings over a configuration: the file's text, or a variable's value.
enum ConfigurationText {
    /// Longer files are a mistake.
    static let maximumByteCount = 1 << 20

    /// Reads a whole file's text.
    static func apply(_ bytes: [UInt8], to configuration: inout Configuration, _ reading: inout ConfigurationReading) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return reading.report("the file is no UTF-8 text", at: nil)
        }
        if let node = compose(text, &reading) { Configuration.read(node, into: &configuration, &reading) }
    }

    /// Sets one key, such as `["verify", "every"]`, from a variable's text: a scalar is taken as written, a list is read as YAML.
    static func apply(
        _ text: String, at path: [String], isScalar: Bool, to configuration: inout Configuration, _ reading: inout ConfigurationReading
    ) {
        let value = isScalar ? Node(text, .implicit, .plain) : compose(text, &reading)
        guard let value else { return }
        let node = path.reversed().reduce(value) { Node([(Node($1), $0)]) }
        Configuration.read(node, into: &configuration, &reading)
    }

    private static func compose(_ text: String, _ reading: inout ConfigurationReading) -> Node? {
        do { return try Yams.compose(yaml: text) } catch let error as YamlError {
            let (message, mark) = explain(error)
            reading.report(message, line: mark?.line, column: mark?.column)
        } catch {
            reading.report("is no YAML: \(error)", at: nil)
        }
        return nil
    }

    private static func explain(_ error: YamlError) -> (message: String, mark: Mark?) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            ("is no YAML: \(context.map { $0.text + ": " } ?? "")\(problem)", mark)
        case .reader(let problem, _, let value, _):
            ("is no YAML: \(problem) (U+\(String(value, radix: 16, uppercase: true)))", nil)
        case .duplicatedKeysInMapping(let duplicates, let context):
            ("\(duplicates.sorted().map { "'\(shown($0))'" }.joined(separator: ", ")) stands here more than once", context.mark)
        default:
            ("is no YAML: \(shown("\(error)"))", nil)
        }
    }
}
