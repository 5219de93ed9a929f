/// Any JSON, to compare documents by what they say. Texts are compared by their scalars: "é" in one piece or in two is not the same answer.
enum JSONValue: Hashable, Sendable, Decodable, CustomStringConvertible {
    case null
    case bool(Bool)
    case number(Double)
    case string([Unicode.Scalar])
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Key.self) {
            self = .object(
                try Dictionary(uniqueKeysWithValues: object.allKeys.map { ($0.stringValue, try object.decode(JSONValue.self, forKey: $0)) })
            )
        } else if var array = try? decoder.unkeyedContainer() {
            var elements: [JSONValue] = []
            while !array.isAtEnd { elements.append(try array.decode(JSONValue.self)) }
            self = .array(elements)
        } else {
            let value = try decoder.singleValueContainer()
            self =
                if value.decodeNil() {
                    .null
                } else if let bool = try? value.decode(Bool.self) {
                    .bool(bool)
                } else if let number = try? value.decode(Double.self) {
                    .number(number)
                } else {
                    .string(Array(try value.decode(String.self).unicodeScalars))
                }
        }
    }

    subscript(key: String) -> JSONValue? {
        if case .object(let all) = self { all[key] } else { nil }
    }

    var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    var string: String? {
        guard case .string(let scalars) = self else { return nil }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    var strings: [String]? { elements?.compactMap(\.string) }

    /// Every key of this object is in the other with the same value, where null also stands for an absent key; other values are the same.
    func isPart(of whole: JSONValue) -> Bool {
        guard case .object(let parts) = self, case .object(let all) = whole else { return self == whole }
        return parts.allSatisfy { $0.value == all[$0.key] ?? .null }
    }

    var description: String {
        switch self {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .number(let number): number == number.rounded() ? "\(Int(number))" : "\(number)"
        case .string: "\"\((string ?? "").map { $0.asciiValue.map { $0 < 32 } == true ? "\\" : String($0) }.joined())\""
        case .array(let elements): "[" + elements.map(\.description).joined(separator: ", ") + "]"
        case .object(let all): "{" + all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
