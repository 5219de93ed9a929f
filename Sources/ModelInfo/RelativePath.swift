/// A path below some directory, checked once and for good: the only type that becomes a path on disk.
///
/// It has at least one component; none of them is empty, `.` or `..`, holds a `/` or a NUL, or is longer than
/// 255 bytes (NAME_MAX on Linux). It has no leading or trailing slash. What it names may still be a link:
/// that is `RootedDirectory`'s business, which opens it by `openat2`.
public struct RelativePath: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The path as written, components joined by `/`.
    public let description: String

    /// Accepts any structurally safe path, as found when listing directories of our own.
    /// - Throws: `PathProblem`, which says which component is wrong and why.
    public init(_ text: String) throws(PathProblem) {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= 4095 else { throw .tooLong }
        guard text.utf8.first != UInt8(ascii: "/") else { throw .absolute }
        for component in Self.parts(of: text) { try Self.check(component) }
        description = text
    }

    /// Accepts only a single plain file name, as a readme or a gist may give it: what arrives from outside.
    ///
    /// Stricter than ``init(_:)``: no separator, no leading `.` or `-`, no control, format or bidirectional characters.
    /// - Throws: `PathProblem`.
    public init(nameFromOutside text: String) throws(PathProblem) {
        guard !text.utf8.contains(slash) else { throw .separator }
        try self.init(fromOutside: text)
    }

    /// Like ``init(nameFromOutside:)``, but sub-directories are allowed: `EmotiW/VGG_S.caffemodel`.
    public init(fromOutside text: String) throws(PathProblem) {
        guard !text.utf8.contains(UInt8(ascii: "\\")) else { throw .separator }
        for component in Self.parts(of: text) {
            guard component.utf8.first != UInt8(ascii: "."), component.utf8.first != UInt8(ascii: "-") else {
                throw .hidden(String(component))
            }
        }
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                throw .invisibleCharacter(scalar)
            default: break
            }
        }
        try self.init(text)
    }

    private init(unchecked text: String) { description = text }

    /// Cut at bytes: as `Character`s, a slash and a combining mark behind it are one, and no slash.
    private static func parts(of text: String) -> [Substring] {
        text.utf8.split(separator: slash, omittingEmptySubsequences: false).map { Substring($0) }
    }

    private static func check(_ component: Substring) throws(PathProblem) {
        switch component {
        case "": throw .empty
        case ".", "..": throw .climbs
        default: break
        }
        guard component.utf8.count <= 255 else { throw .tooLong }
        guard !component.utf8.contains(0) else { throw .invisibleCharacter("\0") }
    }

    /// Whether it is one name, and leads into no other directory.
    public var isName: Bool { !description.utf8.contains(UInt8(ascii: "/")) }

    /// Whether it is named as a trained binary is, or as a part or copy of one.
    public var isCaffemodel: Bool { DirectoryReader.isCaffemodel(description) }

    /// At least one.
    public var components: [String] { Self.parts(of: description).map(String.init) }

    /// The last component: a file's or directory's own name.
    public var name: String { components[components.count - 1] }

    /// Whether a component begins with the byte `.`; a mark that combines with it to another character makes it no less hidden.
    public var isHidden: Bool {
        description.utf8.split(separator: slash).contains { $0.first == UInt8(ascii: ".") }
    }

    /// Nil for a path of one component.
    public var parent: RelativePath? {
        description.utf8.lastIndex(of: slash).map { RelativePath(unchecked: String(description[..<$0])) }
    }

    /// `self/other`. Both were checked, so this cannot fail.
    public func appending(_ other: RelativePath) -> RelativePath {
        RelativePath(unchecked: description + "/" + other.description)
    }

    /// Whether `self` is `other` or lies below it.
    public func isInside(_ other: RelativePath) -> Bool {
        self == other || description.utf8.starts(with: (other.description + "/").utf8)
    }

    /// By bytes, as the kernel compares names: two spellings of one accented letter are two files.
    public static func == (a: RelativePath, b: RelativePath) -> Bool { a.description.utf8.elementsEqual(b.description.utf8) }

    public static func < (a: RelativePath, b: RelativePath) -> Bool { a.description.utf8.lexicographicallyPrecedes(b.description.utf8) }

    /// What is equal by bytes is equal as a string too; the few paths that are only the latter share a hash.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

private let slash = UInt8(ascii: "/")

/// Why a text is no path that zood would use.
public enum PathProblem: Error, Equatable, Sendable {
    case empty, absolute, climbs, separator, tooLong
    case hidden(String)
    case invisibleCharacter(Unicode.Scalar)
}

extension PathProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty: "a part of the path is empty"
        case .absolute: "the path is absolute"
        case .climbs: "the path has a part '.' or '..'"
        case .separator: "the name holds a path separator"
        case .tooLong: "the name is longer than 255 bytes"
        case .hidden(let name): "'\(name)' begins with '.' or '-'"
        case .invisibleCharacter(let scalar): "the name holds the invisible character U+\(String(scalar.value, radix: 16, uppercase: true))"
        }
    }
}

extension RelativePath: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        do { try self.init(text) } catch {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(error)"))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
