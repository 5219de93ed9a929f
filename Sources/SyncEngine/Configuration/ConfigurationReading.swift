import PlainYAML

/// The state of reading one source (the file, or one variable): where we are, and all that is wrong so far.
struct ConfigurationReading {
    /// What messages begin with: the file's path or the variable's name.
    let source: String
    private(set) var problems: [ConfigurationProblem] = []
    /// Where each key's value stands.
    private var marks: [String: YAMLMark] = [:]
    private var path = ""

    /// Longer lists are a mistake.
    private static let maximumItemCount = 1000

    init(source: String, problems: [ConfigurationProblem] = []) { (self.source, self.problems) = (source, problems) }

    mutating func descend(to name: String, at node: YAMLNode, _ body: (inout ConfigurationReading) -> Void) {
        let outer = path
        path += (path.isEmpty || name.hasPrefix("[") ? "" : ".") + name
        marks[path] = node.mark
        body(&self)
        path = outer
    }

    /// Where the key's value stands, or the block that it should stand in.
    func mark(nearest path: String) -> YAMLMark? {
        var path = Substring(path)
        while !path.isEmpty {
            if let mark = marks[String(path)] { return mark }
            path = path.lastIndex { $0 == "." || $0 == "[" }.map { path[..<$0] } ?? ""
        }
        return nil
    }

    mutating func report(_ message: String, at node: YAMLNode?) {
        report(message, line: node?.mark?.line, column: node?.mark?.column)
    }

    mutating func report(_ message: String, line: Int?, column: Int?) {
        problems.append(
            ConfigurationProblem(source: source, line: line, column: column, key: path.isEmpty ? nil : path, message: message))
    }

    /// The value of a scalar node; nil, and a problem, when it is none.
    mutating func scalar<Value: ConfigurationValue>(_ node: YAMLNode) -> Value? {
        guard let text = node.text else {
            report("has to be one value (\(Value.kind)), not a list or a block", at: node)
            return nil
        }
        guard !node.isNull else {
            report("has no value; write one (\(Value.kind)) or take the line out", at: node)
            return nil
        }
        do throws(ValueProblem) { return try Value(configured: text) } catch {
            report("\"\(shown(text))\" \(error.text)", at: node)
            return nil
        }
    }

    mutating func scalar<Value: ConfigurationValue & Comparable>(_ node: YAMLNode, in bounds: ClosedRange<Value>) -> Value? {
        guard let value: Value = scalar(node) else { return nil }
        guard bounds.contains(value) else {
            let side = value < bounds.lowerBound ? "too small" : "too large"
            report("\"\(shown(value.configured))\" is \(side); from \(Self.words(bounds))", at: node)
            return nil
        }
        return value
    }

    static func words<Value: ConfigurationValue & Comparable>(_ bounds: ClosedRange<Value>) -> String {
        "\(bounds.lowerBound.configured) to \(bounds.upperBound.configured)"
    }

    /// The items of a list; none, and a problem, when the node is no list.
    mutating func items(of node: YAMLNode) -> [YAMLNode] {
        if node.isNull { return [] }
        guard case .sequence(let items) = node.content else {
            report("has to be a list; write e.g. [a, b]", at: node)
            return []
        }
        guard items.count <= Self.maximumItemCount else {
            report("has \(items.count) items; at most \(Self.maximumItemCount) are taken", at: node)
            return []
        }
        return items
    }
}

extension YAMLNode {
    /// An empty value, `~` or `null`, not in quotes.
    var isNull: Bool {
        guard case .scalar(let text, .plain) = content else { return false }
        return ["", "~", "null"].contains(text)
    }
}

/// Text of a configuration as it may stand in a message: one line, no control characters, at most 80 characters.
func shown(_ text: String) -> String {
    let escaped = text.unicodeScalars.prefix(81).map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: "\\u{\(String(scalar.value, radix: 16))}"
        default: String(scalar)
        }
    }
    return escaped.prefix(80).joined() + (escaped.count > 80 ? "…" : "")
}
