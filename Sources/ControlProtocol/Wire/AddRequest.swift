/// Body of `POST /v1/models`.
public struct AddRequest: Codable, Hashable, Sendable {
    /// An id, `OWNER/ID`, or any URL of the gist.
    public var gist: String
    /// Of the new directory: below the zoo's root, or absolute; nil names it after the model.
    public var directory: String?
    /// Name of the zoo; nil takes the only one.
    public var zoo: String?

    public init(gist: String, directory: String? = nil, zoo: String? = nil) {
        (self.gist, self.directory, self.zoo) = (gist, directory, zoo)
    }
}
