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
        parse(text, &reading) { node, reading in Configuration.read(node, into: &configuration, &reading) }
    }

    /// Sets one key, such as `["verify", "every"]`, from a variable's text: a scalar is taken as written, a list is read as YAML.
    static func apply(
        _ text: String, at path: [String], isScalar: Bool, to configuration: inout Configuration, _ reading: inout ConfigurationReading
    ) {
        func set(_ value: Node, _ reading: inout ConfigurationReading) {
            let node = path.reversed().reduce(value) { Node([(Node($1), $0)]) }
            Configuration.read(node, into: &configuration, &reading)
        }
        if isScalar { set(Node(text, .implicit, .plain), &reading) } else { parse(text, &reading, set) }
    }

    /// Lends the document; nothing is lent when it is empty or no YAML.
    private static func parse(
        _ text: String, _ reading: inout ConfigurationReading, _ use: (Node, inout ConfigurationReading) -> Void
    ) {
        do {
            let parser = try Parser(yaml: text)
            guard let node = try parser.singleRoot() else { return }
            // A node's anchor is a weak reference to what the parser holds: without the parser anchors would go unseen.
            withExtendedLifetime(parser) { use(node, &reading) }
        } catch let error as YamlError {
            let (message, mark) = explain(error)
            reading.report(message, line: mark?.line, column: mark?.column)
        } catch {
            reading.report("is no YAML: \(shown("\(error)"))", at: nil)
        }
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
