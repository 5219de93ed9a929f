/// The `expected.json` of a case: one model directory called `model`, or `models` by the names of their directories.
struct ExpectedCase: Decodable {
    let models: [String: ExpectedModel]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        models =
            if container.contains(.models) {
                try container.decode([String: ExpectedModel].self, forKey: .models)
            } else {
                ["model": try ExpectedModel(from: decoder)]
            }
    }

    private enum CodingKeys: String, CodingKey { case models }
}

/// What is expected of one model's object of `zood.lint/1`. What is absent here is not looked at.
struct ExpectedModel: Decodable {
    /// What the object must hold, key by key; objects and lists of objects may hold more keys than named here.
    let object: [String: JSONValue]
    /// Every diagnostic must be one of these, and each of these must be there; nil when they are not looked at.
    let diagnostics: [JSONValue]?
    /// Codes about which the documents leave a choice.
    let also: Set<String>
    /// What must appear nowhere in the report: secrets.
    let absent: [String]

    init(from decoder: any Decoder) throws {
        var all = try [String: JSONValue](from: decoder)
        also = Set(all.removeValue(forKey: "also")?.strings ?? [])
        absent = all.removeValue(forKey: "absent")?.strings ?? []
        diagnostics = all.removeValue(forKey: "diagnostics")?.elements
        all["why"] = nil
        object = all
    }

    /// What differs, a line each; empty when all is as expected.
    func differences(from model: JSONValue) -> [String] {
        guard case .object(let got) = model else { return ["no object: \(model)"] }
        var differences = object.sorted { $0.key < $1.key }.flatMap { key, value in
            Self.differences(at: key, expected: value, got: got[key], isUnordered: key == "publish" || key == "skipped")
        }
        if let diagnostics { differences += self.differences(from: got["diagnostics"]?.elements ?? [], expected: diagnostics) }
        let text = model.description
        differences += absent.filter(text.contains).map { "shows what must not be shown: \($0)" }
        return differences
    }

    private func differences(from got: [JSONValue], expected: [JSONValue]) -> [String] {
        let missing = expected.filter { one in !got.contains { one.isPart(of: $0) } }.map { "diagnostic missing: \($0)" }
        let tooMany = got.filter { one in
            !also.contains(one["code"]?.string ?? "") && !expected.contains { $0.isPart(of: one) }
        }
        let repeated = Dictionary(grouping: got) { "\($0.place)" }.values.filter { $0.count > 1 }.map(\.[0])
        return missing + tooMany.map { "diagnostic not expected: \($0.place)" } + repeated.map { "diagnostic given twice: \($0.place)" }
    }

    private static func differences(at key: String, expected: JSONValue, got: JSONValue?, isUnordered: Bool) -> [String] {
        guard let got else { return ["\(key): absent, expected \(expected)"] }
        switch (expected, got) {
        case (.object(let parts), .object(let whole)) where key == "extra":
            return parts == whole ? [] : ["extra: expected \(expected), got \(got)"]
        case (.object(let parts), .object(let whole)):
            return parts.sorted { $0.key < $1.key }.flatMap {
                differences(at: "\(key).\($0.key)", expected: $0.value, got: whole[$0.key], isUnordered: false)
            }
        case (.array(let parts), .array(let whole)) where isUnordered:
            let missing = parts.filter { part in !whole.contains { part.isPart(of: $0) } }
            let tooMany = whole.filter { one in !parts.contains { $0.isPart(of: one) } }
            return missing.map { "\(key): missing \($0)" } + tooMany.map { "\(key): not expected \($0)" }
        case (.array(let parts), .array(let whole)):
            guard parts.count == whole.count else { return ["\(key): expected \(parts.count) of them, got \(got)"] }
            return zip(parts, whole).enumerated().flatMap {
                differences(at: "\(key)[\($0.offset)]", expected: $0.element.0, got: $0.element.1, isUnordered: false)
            }
        default: return expected.allows(got) ? [] : ["\(key): expected \(expected), got \(got)"]
        }
    }
}

extension JSONValue {
    /// The value itself, or one of `{"either": [...]}` where the documents leave a choice.
    func allows(_ got: JSONValue) -> Bool { self["either"]?.elements?.contains(got) ?? (self == got) }

    /// A diagnostic without its words.
    fileprivate var place: JSONValue {
        guard case .object(let all) = self else { return self }
        return .object(all.filter { ["code", "file", "line", "column", "field"].contains($0.key) })
    }
}
