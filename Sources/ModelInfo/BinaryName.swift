/// What is written behind `caffemodel:`, as a path that is safe to create in the model directory or below it.
struct BinaryName {
    /// Nil when it is none.
    let file: RelativePath?
    let findings: [Finding]

    init(_ written: String) {
        var text = written.trimmed
        var findings: [Finding] = []
        if let name = Self.nameInURL(text) {
            findings.append(
                Finding(
                    .caffemodelIsURL, "the file name is a URL; \(Quotation.of(name)) is taken",
                    hint: "write the file's name here and the URL behind caffemodel_url"))
            text = name
        }
        if let name = Self.nameBeforeRemark(text) {
            findings.append(
                Finding(
                    .caffemodelDecorated, "something stands behind the file name: \(Quotation.of(text)); \(Quotation.of(name)) is taken",
                    hint: "write it alone: \(name)"))
            text = name
        }
        if let place = Self.placeElsewhere(text) {
            findings.append(Finding(.caffemodelUnsafePath, "\(Quotation.of(text)): \(place)", hint: Self.hint))
            (file, self.findings) = (nil, findings)
            return
        }
        do {
            let name = try RelativePath(fromOutside: text)
            if Self.isInfoFile(text) {
                findings.append(
                    Finding(
                        .caffemodelOverwritesInfo, "\(Quotation.of(text)) is the name of an info file, which a download would overwrite"))
                (file, self.findings) = (nil, findings)
                return
            }
            if !text.lowercased().holdsASCII(".caffemodel") {
                findings.append(Finding(.caffemodelNoExtension, "\(Quotation.of(text)) lacks the extension .caffemodel"))
            }
            (file, self.findings) = (name, findings)
        } catch .tooLong {
            (file, self.findings) = (nil, findings + [Finding(.caffemodelNameTooLong, "the file name is longer than 255 bytes")])
        } catch {
            (file, self.findings) = (nil, findings + [Finding(.caffemodelUnsafePath, "\(Quotation.of(text)): \(error)", hint: Self.hint)])
        }
    }

    private static let hint = "write a file name, or a path below the model's directory: DIR/NAME.caffemodel"

    /// `net.caffemodel` of `net.caffemodel (232 MB)` and of `net.caffemodel.`; nil when nothing, or another name, is behind it.
    private static func nameBeforeRemark(_ text: String) -> String? {
        let fileExtension = Array(".caffemodel".utf8)
        let bytes = Array(text.utf8)
        guard bytes.count <= 1024, let start = bytes.indices.first(where: { starts(bytes[$0...], with: fileExtension) }) else { return nil }
        let remark = bytes[(start + fileExtension.count)...]
        guard let first = remark.first, first.isBlank || remark.allSatisfy({ ".,;:".utf8.contains($0) }),
            !remark.indices.contains(where: { starts(remark[$0...], with: fileExtension) })
        else { return nil }
        return String(decoding: bytes[..<remark.startIndex], as: UTF8.self)
    }

    /// Letters of either case.
    private static func starts(_ bytes: ArraySlice<UInt8>, with word: [UInt8]) -> Bool {
        bytes.count >= word.count && zip(bytes, word).allSatisfy { $0 == $1 || $1 != UInt8(ascii: ".") && $0 | 0x20 == $1 }
    }

    /// What other programs would take for a place outside of the model, whatever it is as a path here.
    private static func placeElsewhere(_ text: String) -> String? {
        if text.hasPrefix("~") { return "somebody's home directory" }
        if text.hasPrefix("$") { return "a variable of a shell" }
        let head = Array(text.utf8.prefix(3))
        return head.count == 3 && head[0].isAlphanumeric && head[1] == UInt8(ascii: ":") && head[2] == UInt8(ascii: "/") ? "a drive" : nil
    }

    /// Whether a file of that name is certainly model info.
    static func isInfoFile(_ name: String) -> Bool {
        let lower = name.lowercased()
        return ReadmeNames.isReadme(lower) || lower.hasSuffix(".prototxt") || lower == URLFile.name
    }

    /// The last component of a URL's path; nil for what is no URL.
    private static func nameInURL(_ text: String) -> String? {
        let lower = text.lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://") || lower.hasPrefix("ftp://") else { return nil }
        let path = text.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").dropFirst(2)
        return path.last.map(String.init) ?? ""
    }
}
