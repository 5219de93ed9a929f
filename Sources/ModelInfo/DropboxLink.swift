/// What Dropbox does with its links: the same URL is a page, or with `dl=1` the file.
enum DropboxLink {
    /// Nil for what is no link of Dropbox.
    static func kind(of url: URLParts) -> LinkKind? {
        guard url.host == "dropbox.com" || url.host == "www.dropbox.com" else { return nil }
        let path = url.components
        guard isFile(path) || isFolder(path) else {
            return .dropboxPage(direct: nil, advice: "share the file itself and write that link, with dl=1")
        }
        // "Force a file or folder to download or render" (Dropbox help): dl=1 sends the file, raw=1 shows it, which sends it too.
        let isDirect = url.items.contains { ["dl", "raw"].contains($0.name.lowercased()) && $0.value == "1" }
        if isFolder(path) {
            let advice = "Dropbox sends a folder as a .zip: share the .caffemodel itself and write that link, with dl=1"
            return isDirect ? .page(of: "a Dropbox folder", direct: nil, advice: advice) : .dropboxPage(direct: nil, advice: advice)
        }
        guard !isDirect else { return .file }
        let kept = (url.query ?? "").split(separator: "&").filter { !isPartOfSwitch($0) }
        let direct = url.with(components: path, query: (kept.map(String.init) + ["dl=1"]).joined(separator: "&")).text
        return .dropboxPage(direct: direct, advice: "write the direct form: \(direct)")
    }

    /// `/s/ID/NAME`, `/scl/fi/ID/NAME`, and a file within a shared folder.
    private static func isFile(_ path: [String]) -> Bool {
        switch path.first {
        case "s": path.count >= 2
        case "scl": path.count >= 3 && (path[1] == "fi" || path[1] == "fo" && hasExtension(path[path.count - 1], behind: 4, in: path))
        case "sh": hasExtension(path.last ?? "", behind: 3, in: path)
        default: false
        }
    }

    private static func isFolder(_ path: [String]) -> Bool {
        switch path.first {
        case "sh": path.count >= 2 && !isFile(path)
        case "scl": path.count >= 3 && path[1] == "fo" && !isFile(path)
        default: false
        }
    }

    private static func hasExtension(_ name: String, behind count: Int, in path: [String]) -> Bool {
        path.count > count && name.contains(".")
    }

    /// `dl` with any value, and what is left of it in a link that was cut off: `?d`.
    private static func isPartOfSwitch(_ item: Substring) -> Bool {
        let name = item.prefix { $0 != "=" }.lowercased()
        return name == "dl" || name == "raw" || item.lowercased() == "d"
    }
}
