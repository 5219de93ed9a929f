/// Which files of a gist are model info, and so may come into a model's directory. A gist may hold anything: whatever else is in it is
/// neither taken, compared nor removed.
public enum IncomingFiles {
    /// The files that are taken, by name.
    /// - Parameter maximumByteCount: Larger ones are not (`gists.max_file_size`).
    public static func taken(from files: [String: String], maximumByteCount: Int) -> [String: String] {
        files.filter { refusal(of: $0.key, $0.value, maximumByteCount: maximumByteCount) == nil }
    }

    /// Why a file is not taken, in words; nil when it is.
    public static func refusal(of name: String, _ text: String, maximumByteCount: Int) -> String? {
        let path: RelativePath
        do { path = try RelativePath(nameFromOutside: name) } catch { return "its name \(Quotation.of(name)) cannot be used: \(error)" }
        if path.isHidden { return "\(Quotation.of(name)) would be hidden" }
        if DirectoryReader.isCaffemodel(name) { return "\(Quotation.of(name)) has the name of a binary" }
        if LeftoverNames.contains(name) { return "\(Quotation.of(name)) has the name of an editor's or a download's leftover" }
        if text.utf8.count > maximumByteCount {
            return "\(Quotation.of(name)) has \(text.utf8.count) bytes, more than gists.max_file_size (\(maximumByteCount))"
        }
        if text.utf8.contains(0) { return "\(Quotation.of(name)) is no text" }
        if text.utf8.allSatisfy({ $0.isBlank || $0 == .lineFeed || $0 == .carriageReturn }) { return "\(Quotation.of(name)) is empty" }
        return nil
    }
}
