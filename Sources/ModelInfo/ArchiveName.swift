/// Names of files that hold other files, or one packed.
public enum ArchiveName {
    private static let extensions: Set<Substring> = [
        "7z", "br", "bz2", "gz", "lz", "lz4", "lzma", "rar", "tar", "tbz", "tbz2", "tgz", "txz", "xz", "z", "zip", "zst",
    ]

    /// Whether a URL leads to an archive, by the end of its path or by what its host makes of it.
    static func isIn(_ url: URLParts) -> Bool {
        let path = url.components
        if ["github.com", "www.github.com"].contains(url.host), path.count >= 3, ["archive", "zipball", "tarball"].contains(path[2]) {
            return true
        }
        if url.host == "codeload.github.com" { return true }
        // `…/m.zip/download` and `…/m.zip/at_download/file` are how some hosts name the file.
        let names = path.suffix(path.last == "download" ? 2 : 1)
        return names.contains { isOne($0) }
    }

    /// Whether a file's name ends as those of archives do.
    public static func isOne(_ name: some StringProtocol) -> Bool {
        let parts = name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1 && parts.last.map { extensions.contains($0) } ?? false
    }
}
