/// All settings of the daemon. A fresh value holds the defaults.
///
/// `docs/configuration.md` and `etc/zood/zood.yaml` are generated from the tables below it, by the test suite
/// with `ZOOD_UPDATE_DOCS=1`.
public struct Configuration: Equatable, Sendable {
    /// The watched trees. Never empty once loaded; no two share a name, and none lies inside another.
    public var zoos: [ZooConfiguration] = []
    /// Of what zood writes into a zoo.
    public var files = FileConfiguration()
    /// Of everything that goes out.
    public var network = NetworkConfiguration()
    /// How changes on disk are noticed.
    public var watch = WatchConfiguration()
    /// Where and how model info is published.
    public var gists = GistConfiguration()
    /// How trained weights are fetched.
    public var binaries = BinaryConfiguration()
    /// How stored weights are read again.
    public var verify = VerifyConfiguration()
    /// The control socket and who may do what.
    public var control = ControlConfiguration()
    /// Pages that list gists of models.
    public var catalogs = [CatalogConfiguration.modelZoo]
    /// Whom to tell of trouble.
    public var notify: [NotificationConfiguration] = []

    /// The defaults.
    public init() {}
}

extension Configuration: ConfigurationSection {
    static var keys: [ConfigurationKey<Configuration>] {
        [
            .sections(
                "zoos", \.zoos, default: "/srv/models as a service; none by hand",
                "The watched directory trees. A model is a directory in one of them, at most four levels down, that holds a readme.",
                example: ["- path: /srv/models", "  name: models", "  mode: read-write"]),
            .section("files", \.files, "Files that zood writes. Group and setgid come from the directory they are written to."),
            .section("network", \.network, "Of everything that goes out: API, git and downloads."),
            .section("watch", \.watch, "How changes on disk are noticed."),
            .section("gists", \.gists, "Where and how model info is published."),
            .section("binaries", \.binaries, "How trained weights are fetched."),
            .section("verify", \.verify, "How stored weights are read again and compared with their checksums."),
            .section("control", \.control, "Who may do what over the socket."),
            .sections(
                "catalogs", \.catalogs, default: "the Model Zoo page of BVLC's Caffe wiki",
                "Wiki pages or Markdown files that list gists of models.",
                example: ["- name: bvlc", "  git: https://github.com/BVLC/caffe.wiki.git", "  page: Model-Zoo.md"]),
            .sections(
                "notify", \.notify, default: "none", "Whom to tell when a model gets into one of some states.",
                example: ["- on: [corrupt, conflict, failed]", "  command: [/usr/bin/mail, -s, zood, root]"]),
        ]
    }

    func contradictions() -> [(key: String, message: String)] {
        var found: [(key: String, message: String)] = []
        for (index, zoo) in zoos.enumerated() {
            for (earlier, other) in zoos.prefix(index).enumerated() {
                if zoo.path == other.path || zoo.path.starts(with: other.path) || other.path.starts(with: zoo.path) {
                    found.append(
                        ("zoos[\(index)].path", "\(zoo.path) and \(other.path) of zoos[\(earlier)] lie in each other; watch one of them"))
                } else if zoo.name == other.name {
                    found.append(
                        (
                            "zoos[\(index)].name",
                            "'\(zoo.name)' is the name of zoos[\(earlier)] (\(other.path)) already; give one another name:"
                        ))
                }
            }
        }
        for (index, catalog) in catalogs.enumerated() where catalogs.prefix(index).contains(where: { $0.name == catalog.name }) {
            found.append(("catalogs[\(index)].name", "'\(catalog.name)' is the name of an earlier catalog already"))
        }
        return found
    }
}
