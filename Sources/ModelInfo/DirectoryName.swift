/// How the directory of a model is called that comes from a gist and whose place nobody named.
public enum DirectoryName {
    /// Bytes; enough to recognise any model.
    static let maximumByteCount = 64

    /// The model's name in lower case, everything but letters, digits, `-` and `.` of ASCII as `_`: `BAIR/BVLC AlexNet Model` gives
    /// `bair_bvlc_alexnet_model`. Without a usable name, the binary's without its extension; else the gist's id.
    public static func of(_ card: ModelCard?, gist: GistID) -> RelativePath {
        let binary = card?.binaries.first?.file.map { file in file.name.split(separator: ".", omittingEmptySubsequences: true).first ?? "" }
        for text in [card?.name, binary.map(String.init)] {
            if let text, let path = try? RelativePath(nameFromOutside: word(text)) { return path }
        }
        // An id is hexadecimal digits, with or without `local-` before them: always a name.
        return try! RelativePath(nameFromOutside: gist.description)
    }

    /// Empty when nothing of it can be used.
    private static func word(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8.prefix(1024) {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): bytes.append(byte | 0x20)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                bytes.append(byte)
            default: if bytes.last != UInt8(ascii: "_") { bytes.append(UInt8(ascii: "_")) }
            }
        }
        let isEdge: (UInt8) -> Bool = { "_-.".utf8.contains($0) }
        var kept = Array(bytes.drop(while: isEdge).prefix(maximumByteCount))
        while let last = kept.last, isEdge(last) { kept.removeLast() }
        return String(decoding: kept, as: UTF8.self)
    }
}
