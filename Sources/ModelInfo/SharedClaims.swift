/// What only shows when several directories are seen together: a copied readme still carries the ids of the one it came from.
public enum SharedClaims {
    /// So many of the others are counted; a person needs fewer names.
    private static let rivalLimit = 1000

    /// - Parameter readings: Each with the directory as people know it.
    /// - Returns: For each reading, in the same order, what is to be added to its diagnostics. Both sides of a claim are told.
    public static func diagnostics(in readings: [(directory: String, reading: ModelReading)]) -> [[Diagnostic]] {
        var gists: [GistID: [Int]] = [:]
        var binaries = BinaryClaims<Int>()
        for (index, entry) in readings.enumerated() {
            if let id = entry.reading.card?.gistID { gists[id, default: []].append(index) }
            for claim in entry.reading.binaryClaims { binaries.insert(claim, by: index) }
        }
        return readings.indices.map { index in
            let reading = readings[index].reading
            var added: [Diagnostic] = []
            if let id = reading.card?.gistID, let claimants = gists[id], claimants.count > 1 {
                added.append(gistIDShared(id, with: claimants.filter { $0 != index }.map { readings[$0].directory }, in: reading))
            }
            for claim in reading.binaryClaims {
                let rivals = binaries.rivals(of: claim, besides: index, limit: rivalLimit)
                if !rivals.isEmpty { added.append(sha1Shared(claim.sha1, with: rivals.map { readings[$0].directory }, in: reading)) }
            }
            return added
        }
    }

    /// - Parameter others: The other directories, as people know them; not empty.
    public static func gistIDShared(_ id: GistID, with others: [String], in reading: ModelReading) -> Diagnostic {
        let place = reading.card?.gistIDPlace
        return Diagnostic(
            .gistIDShared, file: reading.readme?.description, line: place?.line ?? 1, column: place?.column ?? 1,
            field: KnownKey.gistID.rawValue,
            message: "gist_id \(id) is also claimed by \(names(others))",
            hint: "remove the line gist_id from the copy; it gets a gist of its own")
    }

    /// - Parameter others: The other directories, as people know them; not empty.
    public static func sha1Shared(_ sha1: SHA1Digest, with others: [String], in reading: ModelReading) -> Diagnostic {
        let place = reading.card?.sha1Places[sha1]
        return Diagnostic(
            .sha1Shared, file: reading.readme?.description, line: place?.line ?? 1, column: place?.column ?? 1,
            field: KnownKey.sha1.rawValue,
            message: "sha1 \(sha1) is also claimed for another binary by \(names(others))",
            hint: "one of them was copied: write the output of `sha1sum FILE` into each")
    }

    private static func names(_ directories: [String]) -> String {
        directories.prefix(3).joined(separator: ", ") + (directories.count > 3 ? " and \(directories.count - 3) more" : "")
    }
}

extension ModelReading {
    /// What the readme claims about digests; each digest once, for the first binary that has it.
    public var binaryClaims: [BinaryClaim] {
        var seen: Set<SHA1Digest> = []
        return (card?.binaries ?? []).compactMap(BinaryClaim.init).filter { seen.insert($0.sha1).inserted }
    }
}
