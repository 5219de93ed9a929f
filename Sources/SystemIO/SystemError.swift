import CLinux

/// A system call that failed: which, on what, and why.
public struct SystemError: Error, Hashable, Sendable {
    /// The number of errno(3): `ENOENT`, `EACCES`, …
    public let errno: Int32
    /// What was being done, in a word or two: "open", "rename to readme.md".
    public let operation: String
    /// What it was done to, as a person would write it; empty when it has no path.
    public let path: String
    /// Whether no call failed: a rule of ours would, and `operation` says it in a whole sentence.
    public let isOwnRule: Bool

    /// Wraps an errno that was read right after the call.
    public init(errno: Int32, operation: String, path: String) {
        (self.errno, self.operation, self.path, isOwnRule) = (errno, operation, path, false)
    }

    /// What a rule of ours forbids although the system would do it.
    /// - Parameter rule: A sentence for people, which names the place and the rule.
    public init(errno: Int32, rule: String) {
        (self.errno, operation, path, isOwnRule) = (errno, rule, "", true)
    }
}

extension SystemError: CustomStringConvertible {
    /// "open /srv/models/x: Permission denied (EACCES)".
    public var description: String {
        if isOwnRule { return operation }
        let subject = path.isEmpty ? operation : "\(operation) \(path)"
        return "\(subject): \(reason)"
    }

    /// "Permission denied (EACCES)".
    public var reason: String {
        guard let text = unsafe zoo_error_text(errno), let name = unsafe zoo_error_name(errno) else { return "error \(errno)" }
        return unsafe "\(String(cString: text)) (\(String(cString: name)))"
    }
}

extension SystemError {
    /// Passes a result of the shim's wrappers on, and throws for the negative ones, which are `-errno`.
    @discardableResult
    static func check(_ result: Int, _ operation: @autoclosure () -> String, _ path: @autoclosure () -> String) throws(SystemError) -> Int {
        guard result < 0 else { return result }
        throw SystemError(errno: Int32(-result), operation: operation(), path: path())
    }
}
