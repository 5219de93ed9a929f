import ModelInfo
import PlainYAML

/// A part of the configuration: a struct whose properties are its keys' values and, freshly made, their defaults.
///
/// `keys` is the one table of a section. The reader of the file, the `ZOOD_*` variables, `docs/configuration.md` and the
/// commented `etc/zood/zood.yaml` all come from it.
protocol ConfigurationSection: Equatable, Sendable {
    init()
    static var keys: [ConfigurationKey<Self>] { get }
    /// What is wrong between values that are each right by themselves: the key to point at, and a whole sentence.
    func contradictions() -> [(key: String, message: String)]
}

extension ConfigurationSection {
    func contradictions() -> [(key: String, message: String)] { [] }
}

/// One key: how it is read, and what the reference says of it.
struct ConfigurationKey<Section: ConfigurationSection>: Sendable {
    let documentation: KeyDocumentation
    let isRequired: Bool
    let read: @Sendable (YAMLNode, inout Section, inout ConfigurationReading) -> Void
    /// Walks on into sections below.
    let contradictions: @Sendable (Section, _ path: String) -> [(path: String, message: String)]

    var name: String { documentation.name }
}

/// What people are told about a key.
struct KeyDocumentation: Sendable {
    enum Shape: Sendable { case scalar, list, section, sectionList }

    let name: String
    let shape: Shape
    /// The type in words; empty for sections.
    let kind: String
    /// As it stands in the file.
    let defaultText: String
    let bounds: String?
    let meaning: String
    var children: [KeyDocumentation] = []
    /// Lines that show a list's use, commented out in the delivered file.
    var example: [String] = []
}

extension ConfigurationSection {
    /// Reads a mapping's keys into a section; every wrong one becomes a problem and keeps its default.
    static func read(_ node: YAMLNode, into section: inout Self, _ reading: inout ConfigurationReading) {
        if node.isNull { return }
        guard case .mapping(let pairs) = node.content else {
            reading.report("has to be a block of 'key: value' lines", at: node)
            return
        }
        let names = keys.map(\.name)
        var seen: Set<String> = []
        for pair in pairs {
            let text = pair.key.text ?? ""
            guard let key = keys.first(where: { $0.name == text }) else {
                let guess = Spelling.nearest(to: text, among: names).map { "did you mean '\($0)'?" }
                reading.report("unknown key '\(shown(text))'; \(guess ?? "known are \(names.joined(separator: ", "))")", at: pair.key)
                continue
            }
            guard seen.insert(text).inserted else {
                reading.report("'\(text)' stands here more than once", at: pair.key)
                continue
            }
            reading.descend(to: key.name, at: pair.value) { reading in key.read(pair.value, &section, &reading) }
        }
        for key in keys where key.isRequired && !seen.contains(key.name) {
            reading.report("'\(key.name)' is missing", at: node)
        }
    }

    /// Every contradiction of this section and the ones below it, with the path of the key.
    func allContradictions(below path: String = "") -> [(path: String, message: String)] {
        let prefix = path.isEmpty ? "" : path + "."
        return contradictions().map { (prefix + $0.key, $0.message) }
            + Self.keys.flatMap { $0.contradictions(self, prefix + $0.name) }
    }
}

extension ConfigurationKey {
    typealias Place<Value> = WritableKeyPath<Section, Value> & Sendable

    private static func leaf(
        _ documentation: KeyDocumentation, isRequired: Bool = false,
        read: @escaping @Sendable (YAMLNode, inout Section, inout ConfigurationReading) -> Void
    ) -> ConfigurationKey {
        ConfigurationKey(documentation: documentation, isRequired: isRequired, read: read) { _, _ in [] }
    }

    /// A scalar.
    static func value<Value: ConfigurationValue>(
        _ name: String, _ place: Place<Value>, isRequired: Bool = false, default text: String? = nil, accepts: String? = nil,
        _ meaning: String
    ) -> ConfigurationKey {
        let written = text ?? yaml(Section()[keyPath: place].configured)
        let documentation = KeyDocumentation(
            name: name, shape: .scalar, kind: Value.kind, defaultText: written, bounds: accepts, meaning: meaning)
        return leaf(documentation, isRequired: isRequired) { node, section, reading in
            if let value: Value = reading.scalar(node) { section[keyPath: place] = value }
        }
    }

    /// A scalar with a smallest and a largest value.
    static func value<Value: ConfigurationValue & Comparable>(
        _ name: String, _ place: Place<Value>, in bounds: ClosedRange<Value>, _ meaning: String
    ) -> ConfigurationKey {
        let documentation = KeyDocumentation(
            name: name, shape: .scalar, kind: Value.kind, defaultText: yaml(Section()[keyPath: place].configured),
            bounds: ConfigurationReading.words(bounds), meaning: meaning)
        return leaf(documentation) { node, section, reading in
            if let value = reading.scalar(node, in: bounds) { section[keyPath: place] = value }
        }
    }

    /// A scalar, or null when there is none.
    static func nullable<Value: ConfigurationValue>(
        _ name: String, _ place: Place<Value?>, default text: String = "null", _ meaning: String
    ) -> ConfigurationKey {
        let documentation = KeyDocumentation(
            name: name, shape: .scalar, kind: Value.kind + " or null", defaultText: text, bounds: nil, meaning: meaning)
        return leaf(documentation) { node, section, reading in
            if node.isNull {
                section[keyPath: place] = nil
            } else if let value: Value = reading.scalar(node) {
                section[keyPath: place] = value
            }
        }
    }

    /// A scalar within bounds, or `off`.
    static func switchable<Value: ConfigurationValue & Comparable>(
        _ name: String, _ place: Place<Value?>, in bounds: ClosedRange<Value>, _ meaning: String
    ) -> ConfigurationKey {
        let documentation = KeyDocumentation(
            name: name, shape: .scalar, kind: Value.kind + " or off", defaultText: Section()[keyPath: place]?.configured ?? "off",
            bounds: ConfigurationReading.words(bounds), meaning: meaning)
        return leaf(documentation) { node, section, reading in
            if node.text == "off" {
                section[keyPath: place] = nil
            } else if let value = reading.scalar(node, in: bounds) {
                section[keyPath: place] = value
            }
        }
    }

    /// A list of scalars.
    static func list<Value: ConfigurationValue>(
        _ name: String, _ place: Place<[Value]>, isRequired: Bool = false, _ meaning: String, example: [String] = []
    ) -> ConfigurationKey {
        let written = "[" + Section()[keyPath: place].map { yaml($0.configured) }.joined(separator: ", ") + "]"
        let documentation = KeyDocumentation(
            name: name, shape: .list, kind: "list of \(Value.kind)", defaultText: written, bounds: nil, meaning: meaning, example: example)
        return leaf(documentation, isRequired: isRequired) { node, section, reading in
            section[keyPath: place] = reading.items(of: node).compactMap { item in reading.scalar(item) }
        }
    }

    /// A block of further keys.
    static func section<Below: ConfigurationSection>(_ name: String, _ place: Place<Below>, _ meaning: String) -> ConfigurationKey {
        let documentation = KeyDocumentation(
            name: name, shape: .section, kind: "", defaultText: "", bounds: nil, meaning: meaning, children: Below.keys.map(\.documentation)
        )
        return ConfigurationKey(documentation: documentation, isRequired: false) { node, section, reading in
            Below.read(node, into: &section[keyPath: place], &reading)
        } contradictions: { section, path in
            section[keyPath: place].allContradictions(below: path)
        }
    }

    /// A list of blocks; the file's list replaces the default one.
    static func sections<Below: ConfigurationSection>(
        _ name: String, _ place: Place<[Below]>, default text: String, _ meaning: String, example: [String]
    ) -> ConfigurationKey {
        let documentation = KeyDocumentation(
            name: name, shape: .sectionList, kind: "list of blocks", defaultText: text, bounds: nil, meaning: meaning,
            children: Below.keys.map(\.documentation), example: example)
        return ConfigurationKey(documentation: documentation, isRequired: false) { node, section, reading in
            section[keyPath: place] = []
            for (index, item) in reading.items(of: node).enumerated() {
                var below = Below()
                reading.descend(to: "[\(index)]", at: item) { reading in
                    if item.isNull { return reading.report("is empty", at: item) }
                    Below.read(item, into: &below, &reading)
                }
                section[keyPath: place].append(below)
            }
        } contradictions: { section, path in
            section[keyPath: place].enumerated().flatMap { $1.allContradictions(below: "\(path)[\($0)]") }
        }
    }
}

/// A scalar as YAML text: in double quotes wherever YAML could take the plain text for something else.
private func yaml(_ text: String) -> String {
    // YAML 1.1 takes a number that begins with 0 for octal.
    let isOctalLike = text.count > 1 && text.first == "0" && text.allSatisfy { "0123456789".contains($0) }
    let isPlain = text.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0123456789_./+%-".unicodeScalars.contains($0) || $0 == ":"
    }
    let isAddress = text.hasPrefix("https://") && isPlain
    let needsQuotes = text.isEmpty || !isPlain || isOctalLike || (text.contains(":") && !isAddress)
    return needsQuotes ? "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"" : text
}
