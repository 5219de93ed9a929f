import ModelInfo

/// What `POST /v1/models/{id}/forget` answers.
public struct ForgetReport: Codable, Hashable, Sendable {
    public private(set) var schema = "zood.forget/1"
    public var model: String
    /// Its gist, which is left as it is; nil when it had none.
    public var gist: GistID?
    public var url: String?

    public init(model: String, gist: GistID?, url: String?) { (self.model, self.gist, self.url) = (model, gist, url) }
}
