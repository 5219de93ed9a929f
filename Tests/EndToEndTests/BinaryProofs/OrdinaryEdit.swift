import ZooTestSupport

/// One of the ways in which people and their programs change a file, as a line of shell: `$1` is the file, `$2` another one.
struct OrdinaryEdit: Sendable {
    let command: String
    /// Whether the same bytes are there afterwards.
    var keepsBytes = false
    /// Whether nothing has the name for a moment: then a fetch may begin, and has to give way.
    var leavesGap = false

    static let all = [
        OrdinaryEdit(command: "printf more >> \"$1\""),
        OrdinaryEdit(command: "cat \"$2\" > \"$1\""),
        OrdinaryEdit(command: "cp \"$2\" \"$1\""),
        OrdinaryEdit(command: "cp --preserve=timestamps \"$2\" \"$1\""),
        OrdinaryEdit(command: "cp --remove-destination \"$2\" \"$1\"", leavesGap: true),
        OrdinaryEdit(command: "cp \"$2\" \"$1.new\" && mv -f \"$1.new\" \"$1\""),
        OrdinaryEdit(command: "mv \"$1\" \"$1~\" && cp \"$2\" \"$1\" && rm \"$1~\"", leavesGap: true),
        OrdinaryEdit(command: "install -m 644 \"$2\" \"$1\"", leavesGap: true),
        OrdinaryEdit(command: "truncate -s 100 \"$1\""),
        OrdinaryEdit(command: "truncate -s +1 \"$1\""),
        OrdinaryEdit(command: ": > \"$1\""),
        OrdinaryEdit(command: "printf changed | dd of=\"$1\" bs=1 seek=7777 conv=notrunc status=none"),
        OrdinaryEdit(command: "sed -i '1s/^/x/' \"$1\""),
        OrdinaryEdit(command: "perl -pi -e 's/^/x/ if $. == 1' \"$1\""),
        OrdinaryEdit(command: "python3 -c 'import sys; f = open(sys.argv[1], \"r+b\"); f.seek(99); f.write(b\"new\")' \"$1\""),
        // The time of before, and another size or inode.
        OrdinaryEdit(command: "touch -r \"$1\" \"$1.t\" && printf more >> \"$1\" && touch -r \"$1.t\" \"$1\" && rm \"$1.t\""),
        OrdinaryEdit(
            command: "{ cat \"$1\" | tr a b; } > \"$1.new\" && touch -r \"$1\" \"$1.new\" && mv -f \"$1.new\" \"$1\""),
        OrdinaryEdit(command: "gzip -nc \"$1\" > \"$1.gz\" && mv -f \"$1.gz\" \"$1\""),
        OrdinaryEdit(command: "touch \"$1\"", keepsBytes: true),
        OrdinaryEdit(command: "chmod 640 \"$1\"", keepsBytes: true),
        OrdinaryEdit(command: "cp -p \"$1\" \"$1.copy\" && mv -f \"$1.copy\" \"$1\"", keepsBytes: true),
        OrdinaryEdit(command: "cat \"$1\" > \"$1.copy\" && cat \"$1.copy\" > \"$1\" && rm \"$1.copy\"", keepsBytes: true),
    ]

    /// Does it to a twin that nobody watches, and then to the file itself.
    func make(_ file: String, twin: String, other: String) async throws {
        for place in [twin, file] { try await ProgramRun.succeed("sh", ["-c", "umask 022; " + command, "edit", place, other]) }
    }
}
