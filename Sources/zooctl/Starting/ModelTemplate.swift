import ModelInfo

/// What a new model directory is started with: a readme that is complete, and a network that stands in for the real one.
struct ModelTemplate {
    var name: String
    /// Plain file name.
    var caffemodel: String
    var url: String
    var license: String
    /// Nil when the weights are not here: the line is left out, and written by `zooctl fetch --pin`.
    var sha1: SHA1Digest?
    /// What Caffe it was made with, as the person says it; nil leaves a line to fill in.
    var caffeVersion: String?

    /// Name of the readme, of all that are allowed the first.
    static var readmeName: String { ReadmeNames.inOrder[0] }
    static let prototxtName = "deploy.prototxt"

    /// The readme; what is empty is left out.
    /// - Throws: `EditRefusal` for a value that cannot stand in a readme.
    func readme() throws(FrontmatterEditor.EditRefusal) -> [UInt8] {
        var bytes = Array(Self.frame.utf8)
        let lines: [(String, String?)] = [
            ("name", name), ("caffemodel", caffemodel), ("caffemodel_url", url), ("sha1", sha1?.description), ("license", license),
            ("caffe_version", caffeVersion),
        ]
        for (key, value) in lines {
            if let value, !value.isEmpty { bytes = try FrontmatterEditor.setting(key, to: value, in: bytes).get() }
        }
        return bytes
    }

    /// The keys come into the block by the same edits as those of `zooctl set`.
    private static let frame = """
        ---
        ---
        What the model does, what it was trained on, how well it does it, and how its input is to be prepared.

        Keys that zood reads, between the two lines of dashes: name, caffemodel (the file of the weights), caffemodel_url, sha1, license,
        caffe_commit or caffe_version; gist_id is written by zood. All other keys and this text are yours.

        """

    /// A network that Caffe loads: an input and nothing else.
    var prototxt: [UInt8] {
        Array(
            """
            # Put the deploy definition of your network here; this one has an input and no layer behind it.
            name: \(Self.protobufString(name))
            layer {
              name: "data"
              type: "Input"
              top: "data"
              input_param { shape: { dim: 1 dim: 3 dim: 224 dim: 224 } }
            }

            """.utf8)
    }

    /// In double quotes, with everything but plain ASCII as octal escapes of its bytes.
    private static func protobufString(_ text: String) -> String {
        let escaped = text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
            case 0x20..<0x7F: String(UnicodeScalar(byte))
            default:
                "\\" + String(repeating: "0", count: 3 - String(byte, radix: 8).count) + String(byte, radix: 8)
            }
        }
        return "\"" + escaped.joined() + "\""
    }

    /// What `zooctl lint` would say of one key, beside notes; nil when all is well.
    func complaint(about field: String) -> String? {
        do {
            let card = ModelCard(readme: try readme(), fileName: Self.readmeName)
            let complaint = card.diagnostics.first { $0.field == field && $0.severity > .note }
            if [.missingName, .missingLicense].contains(complaint?.code) {
                let value = field == "name" ? name : license
                if !value.isEmpty { return "'\(value)' is what people write where they have nothing to write: give the \(field) itself" }
            }
            return complaint?.message
        } catch {
            return error.message
        }
    }
}
