@testable import SyncEngine

/// Writes what people read about the configuration out of the keys' own tables: `docs/configuration.md` and `etc/zood/zood.yaml`.
enum ConfigurationReference {
    private static let keys = Configuration.keys.map(\.documentation)
    private static let regenerate = "`ZOOD_UPDATE_DOCS=1 swift test --filter ConfigurationReference` writes it anew."

    // MARK: docs/configuration.md

    static var markdown: String {
        let tops = keys.flatMap { section($0, path: $0.name, level: 2) }
        return ([introduction] + tops + [values, variables]).joined(separator: "\n\n") + "\n"
    }

    private static let introduction = """
        # Configuration

        <!-- Generated from the types in Sources/SyncEngine/Configuration. \(regenerate) -->

        One YAML file: `/etc/zood/zood.yaml` for the service, `$XDG_CONFIG_HOME/zood/zood.yaml` by hand, or what `--config` names. Every key is optional, and
        zood runs without the file. `zood --check` judges it and names every mistake with line and column; an unknown key is a mistake.
        Flags beat `ZOOD_*` [variables](#variables), which beat the file, which beats the defaults.
        `zooctl reload` or SIGHUP loads everything anew, all or nothing; a change of the state directory or the socket needs a restart.
        """

    private static func section(_ key: KeyDocumentation, path: String, level: Int) -> [String] {
        let title = String(repeating: "#", count: level) + " `\(path)`"
        var parts = [title, key.meaning]
        if key.shape == .sectionList { parts.append("A list; each entry has the keys below. Default: \(key.defaultText).") }
        let leaves = key.children.filter { $0.shape == .scalar || $0.shape == .list }
        if !leaves.isEmpty {
            let rows = leaves.map { "| `\($0.name)` | \(cell($0.kind)) | \(code($0.defaultText)) | \(cell(meaning($0))) |" }
            parts.append((["| key | value | default | meaning |", "|---|---|---|---|"] + rows).joined(separator: "\n"))
        }
        let examples = ([key] + leaves).filter { !$0.example.isEmpty }
        if !examples.isEmpty { parts.append("```yaml\n" + examples.map { example($0, in: key) }.joined(separator: "\n") + "\n```") }
        let below = key.children.filter { $0.shape == .section }
        return parts + below.flatMap { section($0, path: "\(path).\($0.name)", level: level + 1) }
    }

    private static func example(_ key: KeyDocumentation, in section: KeyDocumentation) -> String {
        key.shape == .sectionList
            ? ([key.name + ":"] + key.example.map { "  " + $0 }).joined(separator: "\n")
            : "\(section.name): { \(key.name): \(key.example.joined()) }"
    }

    private static func meaning(_ key: KeyDocumentation) -> String {
        key.meaning + (key.bounds.map { " \($0)." } ?? "")
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

    /// Defaults in words stay words.
    private static func code(_ text: String) -> String { text.contains(" ") && !text.hasPrefix("[") ? text : "`\(text)`" }

    private static let values = """
        ## Values

        | value | written as |
        |---|---|
        | duration | a whole number and a unit: `500ms`, `90s`, `15m`, `6h`, `30d` |
        | size | a whole number and a unit: `512KiB`, `1MiB`, `20GB`; with `i` in steps of 1024, without in steps of 1000 |
        | rate | a size and `/s`: `20MiB/s` |
        | file mode | octal, best in quotes: `"0664"`; never writable by everybody |
        | times of the week | days and local times: `"Mon..Fri 20:00-06:00"`, `"Sat,Sun 00:00-24:00"`, `"22:00-06:00"` for every day; after midnight it still belongs to the day it began on |
        | address range | an address and how many of its bits count: `10.0.0.0/8`, `fd00::/8`; or one address |
        | https address | without user name, password or query; `http://` only to this machine itself |
        | absolute path | begins with `/`; `~` and variables are not expanded |
        """

    private static var variables: String {
        let places = ConfigurationVariables.places.map { "| `\($0.name)` | \($0.meaning) |" }
        return """
            ## Variables

            | variable | meaning |
            |---|---|
            \(places.joined(separator: "\n"))

            Every other key that is a value or a list of values has a variable of its own: `ZOOD_`, then the key's path in capitals with `_` for the dots.
            `ZOOD_VERIFY_EVERY=7d` is `verify.every`; a list is written as in YAML, `ZOOD_NETWORK_NO_PROXY='[.example.org]'`.
            """
    }

    // MARK: etc/zood/zood.yaml

    static var yaml: String {
        let head = """
            # Configuration of zood. Everything here is commented out and shows the default: take the '#' away from '#key' to change it.
            # Meaning of all keys and values: docs/configuration.md. Judge a change with 'zood --check', put it to work with 'zooctl reload'.
            """
        return ([head] + keys.map(block)).joined(separator: "\n\n") + "\n"
    }

    private static func block(_ key: KeyDocumentation) -> String {
        let lines: [String] =
            switch key.shape {
            case .sectionList:
                comment("\(key.meaning) Default: \(key.defaultText).", "") + ["#\(key.name):"] + key.example.map { "#  " + $0 }
            default: comment(key.meaning, "") + ["\(key.name):"] + key.children.flatMap { key in Self.lines(of: key, indent: "  ") }
            }
        return lines.joined(separator: "\n")
    }

    private static func lines(of key: KeyDocumentation, indent: String) -> [String] {
        let head = comment(meaning(key) + (key.kind.isEmpty ? "" : " (\(key.kind))"), indent)
        if key.shape == .section { return head + ["\(indent)\(key.name):"] + key.children.flatMap { lines(of: $0, indent: indent + "  ") } }
        return head + ["\(indent)#\(key.name): \(key.defaultText)"]
    }

    /// Prose as comment lines of at most 120 characters. Backquotes are for Markdown only.
    private static func comment(_ text: String, _ indent: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.replacing("`", with: "").split(separator: " ") {
            if !line.isEmpty, indent.count + 2 + line.count + 1 + word.count > 120 {
                lines.append("\(indent)# \(line)")
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + ["\(indent)# \(line)"]
    }
}
