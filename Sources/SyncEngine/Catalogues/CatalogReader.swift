import ControlProtocol
import FoundationEssentials
import ModelInfo
import SystemIO
import SystemPackage
import Transfers

/// Reads the pages that list gists of models, and finds the entry that a person means.
struct CatalogReader: Sendable {
    /// Where a page's repository lies while it is read.
    let directory: FilePath
    let configuration: @Sendable () -> Configuration
    let lane = BlockingLane(label: "zood.catalogs", width: 1)

    /// Bytes; the page that Caffe's users know has 30 kB.
    static let pageLimit = 4 << 20
    /// So many entries are named to somebody who has to choose.
    static let choiceLimit = 5

    /// The gist of the one entry called `text`, or else of the one whose title holds it; letters of either case.
    /// - Throws: `ControlError`: no catalog, none that could be read, no such entry, or several.
    func gist(called text: String) async throws -> GistID {
        let catalogs = configuration().catalogs
        guard !catalogs.isEmpty else {
            throw ControlError(.badRequest, "\(shown(text)) names no gist, and no catalog is configured", hint: "zooctl add --help")
        }
        var entries: [CatalogPage.Entry] = []
        var failures: [String] = []
        for catalog in catalogs {
            do { entries += try await page(of: catalog).entries } catch { failures.append("catalog \(catalog.name): \(error)") }
        }
        guard !entries.isEmpty else {
            let why = failures.isEmpty ? "they list no gist" : failures.joined(separator: "; ")
            throw ControlError(failures.isEmpty ? .badRequest : .network, "no catalog could be searched for \(shown(text)): \(why)")
        }
        return try Self.entry(called: text, among: entries, from: catalogs.map(\.name)).id
    }

    static func entry(called text: String, among entries: [CatalogPage.Entry], from catalogs: [String]) throws -> CatalogPage.Entry {
        let wanted = text.lowercased()
        let exact = entries.filter { $0.title.lowercased() == wanted }
        let found = exact.isEmpty ? entries.filter { $0.title.lowercased().contains(wanted) } : exact
        let gists = Set(found.map(\.id))
        if let only = found.first, gists.count == 1 { return only }
        guard found.isEmpty else {
            let choices = found.prefix(choiceLimit).map { "\(shown($0.title)) is \($0.id)" }
            let more = found.count > choiceLimit ? ", and \(found.count - choiceLimit) more" : ""
            throw ControlError(
                .badRequest, "\(found.count) entries are called so: \(choices.joined(separator: ", "))\(more)",
                hint: "give the id: zooctl add \(found[0].id)")
        }
        let nearest = Spelling.nearest(to: text, among: entries.map(\.title))
        throw ControlError(
            .badRequest, "\(shown(text)) is neither a gist nor an entry of \(catalogs.joined(separator: ", "))",
            hint: nearest.map { "did you mean \(shown($0))?" } ?? "zooctl add --help")
    }

    /// What the configuration names is exempt from the address policy.
    private func page(of catalog: CatalogConfiguration) async throws -> CatalogPage {
        let url = try HTTPURL(catalog.git.description)
        let fetch = ShallowFetch(settings: configuration().networkSettings, directory: directory)
        return try await lane.run {
            try fetch.run(from: url, revision: nil) { repository, git in
                let name = "\(FastImportStream.branch):\(catalog.page)"
                return CatalogPage(try git.run(["cat-file", "blob", name], in: repository, outputLimit: Self.pageLimit))
            }
        }
    }
}
