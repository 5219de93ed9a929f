import ArgumentParser
import ControlProtocol
import ModelInfo
import SystemIO
import SystemPackage

struct New: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Start a model directory with a complete readme; needs no daemon and overwrites nothing.",
        discussion: """
            Makes the directory, or fills one that has no readme. On a terminal it asks for what is not given. The sha1 is that of \
            --caffemodel FILE, or of the only .caffemodel that lies in the directory; the file stays where it is. Without a prototxt a \
            deploy.prototxt with nothing but an input is made, to be replaced by yours.
            """)

    @Argument(help: ArgumentHelp("The model directory.", valueName: "dir"))
    var directory: String
    @Option(help: "What people call the model. Default: the directory's name.")
    var name: String?
    @Option(help: "Where the weights are fetched from.")
    var url: String?
    @Option(help: "What others may do with them, as 'unrestricted' or 'BSD-2-Clause'.")
    var license: String?
    @Option(help: ArgumentHelp("The weights on this machine, for their name and sha1.", valueName: "file"))
    var caffemodel: String?
    @Option(help: ArgumentHelp("Their SHA-1, when they are not on this machine.", valueName: "digits"))
    var sha1: String?
    @Option(help: ArgumentHelp("Which Caffe the model was made with.", valueName: "version"))
    var caffeVersion: String?
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if caffemodel != nil, sha1 != nil { throw ValidationError("--caffemodel computes the sha1; leave --sha1 away") }
        if let sha1, SHA1Digest(hex: sha1) == nil { throw ValidationError("--sha1 is 40 hexadecimal digits") }
    }

    func run() async throws {
        let model = try StartedModel(directory)
        let interruption = Interruption("nothing was made")
        let weights = try caffemodel ?? model.onlyBinary().map { model.path(of: $0) }
        var template = ModelTemplate(
            name: name ?? model.lastName, caffemodel: "", url: url ?? "", license: license ?? "",
            sha1: sha1.flatMap { SHA1Digest(hex: $0) },
            caffeVersion: caffeVersion)
        template.caffemodel = fileName(of: weights, template)
        try complete(&template, weights)
        for field in ["name", "caffemodel", "caffemodel_url", "license"] + (sha1 == nil ? [] : ["sha1"]) {
            if let complaint = template.complaint(about: field) { throw ControlError(.invalidInfo, complaint) }
        }
        if let weights {
            Output.standardError("# sha1sum \(printable(weights))\n")
            template.sha1 = try Sha1sum.digest(of: weights)
            if let complaint = template.complaint(about: "sha1") { throw ControlError(.invalidInfo, "\(weights): \(complaint)") }
        }
        interruption.forget()
        let made = try model.make(template)
        let report = NewReport(
            path: directory, readme: ModelTemplate.readmeName, prototxt: made.prototxt, caffemodel: template.caffemodel, sha1: template.sha1
        )
        try global.output.print(report) { $0.text }
        if template.sha1 == nil {
            Output.standardError(
                "# no sha1 yet: zooctl fetch --pin writes it when the file was fetched, or: zooctl set \(ShellWord.of(directory)) sha1=DIGITS\n"
            )
        }
    }

    /// Asks for what is missing, or says which options are.
    private func complete(_ template: inout ModelTemplate, _ weights: String?) throws {
        guard TemplateQuestions.canAsk else {
            let missing = [url == nil ? "--url" : nil, license == nil ? "--license" : nil].compactMap(\.self)
            guard missing.isEmpty else {
                throw ControlError(
                    .usage, "\(missing.joined(separator: " and ")) missing, and nobody to ask: this is no terminal",
                    hint: "zooctl new \(ShellWord.of(directory)) --url URL --license LICENSE --caffemodel FILE")
            }
            return
        }
        if name == nil {
            try TemplateQuestions.ask("Name of the model", proposal: template.name, into: \.name, of: &template, field: "name")
        }
        if url == nil {
            try TemplateQuestions.ask("URL of the weights", proposal: "", into: \.url, of: &template, field: "caffemodel_url")
            template.caffemodel = fileName(of: weights, template)
        }
        if license == nil {
            try TemplateQuestions.ask("License", proposal: "unrestricted", into: \.license, of: &template, field: "license")
        }
    }

    /// That of the file here, else that at the end of the URL, else the directory's with the extension.
    private func fileName(of weights: String?, _ template: ModelTemplate) -> String {
        if let name = weights.flatMap({ FilePath($0).lastComponent?.string }) { return name }
        let path = template.url.prefix { $0 != "?" && $0 != "#" }
        if let last = path.split(separator: "/").last, last.lowercased().hasSuffix(".caffemodel"),
            let name = try? RelativePath(nameFromOutside: String(last))
        {
            return name.description
        }
        let stem = template.name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        return String(stem.prefix(100)) + ".caffemodel"
    }
}

/// What `zooctl new --json` prints.
struct NewReport: Encodable {
    private(set) var schema = "zood.new/1"
    let path: String
    let readme: String
    /// Nil when one was there.
    let prototxt: String?
    let caffemodel: String
    let sha1: SHA1Digest?

    /// For a person.
    var text: String {
        let directory = ShellWord.of(path)
        var lines = ["made \(printable(DiagnosticLines.path(readme, in: path)))"]
        if let prototxt {
            lines.append("made \(printable(DiagnosticLines.path(prototxt, in: path))), with an input only: put your network there")
        }
        lines.append(
            "next: describe the model in its readme, put \(printable(caffemodel)) beside it or let zood fetch it, then: zooctl lint \(printable(directory))"
        )
        return lines.map { $0 + "\n" }.joined()
    }
}
