import ArgumentParser
import ControlProtocol
import ModelInfo

struct Catalog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Pages that list models with links to their gists.", subcommands: [CatalogParse.self])
}

struct CatalogParse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse", abstract: "List the gists that a page links; needs no daemon.",
        discussion: """
            Reads Markdown as it is found in wikis, and HTML. With --previous also says what happened to the page since: exits with 12 \
            when it was wiped.
            """)

    @Argument(help: ArgumentHelp("The page.", valueName: "file"))
    var file: String
    @Option(help: ArgumentHelp("The last good state of the same page.", valueName: "file"))
    var previous: String?
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let output = global.output
        let page = CatalogPage(try LocalFile.read(file))
        let report = CatalogPageReport(page, previous: try previous.map { CatalogPage(try LocalFile.read($0)) }, file: file)
        try output.print(report) { text($0, output.style) }
        if report.hasErrors { throw Outcome(status: .invalidInfo) }
    }

    private func text(_ report: CatalogPageReport, _ style: Style) -> String {
        var table = Table(columns: [.init(title: "GIST"), .init(title: "OWNER", isOptional: true), .init(title: "TITLE")])
        table.rows = report.entries.map { entry in
            [.init(entry.id.description), .init(entry.owner ?? "-", entry.owner == nil ? .dim : nil), .init(entry.title)]
        }
        let links = report.notGists.isEmpty ? "" : ", and \(counted(report.notGists.count, "link")) to other places"
        return (report.entries.isEmpty ? "" : table.text(style)) + "\(counted(report.entries.count, "gist"))\(links)\n"
            + DiagnosticLines(report.diagnostics, style).text
    }
}
