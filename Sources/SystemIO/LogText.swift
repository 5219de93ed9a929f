import Logging

/// How log messages become text.
package enum LogText {
    /// Control, format and line-separating characters as `\n`, `\t` or `\u{…}`: text from outside cannot forge a line or move a cursor.
    package static func escaped(_ text: String) -> String {
        // Most texts need nothing.
        guard text.unicodeScalars.contains(where: needsEscape) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where needsEscape(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// Metadata of handler, provider, event and error in this order: a later one wins. Sorted by key.
    package static func fields(
        handler: Logger.Metadata, provider: Logger.MetadataProvider?, event: LogEvent
    ) -> [(key: String, value: String)] {
        var all = handler
        if let provided = provider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error, all["error"] == nil { all["error"] = "\(error)" }
        return all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
    }
}
