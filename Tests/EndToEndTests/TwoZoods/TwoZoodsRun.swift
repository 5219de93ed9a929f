import ControlProtocol
import Foundation
import ZooTestSupport

/// Two zoods on two zoos share the gists of one account. Both zoos and the gists are edited at random, requests are spoiled, both zoods
/// are killed; then everything comes to rest.
///
/// The seed decides what is done. When it meets what is a matter of time, so two runs of a seed are alike and not the same.
final class TwoZoodsRun {
    struct Size {
        var seed: UInt64
        var gists: Int
        var steps: Int
    }

    let size: Size
    let github: LoopbackGitHub
    let faults: FaultMaker
    let sides: [ZoodSide]
    let models: [String]
    /// Models in which everybody writes only into a part of their own. Mostly there is nothing to decide, and then every line has to stand
    /// in the end. Where an update went over somebody's revision, one side still has lines which the other changes once more.
    let peaceful: Set<String>
    var chance: SeededGenerator
    var lines = SavedLines()
    /// Conflicts that a person ended.
    var conflicts = 0
    /// Models of which a person chose one side's lines.
    var disputed: Set<String> = []
    /// By model, filled when both zoos have it.
    var gistIDs: [String: String] = [:]

    static let account = "octo"
    /// Who edits the gists themselves.
    static let third = "somebody"

    init(_ size: Size, github: LoopbackGitHub) throws {
        (self.size, self.github, chance) = (size, github, SeededGenerator(seed: size.seed))
        faults = FaultMaker(github: github)
        sides = [try ZoodSide("zood-a", github: github), try ZoodSide("zood-b", github: github)]
        models = (1...size.gists).map { "m\($0)" }
        peaceful = Set(models.enumerated().filter { $0.offset % 2 == 1 }.map(\.element))
    }

    // Before.

    /// Most gists are there already; the first zood makes a third of them, but not so many that its brake would hold them.
    func begin() async throws {
        for (number, model) in models.enumerated() {
            let text = readme(model)
            guard number % 3 != 0 || number >= 30 else {
                try sides[0].zoo.makeModel(model, text, files: ["deploy.prototxt": prototxt(model)])
                continue
            }
            let network = prototxt(model)
            let id = github.addGist(owner: Self.account, texts: ["readme.md": text.text, "deploy.prototxt": network])
            var named = text
            named["gist_id"] = id
            github.push(named.text, as: "readme.md", to: id)
            for side in sides { try side.zoo.makeModel(model, named, files: ["deploy.prototxt": network]) }
            gistIDs[model] = id
        }
        github.inject(.hangUpAfterHandling, on: .post)
        for side in sides { try await side.start() }
        for model in models where gistIDs[model] == nil {
            gistIDs[model] = try await sides[0].daemon?.waitUntilInSync(model, within: .seconds(30 + 3 * size.gists)).gist.id?.description
            for (name, bytes) in try sides[0].files(of: model).sorted(by: { $0.key < $1.key }) {
                try sides[1].zoo.write(bytes, to: "\(model)/\(name)")
            }
        }
        for side in sides {
            for model in models { _ = try await side.daemon?.waitUntilInSync(model, within: .seconds(30 + size.gists)) }
        }
    }

    private func readme(_ model: String) -> ReadmeText {
        var text = ReadmeText(name: "Model \(model)")
        let people = peaceful.contains(model) ? sides.map(\.name) + [Self.third] : ["nobody"]
        text.body = EditedText.parts(of: people) { _ in (0..<8).map { _ in lines.new(from: "\(model) at first") } }
        return text
    }

    private func prototxt(_ model: String) -> String {
        TemporaryZoo.prototxt + (0..<3).map { _ in lines.new("# ", from: "\(model) at first") + "\n" }.joined()
    }

    // Meanwhile.

    func work() async throws {
        for step in 1...size.steps {
            for side in sides { try await goOn(side, at: step) }
            let asked = github.requests.count
            // Some of them are worked on often, so that both zoods send to them at once.
            let model = chance.happens(percent: 50) ? models.prefix(4).one(by: &chance) : models.one(by: &chance)
            switch chance.number(1...100) {
            case 1...50: try edit(model, on: sides.one(by: &chance))
            case 51...64: try push(to: model)
            case 65...76: try peaceful.contains(model) ? workTogether(on: model) : disagree(on: model)
            case 77...82: await endOneConflict(on: sides.one(by: &chance))
            case 83...94: faults.spoilOne(by: &chance)
            default: try await kill(sides.one(by: &chance), at: step)
            }
            if chance.happens(percent: 30) { await sides.one(by: &chance).pull(models.one(by: &chance)) }
            // So that steps meet work under way, and no step waits for it to end.
            _ = try? await eventually("GitHub is asked", within: .milliseconds(200)) { github.requests.count > asked + 1 }
        }
    }

    private func goOn(_ side: ZoodSide, at step: Int) async throws {
        let crashes = side.crashes
        try await side.goOn(at: step, by: &chance)
        if side.crashes > crashes { try forgetUnknownLimits(of: side) }
    }

    private func kill(_ side: ZoodSide, at step: Int) async throws {
        if try await side.kill9(at: step, by: &chance) { try forgetUnknownLimits(of: side) }
    }

    private func forgetUnknownLimits(of side: ZoodSide) throws {
        if try !side.remembersLimit { faults.forgetLimits(of: side.name) }
    }

    /// Somebody saves a file in one of the zoos.
    private func edit(_ model: String, on side: ZoodSide) throws { try side.whileItStands { try readAndSave(model, on: side) } }

    private func readAndSave(_ model: String, on side: ZoodSide) throws {
        let person = PersonAtWork(side: side)
        let origin = "\(model) in \(side.name)"
        if chance.happens(percent: 6) {
            // Now and then in both at once under one name.
            let name = chance.happens(percent: 30) && !peaceful.contains(model) ? "notes" : "notes-\(side.name)-\(lines.count)"
            if try !person.files(of: model).contains("\(name).txt") {
                return try person.save(lines.new(from: origin) + "\n", as: "\(model)/\(name).txt", Saving.allCases.one(by: &chance))
            }
        }
        let files = try peaceful.contains(model) ? ["readme.md"] : person.files(of: model)
        guard let file = files.one(by: &chance, or: nil), let old = try side.zoo.text(of: "\(model)/\(file)") else { return }
        let new = edited(old, file, origin, by: peaceful.contains(model) ? side.name : nil)
        try person.save(new, as: "\(model)/\(file)", Saving.allCases.one(by: &chance))
    }

    private typealias Saving = PersonAtWork.Saving

    /// The text after a person's work: a line more at the end or somewhere in it, or another line in place of one.
    private func edited(_ old: String, _ file: String, _ origin: String, by person: String?) -> String {
        var text = EditedText(old, of: person)
        let line = lines.new(file.hasSuffix(".prototxt") ? "# " : "", from: "\(origin) \(file)")
        switch chance.number(1...4) {
        case 1: text.append(line)
        case 2: text.insert(line, by: &chance)
        default:
            guard !text.saved.isEmpty else {
                text.append(line)
                break
            }
            let before = text.saved.one(by: &chance)
            text.change(before, to: line)
            lines.replace(before)
        }
        return text.text
    }

    /// Somebody edits the gist itself.
    private func push(to model: String) throws {
        guard let id = gistIDs[model], let gist = github.gist(id) else { return }
        if chance.happens(percent: 6) {
            return github.push(lines.new(from: "\(model) in its gist") + "\n", as: "web-\(lines.count).txt", to: id, by: Self.third)
        }
        let file = peaceful.contains(model) ? "readme.md" : gist.files.keys.sorted().one(by: &chance)
        let person = peaceful.contains(model) ? Self.third : nil
        github.push(edited(gist.text(file) ?? "", file, "\(model) in its gist", by: person), as: file, to: id, by: Self.third)
    }

    /// All save at once, each in a part of their own.
    private func workTogether(on model: String) throws {
        for side in sides { try edit(model, on: side) }
        if chance.happens(percent: 50) { try push(to: model) }
    }

    /// Two people change the same line at once.
    private func disagree(on model: String) throws {
        try sides[0].whileItStands { try sides[1].whileItStands { try saveDisagreeing(on: model) } }
    }

    private func saveDisagreeing(on model: String) throws {
        guard let id = gistIDs[model], let gist = github.gist(id) else { return }
        let texts = try sides.map { EditedText(try $0.zoo.text(of: "\(model)/readme.md") ?? "") }
        let there = EditedText(gist.text("readme.md") ?? "")
        let isBetweenZoos = chance.happens(percent: 50)
        let common = Set(texts[0].saved).intersection((isBetweenZoos ? texts[1] : there).saved).sorted()
        guard !common.isEmpty else { return }
        let line = common.one(by: &chance)
        lines.replace(line)
        for (number, side) in sides.enumerated() where number == 0 || isBetweenZoos {
            var text = texts[number]
            text.change(line, to: lines.new(from: "\(model) in \(side.name), disagreeing"))
            try PersonAtWork(side: side).save(text.text, as: "\(model)/readme.md", Saving.allCases.one(by: &chance))
        }
        if !isBetweenZoos {
            var text = there
            text.change(line, to: lines.new(from: "\(model) in its gist, disagreeing"))
            github.push(text.text, as: "readme.md", to: id, by: Self.third)
        }
    }

    /// A person decides; whether that is carried out is a matter of faults and kills.
    private func endOneConflict(on side: ZoodSide) async {
        guard let daemon = side.daemon, daemon.isRunning, let status = try? await daemon.status(),
            let model = status.models.filter({ $0.gist.state == .conflict }).map(\.id).sorted().one(by: &chance, or: nil),
            let body = try? JSONEncoder().encode(ResolveRequest(keep: ConflictSide.allCases.one(by: &chance)))
        else { return }
        disputed.insert(model)
        conflicts += 1
        _ = try? await daemon.client.exchange("POST", "/v1/models/\(model)/resolve", body: Array(body), deadline: .seconds(5))
    }

    // After.

    /// No faults any more; people end the conflicts until nothing is left to do.
    func comeToRest() async throws {
        github.clearFaults()
        for side in sides {
            try await side.calmDown()
            // What waits after failures is tried now.
            _ = try await side.daemon?.zooctl("sync", "--no-wait")
        }
        try await eventually("both zoos and the gists agree", within: .seconds(60 + 12 * size.gists)) {
            for side in sides { try await settle(side) }
            return try await agree()
        }
    }

    /// Waits until one zood has nothing under way, ending conflicts.
    private func settle(_ side: ZoodSide) async throws {
        guard let daemon = side.daemon else { return }
        try await eventually("\(side.name) is quiet", within: .seconds(30 + 6 * size.gists)) {
            var isQuiet = true
            for model in try await daemon.status().models {
                switch model.gist.state {
                case .inSync: break
                case .conflict:
                    disputed.insert(model.id)
                    let kept = ConflictSide.allCases.one(by: &chance).rawValue
                    if try await daemon.zooctl("resolve", model.id, "--keep", kept).status == 0 { conflicts += 1 }
                    isQuiet = false
                default: isQuiet = false
                }
            }
            return isQuiet
        }
    }

    private func agree() async throws -> Bool {
        for side in sides {
            guard let status = try await side.daemon?.status(), status.models.count == models.count,
                status.models.allSatisfy({ $0.gist.state == .inSync })
            else { return false }
        }
        return try differences().isEmpty
    }

    /// What is not the same everywhere, in words.
    func differences() throws -> [String] {
        var found: [String] = []
        for model in models {
            let there = gistIDs[model].flatMap { github.gist($0)?.files } ?? [:]
            for side in sides {
                let here = try side.files(of: model)
                for name in Set(here.keys).union(there.keys).sorted() where here[name] != there[name] {
                    found.append(
                        "\(model)/\(name) of \(side.name) (\(here[name]?.count ?? -1) B) and its gist (\(there[name]?.count ?? -1) B)")
                }
            }
        }
        return found
    }
}

extension Array {
    fileprivate func one(by chance: inout SeededGenerator, or none: Element?) -> Element? { isEmpty ? none : one(by: &chance) }
}
