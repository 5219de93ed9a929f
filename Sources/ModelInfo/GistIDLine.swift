// A readme with and without the one line that names its gist.

extension String {
    /// The same text with this `gist_id`; itself where that cannot be written.
    public func naming(_ id: GistID) -> String {
        guard case .success(let bytes) = FrontmatterEditor.setting("gist_id", to: id.description, in: Array(utf8)) else { return self }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same text without the line of its `gist_id`; nil where that cannot be taken out.
    public var withoutGistID: String? {
        guard case .success(let bytes) = FrontmatterEditor.removing("gist_id", in: Array(utf8)) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
