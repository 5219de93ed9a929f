/// Services that were switched off for good. A host that is merely often down, like the first one of the zoo, is none of them.
struct DeadService {
    let name: String
    /// A month or a year, for people.
    let since: String

    /// Nil when nothing of the kind is known.
    init?(of url: URLParts) {
        if url.components.first == "u", Self.dropboxFiles.contains(url.host) {
            // Dropbox, "How do I use the Public folder?": off for everybody since 1 September 2017. The hosts themselves live.
            (name, since) = ("a public folder of Dropbox", "2017")
        } else if url.components.first == "host", url.isAt("googledrive.com") || url.host == "drive.google.com" {
            // Google Apps Developers Blog, "Deprecating web hosting support in Google Drive": off since 31 August 2016.
            (name, since) = ("Google Drive's web hosting", "2016")
        } else if let service = Self.hosts.first(where: { url.isAt($0.host) }) {
            (name, since) = (service.name, service.since)
        } else {
            return nil
        }
    }

    private static let dropboxFiles: Set<String> = ["dl.dropboxusercontent.com", "dl.dropbox.com", "www.dropbox.com", "dropbox.com"]

    private static let hosts: [(host: String, name: String, since: String)] = [
        // Google for Developers Blog, 18 July 2024: links answer 404 from 25 August 2025 on. `maps.app.goo.gl` and its like are another
        // service, but no model file lies behind them.
        ("goo.gl", "Google's link shortener", "2025"),
        // Dropbox's own shortener: redirects ended with the public folders.
        ("db.tt", "Dropbox's link shortener", "2017"),
        // JFrog, "Into the Sunset on May 1st: Bintray, GoCenter, and ChartCenter".
        ("bintray.com", "Bintray", "2021"),
        // Microsoft, "Shutting down CodePlex" (2017); the read-only archive ended in July 2021.
        ("codeplex.com", "CodePlex", "2021"),
        // GitLab's notice on buying Gitorious: off since 31 May 2015.
        ("gitorious.org", "Gitorious", "2015"),
        // Canonical, "Shutting down Ubuntu One file services": data deleted on 31 July 2014.
        ("ubuntuone.com", "Ubuntu One", "2014"), ("one.ubuntu.com", "Ubuntu One", "2014"),
        // Barracuda's notice: Copy ended on 1 May 2016.
        ("copy.com", "Copy", "2016"),
        // RapidShare's own notice: all accounts and data deleted after 31 March 2015.
        ("rapidshare.com", "RapidShare", "2015"),
        // United States Department of Justice, 19 January 2012.
        ("megaupload.com", "Megaupload", "2012"),
        // The owners' notice: Zippyshare ended on 31 March 2023.
        ("zippyshare.com", "Zippyshare", "2023"),
        // The owners' notice of August 2023, for both.
        ("anonfiles.com", "AnonFiles", "2023"), ("bayfiles.com", "BayFiles", "2023"),
        // Mozilla, "Update on Firefox Send and Firefox Notes", 17 September 2020.
        ("send.firefox.com", "Firefox Send", "2020"),
    ]
}
