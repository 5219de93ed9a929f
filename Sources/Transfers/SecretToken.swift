/// A token, which only this type holds. It prints as `<redacted>`, in logs, dumps and failing tests too, and cannot be encoded.
public struct SecretToken: Sendable {
    private let value: String

    /// - Parameter text: Blanks and line ends around it are dropped. Nil when nothing is left, or when a character is left that
    ///   no HTTP header may hold: it would not arrive as it was meant.
    public init?(_ text: String) {
        let bytes = text.utf8.drop(while: isBlank)
        let trimmed = bytes.prefix(bytes.count - bytes.reversed().prefix(while: isBlank).count)
        guard !trimmed.isEmpty, trimmed.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        value = String(decoding: trimmed, as: UTF8.self)
    }

    /// Lends the token. It must not leave `body`, except into the one place it is for.
    public func withValue<R, E: Error>(_ body: (String) throws(E) -> R) throws(E) -> R { try body(value) }
}

extension SecretToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<redacted>`, whatever the token.
    public var description: String { "<redacted>" }
    /// The same for the debugger and for failing tests.
    public var debugDescription: String { description }
    /// Empty: `dump` walks through stored properties otherwise.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
