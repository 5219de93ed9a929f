/// Hosts of repositories: a file has a page, and beside it the file as it is.
enum CodeHost {
    /// Nil for what is on no such host.
    static func kind(of url: URLParts) -> LinkKind? {
        switch url.host {
        case "github.com", "www.github.com": gitHub(url)
        case "gist.github.com": gist(url)
        case "bitbucket.org", "www.bitbucket.org": bitbucket(url)
        case "huggingface.co", "www.huggingface.co", "hf.co": huggingFace(url)
        default: gitLab(url)
        }
    }

    private static func gitHub(_ url: URLParts) -> LinkKind {
        let path = url.components
        if path.first == "user-attachments" { return .file }
        guard path.count >= 3 else { return page("GitHub", advice: "link the file itself: its page has a button \"Raw\"") }
        switch path[2] {
        case "blob" where path.count >= 5:
            // Not raw.githubusercontent.com: that serves the pointer of a file that is kept in Git LFS, as weights mostly are.
            return page("GitHub", direct: replacing(2, by: ["raw"], in: url))
        case "raw", "archive", "zipball", "tarball", "files", "suites": return .file
        case "releases" where path.count >= 6 && (path[3] == "download" || path[4] == "download"): return .file
        case "releases":
            let tag = path.count >= 5 && path[3] == "tag" ? path[4] : "TAG"
            return page("GitHub", advice: "link the file of the release: \(url.origin)/\(path[0])/\(path[1])/releases/download/\(tag)/NAME")
        default: return page("GitHub", advice: "link the file itself: its page has a button \"Raw\"")
        }
    }

    private static func gist(_ url: URLParts) -> LinkKind {
        url.components.contains("raw") || url.components.last == "download"
            ? .file : page("GitHub Gist", advice: "link the file itself: behind its button \"Raw\"; weights do not belong into a gist")
    }

    private static func bitbucket(_ url: URLParts) -> LinkKind {
        let path = url.components
        if path.count >= 5, path[2] == "src" { return page("Bitbucket", direct: replacing(2, by: ["raw"], in: url)) }
        let isFile = path.count >= 4 && ["raw", "downloads", "get"].contains(path[2])
        return isFile ? .file : page("Bitbucket", advice: "link the file itself, under /downloads/ or /raw/")
    }

    private static func huggingFace(_ url: URLParts) -> LinkKind {
        let path = url.components
        if path.count >= 4, let place = path.prefix(4).firstIndex(where: { ["blob", "resolve", "raw", "tree"].contains($0) }), place >= 1 {
            if path[place] == "resolve", path.count > place + 2 { return .file }
            // `raw` shows the pointer of a file that is kept in Git LFS.
            if path[place] == "blob" || path[place] == "raw", path.count > place + 2 {
                return page("Hugging Face", direct: replacing(place, by: ["resolve"], in: url))
            }
        }
        return page("Hugging Face", advice: "link the file itself: …/resolve/REVISION/FILE")
    }

    /// GitLab is at home on many hosts; `/-/` is in its paths only.
    private static func gitLab(_ url: URLParts) -> LinkKind? {
        let path = url.components
        if let dash = path.firstIndex(of: "-"), dash >= 2, path.count > dash + 1 {
            switch path[dash + 1] {
            case "blob" where path.count > dash + 3: return page("GitLab", direct: replacing(dash + 1, by: ["raw"], in: url))
            case "raw", "archive", "package_files", "jobs", "uploads": return .file
            case "tree", "blob", "issues", "merge_requests", "wikis", "tags":
                return page("GitLab", advice: "link the file itself: its page has a button \"Download\"")
            case "releases":
                return path.contains("downloads") ? .file : page("GitLab", advice: "link the file of the release: its \"Assets\" are files")
            default: return nil
            }
        }
        guard url.host == "gitlab.com" || url.host == "www.gitlab.com" else { return nil }
        // As it was before 2019: OWNER/REPOSITORY/blob/REF/PATH.
        if let place = path.firstIndex(where: { $0 == "blob" || $0 == "raw" || $0 == "tree" }), place >= 2 {
            if path[place] == "raw" { return .file }
            if path[place] == "blob", path.count > place + 2 { return page("GitLab", direct: replacing(place, by: ["-", "raw"], in: url)) }
        }
        return path.contains("uploads") || path.first == "api"
            ? .file : page("GitLab", advice: "link the file itself: its page has a button \"Download\"")
    }

    private static func page(_ service: String, direct: String? = nil, advice: String? = nil) -> LinkKind {
        .page(of: service, direct: direct, advice: advice ?? direct.map { "write the direct form: \($0)" } ?? "link the file itself")
    }

    /// The same URL with another component at `place`, and without its query, which is for the page.
    private static func replacing(_ place: Int, by new: [String], in url: URLParts) -> String {
        var path = url.components
        path.replaceSubrange(place...place, with: new)
        return url.with(components: path, query: nil).text
    }
}
