import SystemPackage

/// One watched directory tree.
public struct ZooConfiguration: Equatable, Sendable {
    /// Whether zood may write into the tree.
    public enum Mode: String, Sendable, CaseIterable {
        /// `gist_id` lines, pulled text, binaries.
        case readWrite = "read-write"
        /// zood never writes into the tree: no `gist_id` line, no binaries; it still verifies and reports.
        case readOnly = "read-only"
    }

    /// Absolute.
    public var path: FilePath
    /// The name as given; nil when none is.
    public var givenName: ZooName?
    /// Whether zood may write into it.
    public var mode = Mode.readWrite

    /// - Parameter path: Absolute.
    public init(path: FilePath, name: ZooName? = nil, mode: Mode = .readWrite) {
        (self.path, givenName, self.mode) = (path, name, mode)
    }

    /// What models' ids are prefixed with where several zoos exist; by default the path's last component.
    public var name: String { givenName?.text ?? path.lastComponent?.string ?? "" }
}

/// A zoo's name: 1 to 64 bytes, without `:`, `/`, blanks and invisible characters, not beginning with `.` or `-`.
public struct ZooName: Hashable, Sendable {
    /// As given.
    public let text: String
}

extension ZooConfiguration.Mode: ConfigurationWord {}

extension ZooName: ConfigurationValue {
    static var kind: String { "name" }

    init(configured text: String) throws(ValueProblem) {
        self.text = try String(configured: text)
        guard text.utf8.count <= 64 else { throw ValueProblem("is longer than 64 bytes") }
        guard !text.utf8.contains(UInt8(ascii: ":")), !text.utf8.contains(UInt8(ascii: "/")), !text.contains(where: \.isWhitespace) else {
            throw ValueProblem("is no name for a zoo: it may not hold ':', '/' or blanks")
        }
        guard text.utf8.first != UInt8(ascii: "."), text.utf8.first != UInt8(ascii: "-") else {
            throw ValueProblem("is no name for a zoo: it may not begin with '.' or '-'")
        }
    }

    var configured: String { text }
}

extension ZooConfiguration: ConfigurationSection {
    init() { self.init(path: "/") }

    static var keys: [ConfigurationKey<ZooConfiguration>] {
        [
            .value("path", \.path, isRequired: true, default: "none, required", "The zoo's root."),
            .nullable("name", \.givenName, default: "the path's last component", "What `ZOO:MODEL` calls it. No two zoos share a name."),
            .value("mode", \.mode, "`read-only`: never write into it (no `gist_id` line, no binaries), still verify and report."),
        ]
    }

    func contradictions() -> [(key: String, message: String)] {
        guard path != "/" else { return [("path", "the root of the file system is no zoo")] }
        guard givenName == nil else { return [] }
        do throws(ValueProblem) { _ = try ZooName(configured: name) } catch {
            return [("path", "'\(shown(name))' \(error.text); give the zoo a name:")]
        }
        return []
    }
}
