/// One commit in the language of `git fast-import`: all files, the message and the parent in one run of one program.
struct FastImportStream {
    private(set) var bytes: [UInt8] = []

    static let branch = "refs/heads/main"

    /// - Parameters:
    ///   - parent: The revision that the branch must still be at when the commit is done; nil for the first one.
    ///   - seconds: Since 1970, UTC.
    ///   - files: New content by name; nil takes a file out.
    init(parent: String?, message: String, seconds: Int64, files: [(name: String, content: String?)]) {
        line("feature done")
        line("commit \(Self.branch)")
        line("mark :1")
        line("committer \(GitProgram.authorName) <\(GitProgram.authorMail)> \(seconds) +0000")
        data(message)
        if let parent { line("from \(parent)") }
        for (name, content) in files {
            if let content {
                line("M 100644 inline \(Self.quoted(name))")
                data(content)
            } else {
                line("D \(Self.quoted(name))")
            }
        }
        // The id of the new commit goes to standard output; without `done` nothing of all this takes effect.
        line("get-mark :1")
        line("done")
    }

    private mutating func line(_ text: String) { bytes += (text + "\n").utf8 }

    private mutating func data(_ text: String) {
        line("data \(text.utf8.count)")
        bytes += text.utf8
        line("")
    }

    /// A path in C's quotes, which git takes for every name.
    static func quoted(_ name: String) -> String {
        var quoted = "\""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\0"..."\u{1F}":
                let octal = String(scalar.value, radix: 8)
                quoted += "\\" + String(repeating: "0", count: 3 - octal.count) + octal
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
