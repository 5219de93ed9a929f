/// The `Link` header of a list that has more pages: `<https://…?page=2>; rel="next", <https://…?page=9>; rel="last"`.
enum LinkHeader {
    /// The URL of the next page; nil when this one is the last.
    static func next(in values: [String]) -> String? {
        for value in values {
            // A comma may stand inside a URL, so the parts are found by their angle brackets.
            for part in value.split(separator: "<").dropFirst(value.hasPrefix("<") ? 0 : 1) {
                guard let end = part.firstIndex(of: ">") else { continue }
                let relations = part[part.index(after: end)...].split(whereSeparator: { ";, \t".contains($0) })
                guard relations.contains(where: { $0 == "rel=\"next\"" || $0 == "rel=next" }) else { continue }
                return String(part[..<end])
            }
        }
        return nil
    }
}
