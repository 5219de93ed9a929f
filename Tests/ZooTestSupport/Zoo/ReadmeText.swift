import ModelInfo

/// Writes the readme of a model as people write them: frontmatter between two `---` lines, then text.
public struct ReadmeText: Sendable {
    /// Key and value as written, in order.
    public var fields: [(key: String, value: String)]
    /// What follows the frontmatter.
    public var body: String
    /// `\n` or `\r\n`.
    public var lineEnd: String

    /// These fields and no other.
    public init(fields: [(key: String, value: String)], body: String = "A model for tests.\n", lineEnd: String = "\n") {
        (self.fields, self.body, self.lineEnd) = (fields, body, lineEnd)
    }

    /// Everything that a valid model says. A binary is declared when `url` is given.
    public init(
        name: String = "Tiny model", caffemodel: String = "tiny.caffemodel", url: String? = nil, sha1: SHA1Digest? = nil,
        gistID: GistID? = nil
    ) {
        var fields = [("name", name)]
        if let url { fields += [("caffemodel", caffemodel), ("caffemodel_url", url)] }
        fields += [("license", "BSD-2-Clause")]
        if let sha1 { fields += [("sha1", sha1.description)] }
        fields += [("caffe_commit", "709dc159a4ae0f5d7a5a0c2e3b41ed0f7eb79a3d")]
        if let gistID { fields += [("gist_id", gistID.description)] }
        self.init(fields: fields)
    }

    /// The value of a key; setting nil removes the key, setting an unknown one adds it at the end.
    public subscript(key: String) -> String? {
        get { fields.first { $0.key == key }?.value }
        set {
            let index = fields.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): fields[index].value = value
            case (let index?, nil): fields.remove(at: index)
            case (nil, let value?): fields.append((key, value))
            case (nil, nil): break
            }
        }
    }

    /// The whole file.
    public var text: String {
        let lines = ["---"] + fields.map { "\($0.key): \($0.value)" } + ["---", ""]
        return (lines.joined(separator: "\n") + "\n" + body).replacing("\n", with: lineEnd)
    }
}
