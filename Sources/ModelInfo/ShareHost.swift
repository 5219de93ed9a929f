/// Hosts where people share files and publish data sets: what is shared has a page, and sometimes a URL of its own.
enum ShareHost {
    /// Nil for what is on no such host, and for links that are certainly the file.
    static func kind(of url: URLParts) -> LinkKind? {
        if url.host == "yadi.sk" || url.host.hasPrefix("disk.yandex.") { return page("Yandex Disk", elsewhere) }
        if let known = byHost.first(where: { url.isAt($0.host) }) { return known.judge(url) }
        if let pages = pagesOnly.first(where: { url.isAt($0.host) }) {
            return .page(of: pages.service, direct: nil, advice: pages.advice ?? elsewhere)
        }
        return ownCloud(url) ?? seafile(url)
    }

    private static let elsewhere =
        "no program gets a file from there: put it on a plain web server, a release or a data archive, and link that"
    private static let button = "link what is behind its download button"

    private static let byHost: [(host: String, judge: @Sendable (URLParts) -> LinkKind?)] = [
        ("drive.google.com", googleDrive), ("docs.google.com", googleDrive), ("onedrive.live.com", oneDrive),
        ("sharepoint.com", sharePoint),
        ("box.com", box), ("mediafire.com", mediaFire), ("figshare.com", figshare), ("zenodo.org", zenodo), ("archive.org", archive),
        ("sourceforge.net", sourceForge), ("osf.io", osf),
    ]

    /// Nothing on these hosts is a file that a plain request gets: a program of the page's, a code, a login or a click stands before it.
    private static let pagesOnly: [(host: String, service: String, advice: String?)] = [
        ("pan.baidu.com", "Baidu", nil), ("yun.baidu.com", "Baidu", nil), ("1drv.ms", "OneDrive", nil), ("mega.nz", "MEGA", nil),
        ("mega.co.nz", "MEGA", nil),
        ("mega.io", "MEGA", nil), ("wetransfer.com", "WeTransfer", nil), ("we.tl", "WeTransfer", nil), ("weiyun.com", "Weiyun", nil),
        ("pan.quark.cn", "Quark", nil), ("aliyundrive.com", "Aliyun Drive", nil), ("alipan.com", "Aliyun Drive", nil),
        ("cloud.189.cn", "189 Cloud", nil),
        ("115.com", "115", nil), ("jianguoyun.com", "Jianguoyun", nil), ("pcloud.link", "pCloud", nil), ("icloud.com", "iCloud", nil),
        ("4shared.com", "4shared", nil), ("gofile.io", "Gofile", nil), ("sendspace.com", "sendspace", nil),
        ("uploaded.net", "Uploaded", nil),
        ("photos.google.com", "Google Photos", nil), ("drive.proton.me", "Proton Drive", nil),
        ("kaggle.com", "Kaggle", "it asks for a login: \(elsewhere)"),
        ("ieee-dataport.org", "IEEE DataPort", "it asks for a login: \(elsewhere)"), ("doi.org", "the DOI system", button),
        ("arxiv.org", "arXiv", button), ("researchgate.net", "ResearchGate", button), ("paperswithcode.com", "Papers with Code", button),
    ]

    private static func page(_ service: String, direct: String? = nil, _ advice: String? = nil) -> LinkKind {
        .page(of: service, direct: direct, advice: advice ?? direct.map { "write the direct form: \($0)" } ?? button)
    }

    /// The id of one file makes a download link, which Google answers with a page when the file is too large for its virus scan.
    private static func googleDrive(_ url: URLParts) -> LinkKind? {
        let path = url.components
        if path.first == "uc", url.value(of: "id") != nil, url.value(of: "export") != "view" { return nil }
        var id = url.value(of: "id")
        if let file = path.firstIndex(of: "file"), let d = path[file...].firstIndex(of: "d"), d + 1 < path.count { id = path[d + 1] }
        guard let id, path.contains("file") || path.first == "open" || path.first == "uc" else {
            return page("Google Drive", "open the folder and link each file: …/uc?export=download&id=ID")
        }
        let key = url.value(of: "resourcekey").map { "&resourcekey=\($0)" } ?? ""
        let direct = "https://drive.google.com/uc?export=download&id=\(id)\(key)"
        return page(
            "Google Drive", direct: direct,
            "write the direct form: \(direct); Google sends files up to about 100 MB by it, and a page instead of larger ones: put those elsewhere"
        )
    }

    private static func oneDrive(_ url: URLParts) -> LinkKind? { url.components.first == "download" ? nil : page("OneDrive", elsewhere) }

    /// `/:u:/…` is a link to one file that has no viewer; `download=1` asks for the file in place of its page.
    private static func sharePoint(_ url: URLParts) -> LinkKind? {
        let path = url.components
        let kind = path.first?.lowercased().replacing("%3a", with: ":") ?? ""
        let isViewer = ["guestaccess.aspx", "onedrive.aspx"].contains(path.last?.lowercased() ?? "")
        guard kind.hasPrefix(":") || isViewer, url.value(of: "download") != "1" else { return nil }
        guard kind == ":u:" else { return page("SharePoint", elsewhere) }
        let kept = (url.query ?? "").split(separator: "&").filter { !$0.lowercased().hasPrefix("download") }
        return page(
            "SharePoint",
            direct: url.with(components: path, query: (kept.map(String.init) + ["download=1"]).joined(separator: "&")).text)
    }

    /// `/shared/static/` is a direct link, which only owners of some accounts can make.
    private static func box(_ url: URLParts) -> LinkKind? {
        let path = url.components
        let isPage = ["s", "v", "file", "folder", "embed"].contains(path.first ?? "s")
        return isPage ? page("Box", "the owner can switch on a direct link (…/shared/static/…): write that") : nil
    }

    private static func mediaFire(_ url: URLParts) -> LinkKind? {
        url.host.hasPrefix("download") ? nil : page("MediaFire", elsewhere)
    }

    private static func figshare(_ url: URLParts) -> LinkKind? {
        let path = url.components
        if url.host.hasPrefix("ndownloader.") || path.first == "ndownloader" || url.host.hasPrefix("api.") { return nil }
        guard let file = url.value(of: "file"), file.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            return page("figshare", "link each file: https://ndownloader.figshare.com/files/ID")
        }
        return page("figshare", direct: "https://ndownloader.figshare.com/files/\(file)")
    }

    private static func zenodo(_ url: URLParts) -> LinkKind? {
        let path = url.components
        if path.first == "api" || path.count >= 4 && path[2] == "files" { return nil }
        if path.count >= 4, path[2] == "preview" {
            return page("Zenodo", direct: url.with(components: Array(path[..<2]) + ["files"] + path[3...], query: "download=1").text)
        }
        return page("Zenodo", "link the file of the record: https://zenodo.org/records/NUMBER/files/NAME?download=1")
    }

    private static func archive(_ url: URLParts) -> LinkKind? {
        let path = url.components
        guard url.host == "archive.org" || url.host == "www.archive.org" else { return nil }
        return path.first == "download" && path.count >= 3
            ? nil : page("the Internet Archive", "link the file of the item: https://archive.org/download/ITEM/FILE")
    }

    /// `/projects/NAME/files/…/download` leads to a mirror, which sends programs the file.
    private static func sourceForge(_ url: URLParts) -> LinkKind? {
        let path = url.components
        guard url.host == "sourceforge.net" || url.host == "www.sourceforge.net", path.last != "download" else { return nil }
        guard path.first == "projects", path.count >= 4, path[2] == "files", path[path.count - 1].contains(".") else {
            return page("SourceForge")
        }
        return page("SourceForge", direct: url.with(components: path + ["download"], query: nil).text)
    }

    /// `/ID/` is a page, `/download/ID/` and `/ID/download` are the file.
    private static func osf(_ url: URLParts) -> LinkKind? {
        let path = url.components
        guard url.host == "osf.io" || url.host == "www.osf.io" else { return nil }
        if path.first == "download" || path.last == "download" { return nil }
        return page("OSF", "link the file itself: https://osf.io/download/ID/")
    }

    /// A share of ownCloud or Nextcloud on any host; both know the file as `…/s/TOKEN/download`.
    private static func ownCloud(_ url: URLParts) -> LinkKind? {
        let path = url.components
        guard let place = path.firstIndex(of: "s"), path.count == place + 2 else { return nil }
        let isBehindIndex = place > 0 && path[place - 1] == "index.php"
        let isToken = path[place + 1].utf8.count == 15 && path[place + 1].utf8.allSatisfy(\.isAlphanumeric)
        guard isBehindIndex || place == 0 && isToken, url.value(of: "path") == nil else { return nil }
        return page("a cloud share", direct: url.with(components: path + ["download"], query: nil).text)
    }

    /// A share of Seafile on any host: `/f/TOKEN/` for a file; `dl=1` sends it.
    private static func seafile(_ url: URLParts) -> LinkKind? {
        let path = url.components
        guard path.count >= 2, let place = path.firstIndex(of: "f") ?? path.firstIndex(of: "d"), place <= 1, path.count == place + 2,
            [10, 20].contains(path[place + 1].utf8.count), path[place + 1].allSatisfy({ $0.isHexDigit && $0.isASCII })
        else { return nil }
        if path[place] == "d" { return page("a shared folder of Seafile", button) }
        if url.value(of: "dl") == "1" || url.value(of: "raw") == "1" { return nil }
        return page("Seafile", direct: url.with(components: path + [""], query: "dl=1").text)
    }
}
