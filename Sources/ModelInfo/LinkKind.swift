/// Where a URL leads, as far as its host and path tell: to a file, or to something that only people can use.
enum LinkKind: Hashable {
    /// Nothing speaks against it.
    case file
    /// A page about the file. `direct` is the URL of the file itself, nil when it cannot be told from the page's; `advice` says what is to
    /// be known about that.
    case page(of: String, direct: String?, advice: String)
    case dropboxPage(direct: String?, advice: String)
    /// A service that was switched off; `since` is a month or a year, for people.
    case dead(service: String, since: String)
    case shortened

    init(_ url: URLParts) {
        if let dead = DeadService(of: url) {
            self = .dead(service: dead.name, since: dead.since)
        } else if Self.shorteners.contains(url.host.hasPrefix("www.") ? String(url.host.dropFirst(4)) : url.host) {
            self = .shortened
        } else {
            self = DropboxLink.kind(of: url) ?? CodeHost.kind(of: url) ?? ShareHost.kind(of: url) ?? .file
        }
    }

    /// The URL of the file, where it is another than the one that was judged.
    var directForm: String? {
        switch self {
        case .page(_, let direct, _), .dropboxPage(let direct, _): direct
        case .file, .dead, .shortened: nil
        }
    }

    /// What is to be said about it; nil for a file. `quoted` is the URL as written, for people.
    func finding(about quoted: String) -> Finding? {
        switch self {
        case .file:
            return nil
        case .page(let service, let direct, let advice):
            let instead = direct.map { "; \($0) is fetched instead" } ?? ""
            return Finding(.urlNotDirect, "\(quoted) is a page of \(service), not the file\(instead)", hint: advice)
        case .dropboxPage(let direct, let advice):
            let instead = direct.map { "; it is fetched with dl=1: \($0)" } ?? ""
            return Finding(.dropboxNotDirect, "\(quoted) is a page of Dropbox, not the file\(instead)", hint: advice)
        case .dead(let service, let since):
            return Finding(
                .urlKnownDead, "\(quoted) leads to \(service), which was switched off in \(since)",
                hint: "find another source; any copy with the right sha1 is as good")
        case .shortened:
            return Finding(
                .urlShortener, "\(quoted) is a shortened link: nobody sees where it leads, and it ends with its service",
                hint: "open it once and write the URL that it leads to")
        }
    }

    private static let shorteners: Set<String> = [
        "adf.ly", "aka.ms", "bit.do", "bit.ly", "bitly.com", "buff.ly", "clck.ru", "cutt.ly", "dwz.cn", "fb.me", "git.io", "hyperurl.co",
        "is.gd", "j.mp", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly", "s.id", "short.io", "shorturl.at", "snipurl.com", "soo.gd", "suo.im",
        "t.cn", "t.co", "t.ly", "tiny.cc", "tiny.one", "tinyurl.com", "tr.im", "u.nu", "url.cn", "urlz.fr", "v.gd", "vk.cc", "w.wiki",
        "wp.me", "x.co", "y2u.be",
    ]
}
