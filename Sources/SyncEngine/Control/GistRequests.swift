import ControlProtocol
import FoundationEssentials
import ModelInfo
import Planning
import Transfers

/// What people ask about gists that needs more than a job: where a new model would go, what a deletion would delete, what to forget.
struct GistRequests: Sendable {
    let zoos: [Zoo]
    let gate: GistGate
    let reader: GistReader
    let catalogs: CatalogReader
    let store: StateStore
    let events: EventLog
    let board: StatusBoard
    let queue: LookQueue
    let workshop: BinaryWorkshop
    let askedLook: AskedLook
    let clock: any DaemonClock
    let configuration: @Sendable () -> Configuration

    /// Checks all that can be told before a job is made.
    /// - Returns: The new model's place, and its gist.
    func place(_ request: AddRequest) async throws -> (ModelID, GistID) {
        let gist = try await gist(named: request.gist)
        try checkHost(of: gist)
        try await checkFree(gist)
        let (zoo, named) = try zoo(of: request)
        guard !zoo.isReadOnly else {
            throw ControlError(.readOnly, "the zoo \(zoo.name) is read-only", hint: "let zood write there: mode: read-write in zoos")
        }
        let newest = try await ask { host throws(GistFailure) in try await host.read(gist) }
        let files = reader.taken(newest).files
        guard let readme = ReadmeNames.choose(from: Array(files.keys)), let text = files[readme] else {
            throw ControlError(.invalidInfo, "gist \(gist) has no readme, so it is no model's", details: ["gist": gist.description])
        }
        let card = ModelCard(readme: Array(text.utf8), fileName: readme)
        guard card.makesModel(withFiles: files.keys) else {
            throw ControlError(
                .invalidInfo, "gist \(gist) is no model's: \(readme) has no key that zood knows, and there is no prototxt beside it",
                hint: "let its readme begin with a block of keys between two lines '---'", details: ["gist": gist.description])
        }
        let id = ModelID(zoo: zoo.name, path: named ?? DirectoryName.of(card, gist: gist))
        switch try await askedLook.look(at: id, in: zoo, ModelObserver.Settings(configuration())) {
        case .absent: return (id, gist)
        case .unknown(let because): throw ControlError(.failed, "\(zoo.absolute(id.path)) cannot be looked at: \(because)")
        case .ignored: throw ControlError(.conflict, "a .zooignore names \(id.path)", hint: otherPlace(gist))
        case .present, .notAModel:
            throw ControlError(.conflict, "\(zoo.absolute(id.path)) is there already; it is left as it is", hint: otherPlace(gist))
        }
    }

    /// An id, a URL, or an entry of a catalog.
    private func gist(named text: String) async throws -> GistID {
        if let reference = GistReference(text) {
            try checkHost(of: reference)
            return reference.id
        }
        if GistReference.isMeantAsOne(text), let problem = GistReference.problem(with: text) {
            throw ControlError(.badRequest, problem, hint: "zooctl add --help")
        }
        return try await catalogs.gist(called: text)
    }

    /// An id of one host is never taken for another's.
    private func checkHost(of reference: GistReference) throws(ControlError) {
        let gists = configuration().gists
        guard gists.host == .github, let api = try? HTTPURL(gists.apiURL.description), !reference.mayBeKept(by: api) else { return }
        throw ControlError(
            .badRequest, "that is a gist of \(shown(reference.host ?? "")), and those of this zood are kept by \(api.host) (gists.api_url)",
            hint: "if it is there too: zooctl add \(reference.id)")
    }

    private func otherPlace(_ gist: GistID) -> String { "name another directory: zooctl add \(gist) DIR" }

    private func checkHost(of gist: GistID) throws(ControlError) {
        switch configuration().gists.host {
        case .none: throw ControlError(.held, "gists.host is none", hint: "set gists.host in zood.yaml, then: zooctl reload")
        case .local where !gist.isLocal:
            throw ControlError(
                .held, "gist \(gist) is on GitHub, and gists.host is local",
                hint: "set gists.host: github in zood.yaml, then: zooctl reload")
        case .github where gist.isLocal:
            throw ControlError(.held, "gist \(gist) is of a local host, and gists.host is github")
        default: break
        }
    }

    private func checkFree(_ gist: GistID) async throws {
        var keeper = try await store.keeper(of: gist)
        if keeper == nil { keeper = await board.all.first { $0.view.reading?.card?.gistID == gist }?.view.id }
        guard let keeper else { return }
        let word = ShellWord.of(await board.shortID(keeper))
        let isGone = if case .absent? = await board[keeper]?.view.disk { true } else { false }
        throw ControlError(
            .conflict, "gist \(gist) is that of \(keeper.path) already\(isGone ? ", whose directory is gone" : "")",
            hint: isGone ? "put the directory back, or: zooctl forget \(word)" : "zooctl show \(word)",
            details: ["model": keeper.path.description])
    }

    /// The zoo, and the place in it when one is named.
    private func zoo(of request: AddRequest) throws(ControlError) -> (Zoo, RelativePath?) {
        // A shell completes a directory's name with a slash at its end.
        var text = request.directory.map { $0.utf8.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        if let blank = text, blank.allSatisfy(\.isWhitespace) { throw ControlError(.badRequest, "the directory has no name") }
        var chosen = request.zoo.map { name in zoos.filter { $0.name == name } } ?? zoos
        guard !chosen.isEmpty else {
            throw ControlError(
                .badRequest, "there is no zoo \(shown(request.zoo ?? ""))", hint: "name one of: \(zoos.map(\.name).joined(separator: ", "))"
            )
        }
        if let absolute = text, absolute.hasPrefix("/") {
            chosen = chosen.filter { absolute.hasPrefix($0.path.string + "/") }
            guard let zoo = chosen.first else { throw ControlError(.badRequest, "\(shown(absolute)) lies in no zoo of this zood") }
            text = String(absolute.dropFirst(zoo.path.string.utf8.count + 1))
        }
        guard chosen.count == 1 || request.directory?.hasPrefix("/") == true, let zoo = chosen.first else {
            throw ControlError(
                .badRequest, "there are several zoos: \(zoos.map(\.name).joined(separator: ", "))", hint: "zooctl add GIST --zoo NAME")
        }
        guard let text else { return (zoo, nil) }
        do {
            let path = try RelativePath(fromOutside: text)
            guard path.components.count <= ModelID.maximumDepth else {
                throw ControlError(.badRequest, "\(shown(text)) is deeper than the \(ModelID.maximumDepth) levels that a zoo has")
            }
            return (zoo, path)
        } catch let error as ControlError {
            throw error
        } catch {
            throw ControlError(.badRequest, "\(shown(text)) cannot be a model's directory: \(error)", hint: "name one below the zoo's root")
        }
    }

    /// What `unpublish` would delete.
    func unpublishPreview(of id: ModelID) async throws -> UnpublishReport {
        guard let known = try await store.memory(of: id).gist else { throw ControlError(.held, "\(id.path) has no gist") }
        guard known.isOwn else {
            throw ControlError(.gistReadOnly, "the gist of \(id.path) belongs to \(known.owner ?? "nobody"), who alone can delete it")
        }
        guard configuration().gists.direction != .pull else {
            throw ControlError(
                .held, "gists.direction is pull: nothing is sent, so gist \(known.id) is not deleted",
                hint: "to delete it by zood, set gists.direction: both in zood.yaml, then: zooctl reload")
        }
        let gist = try await ask { host throws(GistFailure) in try await host.read(known.id) }
        let revisions = try await ask { host throws(GistFailure) in
            try await host.revisions(of: known.id, limit: UnpublishReport.revisionLimit)
        }
        return UnpublishReport(
            model: await board.shortID(id), gist: known.id, url: gist.url, visibility: gist.isPublic ? .public : .secret,
            fileCount: gist.files.count + gist.notText.count, revisionCount: revisions.count)
    }

    /// Drops what is known of a model whose directory is truly gone.
    func forget(_ id: ModelID, by uid: UInt32) async throws -> ForgetReport {
        guard let zoo = zoos.first(where: { $0.name == id.zoo }) else { throw ControlError(.noSuchModel, "there is no zoo \(id.zoo)") }
        let word = await board.shortID(id)
        func refuse(_ why: String) -> ControlError {
            ControlError(
                .held, "\(zoo.absolute(id.path)) \(why), so what is known of it is kept",
                hint:
                    "only a model whose directory is gone, or holds another one, can be forgotten; to end its gist: zooctl unpublish \(ShellWord.of(word))"
            )
        }
        let memory = try await store.memory(of: id)
        switch try await askedLook.look(at: id, in: zoo, ModelObserver.Settings(configuration())) {
        case .absent: break
        case .unknown(let because): throw refuse("cannot be looked at (\(because))")
        case .present(let model) where memory.isOfAnother(model.reading): break
        case .present, .notAModel, .ignored: throw refuse("is there")
        }
        guard memory.decisions.arrival == nil else { throw refuse("is just being added") }
        // What is under way would remember it anew.
        await workshop.end(id)
        let gist = memory.gist
        var message = "forgotten"
        if let gist { message += "; its gist \(gist.id) was left alone" }
        try await events.recordForgetting(
            id,
            NewEvent(
                at: clock.now, kind: .modelForgotten, model: id, message: message,
                details: ["gist": gist?.id.description ?? "", "url": gist?.url ?? ""], uid: uid))
        // Those that were held for the id that it had, too.
        await queue.mark([id] + board.all.filter { $0.view.claims.gistKeeper == id }.map(\.view.id))
        return ForgetReport(model: word, gist: gist?.id, url: gist?.url)
    }

    /// Asks the host once, for somebody who waits.
    private func ask<Answer: Sendable>(
        _ body: @escaping @Sendable (any GistHost) async throws(GistFailure) -> Answer
    ) async throws(ControlError) -> Answer {
        do throws(GistFailure) { return try await gate.read(body) } catch {
            switch error {
            case .notFound, .takenDown:
                let isLocal = await gate.kind == .local
                throw ControlError(
                    .gistGone, "there is no such gist\(isLocal ? "" : ", or the token may not see it"): \(error.said)",
                    hint: isLocal ? nil : "zooctl doctor tells what the token may")
            case .limited: throw ControlError(.rateLimited, error.said, hint: "zooctl status tells until when")
            case .notSignedIn, .forbidden:
                throw ControlError(
                    .notSignedIn, error.said, hint: "put a valid token in place (zooctl doctor looks at it), then: zooctl reload")
            case .cancelled: throw ControlError(.cancelled, "zood is stopping")
            case .refused, .foreignChange: throw ControlError(.hostRefused, error.said)
            case .unavailable, .answerLost, .nonsense: throw ControlError(.network, error.said, hint: "try again")
            }
        }
    }
}

extension GistReference {
    /// Whether a URL leads to what the API at `api` keeps. An id alone may be anybody's.
    func mayBeKept(by api: HTTPURL) -> Bool {
        guard let host else { return true }
        // Where github.com keeps the files of its gists is called otherwise.
        return api.isSameSite(as: host) || host == "gist.githubusercontent.com" && api.isSameSite(as: "github.com")
    }
}
