/// A page that lists gists of models.
public struct CatalogConfiguration: Equatable, Sendable {
    /// What people call it.
    public var name: String
    /// The git repository that holds the page.
    public var git: WebAddress
    /// The file's path in that repository.
    public var page: String

    /// The page that Caffe's users know.
    static let modelZoo = CatalogConfiguration(
        name: "bvlc", git: WebAddress(known: "https://github.com/BVLC/caffe.wiki.git"), page: "Model-Zoo.md")

    init(name: String, git: WebAddress, page: String) { (self.name, self.git, self.page) = (name, git, page) }
}

extension CatalogConfiguration: ConfigurationSection {
    init() { self.init(name: "", git: WebAddress(known: ""), page: "") }

    static var keys: [ConfigurationKey<CatalogConfiguration>] {
        [
            .value("name", \.name, isRequired: true, default: "none, required", "What people call it."),
            .value("git", \.git, isRequired: true, default: "none, required", "The git repository that holds the page."),
            .value("page", \.page, isRequired: true, default: "none, required", "The page's file in that repository."),
        ]
    }
}
