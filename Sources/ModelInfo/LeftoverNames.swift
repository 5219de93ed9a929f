/// Names that editors, merges and downloads give to files that nobody wants published.
enum LeftoverNames {
    private static let suffixes = [
        "~", ".bak", ".swp", ".swo", ".swn", ".swx", ".orig", ".rej", ".tmp", ".temp", ".part", ".partial", ".crdownload", ".aria2",
        ".download",
        ".kate-swp", "___jb_tmp___", "___jb_old___",
    ]

    static func contains(_ name: String) -> Bool {
        let lower = name.lowercased()
        // vim writes 4913 (and higher, by 123) to find out whether it may create files.
        return suffixes.contains { lower.hasSuffix($0) } || lower.hasPrefix("~$") || lower == "4913"
            || lower.count > 1 && lower.hasPrefix("#") && lower.hasSuffix("#")
    }
}
