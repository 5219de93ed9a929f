import FoundationEssentials

/// How wire types become bytes: the same in the daemon, in zooctl and in what `--json` prints.
public enum ControlCoding {
    /// One line: keys sorted, dates `2026-11-20T08:12:00Z`, slashes as they are, no line end.
    public static func line(_ value: some Encodable) throws -> [UInt8] {
        try encode(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    /// The same for people: indented, with a line end.
    public static func document(_ value: some Encodable) throws -> [UInt8] {
        try encode(value, [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]) + [UInt8(ascii: "\n")]
    }

    /// - Throws: `DecodingError` for what is no JSON or lacks a key.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            guard let date = Timestamp.date(text) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is no RFC 3339 time in UTC"))
            }
            return date
        }
        return try decoder.decode(type, from: Data(bytes))
    }

    private static func encode(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Timestamp.text(date))
        }
        encoder.outputFormatting = formatting
        return [UInt8](try encoder.encode(value))
    }
}
