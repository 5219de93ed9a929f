import ModelInfo

/// What lies here, to be compared with revisions of a gist with which it has no common base.
public struct LocalInfo {
    private let reading: ModelReading
    private let gist: GistID

    public init(_ reading: ModelReading, gist: GistID) { (self.reading, self.gist) = (reading, gist) }

    /// Those files of the revision that lie here, when all of them are as they lie here but for the line with the gist's id; nil when
    /// one differs. Files that are missing here come later.
    /// - Parameter revision: Texts by name.
    public func base(in revision: [String: String]) -> [String: String]? {
        var base: [String: String] = [:]
        for (name, text) in revision {
            guard let here = reading.publishable[name]?.text else {
                // There, but not fit to be sent: nobody can say that it is the same.
                if reading.skipped.contains(where: { $0.name.hasSameBytes(as: name) }) { return nil }
                continue
            }
            guard here.hasSameBytes(as: text) || here.naming(gist).hasSameBytes(as: text.naming(gist)) else { return nil }
            base[name] = text
        }
        return base.keys.contains { ReadmeNames.isReadme($0) } ? base : nil
    }
}
