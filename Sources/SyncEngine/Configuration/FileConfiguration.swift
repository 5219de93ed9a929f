/// Of what zood writes into a zoo.
public struct FileConfiguration: Equatable, Sendable {
    /// Whether zood itself may write into a file that belongs to somebody else.
    public enum ForeignEdits: String, Sendable, CaseIterable {
        case never
        /// When the file was quiet for a minute and no editor has it open.
        case inPlace = "in-place"
    }

    /// Of text files, whatever the umask is.
    public var mode = FileMode(bits: 0o664)
    /// Of fetched weights.
    public var binaryMode = FileMode(bits: 0o444)
    /// Of directories that zood makes; it never changes one that exists.
    public var directoryMode = FileMode(bits: 0o775)
    /// Whether zood itself may write into a file that belongs to somebody else.
    public var editForeign = ForeignEdits.never

    /// The defaults.
    public init() {}
}

extension FileConfiguration.ForeignEdits: ConfigurationWord {}

extension FileConfiguration: ConfigurationSection {
    static var keys: [ConfigurationKey<FileConfiguration>] {
        [
            .value("mode", \.mode, "Of text files. The umask is not relied on."),
            .value("binary_mode", \.binaryMode, "Of fetched weights."),
            .value("directory_mode", \.directoryMode, "Of directories that zood makes; it never changes one that exists."),
            .value(
                "edit_foreign", \.editForeign,
                "Whether zood itself may write (one `gist_id` line, pulled text) into a file that belongs to somebody else. `in-place`: when the file was quiet for a minute and no editor has it open."
            ),
        ]
    }

    func contradictions() -> [(key: String, message: String)] {
        var found: [(key: String, message: String)] = []
        if mode.bits & 0o200 == 0 { found.append(("mode", "the owner needs to write text files: add 2 to the first digit after the 0")) }
        if directoryMode.bits & 0o700 != 0o700 {
            found.append(("directory_mode", "the owner needs every right on a directory: begin with 07"))
        }
        return found
    }
}
