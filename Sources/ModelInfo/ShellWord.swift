/// Text from outside as one word of a command that a person may copy into a shell: a directory can be called `$(reboot)`.
public enum ShellWord {
    /// `text` itself when a shell takes every character of it as it is, else in single quotes.
    public static func of(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy(isPlain)
        return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "+"),
            UInt8(ascii: "@"), UInt8(ascii: ","):
            true
        // Outside ASCII no byte means anything to a shell.
        default: byte >= 0x80
        }
    }
}
