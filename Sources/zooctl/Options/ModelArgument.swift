import ControlProtocol
import FoundationEssentials
import ModelInfo
import SystemPackage

/// A MODEL as a person writes it: an id, `ZOO:ID`, or a directory.
struct ModelArgument {
    let text: String

    /// - Parameter text: What the shell completes to a directory ends in a slash.
    init(text: String) { self.text = text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text }

    var isDirectory: Bool {
        text == "." || text == ".." || text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../")
    }

    /// The id that the daemon knows it by. An id is taken as it is: the daemon says when there is none.
    func id(by client: ControlClient) async throws(ControlError) -> String {
        guard isDirectory else { return text }
        return try model(in: try await client.send(.statusTable).models).id
    }

    /// - Parameter models: All models of a status.
    func model(in models: [ModelStatus]) throws(ControlError) -> ModelStatus {
        if isDirectory {
            let wanted = DirectoryIdentity(text)
            if let found = models.first(where: { $0.path == text || wanted != nil && DirectoryIdentity($0.path) == wanted }) {
                return found
            }
            throw ControlError(
                .noSuchModel, "the directory \(text) is no model of this zood",
                hint: "zooctl status lists the models; zooctl lint \(text) says whether it is one", details: ["model": text])
        }
        let found = models.filter { $0.id == text || "\($0.zoo):\($0.id)" == text }
        guard let model = found.first else { throw Self.missing(text, among: models) }
        guard found.count == 1 else {
            throw ControlError(
                .ambiguousModel, "several zoos hold \(text)",
                hint: "name one: \(found.map { "\($0.zoo):\($0.id)" }.joined(separator: ", "))",
                details: ["model": text])
        }
        return model
    }

    /// What to say when there is no such model, with the one that was probably meant.
    static func missing(_ text: String, among models: [ModelStatus]) -> ControlError {
        let ids = models.map(\.id)
        let near = ids.filter { $0.hasPrefix(text) || $0.hasSuffix("/" + text) || $0.contains("/" + text) }
        let meant = near.count == 1 ? near[0] : Spelling.nearest(to: text, among: ids)
        return ControlError(
            .noSuchModel, "no model \(text)", hint: meant.map { "did you mean \($0)?" } ?? "zooctl status lists the models",
            details: ["model": text])
    }
}

/// Which directory a path leads to, whatever links are on the way.
private struct DirectoryIdentity: Equatable {
    let device: UInt64
    let inode: UInt64

    /// Nil when there is nothing, or nothing that may be looked at.
    init?(_ path: String) {
        guard let status = try? Stat(FilePath(path)) else { return nil }
        (device, inode) = (UInt64(status.deviceID.rawValue), UInt64(status.inode.rawValue))
    }
}

extension ControlClient {
    /// Sends what concerns one model; when there is no such model, says which one was probably meant.
    func send<Answer>(
        about argument: String, _ call: (String) throws -> ControlCall<Answer>
    ) async throws -> Answer {
        let id = try await ModelArgument(text: argument).id(by: self)
        do {
            return try await send(try call(id))
        } catch let error as ControlError where error.code == .noSuchModel {
            // One that is listed and cannot be used now says itself why.
            guard let models = try? await send(.statusTable).models, (try? ModelArgument(text: argument).model(in: models)) == nil else {
                throw error
            }
            throw ModelArgument.missing(argument, among: models)
        }
    }
}
