import ArgumentParser
import SystemIO

/// How text may look on this terminal: colour, signs beyond ASCII, width.
struct Style: Hashable {
    enum Color: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

    enum Paint: Int { case red = 31, green = 32, yellow = 33, blue = 34, dim = 2, bold = 1 }

    let hasColor: Bool
    /// Whether the locale's encoding is UTF-8; else signs are ASCII.
    let isUTF8: Bool
    /// Columns; nil when lines are not to be cut.
    let width: Int?

    init(hasColor: Bool, isUTF8: Bool, width: Int?) {
        (self.hasColor, self.isUTF8, self.width) = (hasColor, isUTF8, width)
    }

    init(_ color: Color, environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let isTerminal = Terminal.isOne(.standardOutput)
        let locale = (value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? "").lowercased()
        let isPlain = value("NO_COLOR") != nil || value("TERM") == "dumb"
        self.init(
            hasColor: color == .always || color == .auto && isTerminal && !isPlain,
            isUTF8: locale.hasSuffix("utf-8") || locale.hasSuffix("utf8"),
            width: isTerminal ? Terminal.columns(of: .standardOutput) ?? value("COLUMNS").flatMap { Int($0) } ?? 80 : nil)
    }

    func painted(_ text: String, _ paint: Paint?) -> String {
        guard hasColor, let paint, !text.isEmpty else { return text }
        return "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m"
    }

    /// The end of a text that was cut.
    var ellipsis: String { isUTF8 ? "…" : "..." }
}
