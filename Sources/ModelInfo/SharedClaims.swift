/// What only shows when several directories are seen together: a copied readme still carries the ids of the one it came from.
public enum SharedClaims {
    /// - Parameter readings: Each with the directory as people know it.
    /// - Returns: For each reading, in the same order, what is to be added to its diagnostics. Both sides of a claim are told.
    public static func diagnostics(in readings: [(directory: String, reading: ModelReading)]) -> [[Diagnostic]] {
        var added = [[Diagnostic]](repeating: [], count: readings.count)
        var gists: [GistID: [Int]] = [:]
        var digests: [SHA1Digest: [Int]] = [:]
        for (index, entry) in readings.enumerated() {
            if let id = entry.reading.card?.gistID { gists[id, default: []].append(index) }
            for sha1 in Set((entry.reading.card?.binaries ?? []).compactMap(\.sha1)) { digests[sha1, default: []].append(index) }
        }
        for (id, claimants) in gists where claimants.count > 1 {
            for index in claimants {
                let others = names(of: claimants, except: index, in: readings)
                added[index].append(
                    Diagnostic(
                        .gistIDShared, file: readings[index].reading.readme?.description, line: 1, column: 1,
                        field: KnownKey.gistID.rawValue,
                        message: "gist_id \(id) is also claimed by \(others)",
                        hint: "remove the line gist_id from the copy; it gets a gist of its own"))
            }
        }
        for (sha1, claimants) in digests where claimants.count > 1 {
            // Many copies of one binary are one group of few spellings: each is compared with the spellings, not with every other directory.
            let groups = Dictionary(grouping: claimants) { Claim(readings[$0].reading, sha1) }
            for (claim, members) in groups {
                let rivals = groups.filter { $0.key.isAnotherBinary(than: claim) }.flatMap(\.value).sorted()
                guard !rivals.isEmpty else { continue }
                for index in members {
                    added[index].append(
                        Diagnostic(
                            .sha1Shared, file: readings[index].reading.readme?.description, line: 1, column: 1,
                            field: KnownKey.sha1.rawValue,
                            message: "sha1 \(sha1) is also claimed for another binary by \(names(of: rivals, in: readings))",
                            hint: "one of them was copied: write the output of `sha1sum FILE` into each"))
                }
            }
        }
        return added
    }

    /// What a readme says of the binary with one digest.
    private struct Claim: Hashable {
        let file: String?
        let url: String?

        init(_ reading: ModelReading, _ sha1: SHA1Digest) {
            let binary = reading.card?.binaries.first { $0.sha1 == sha1 }
            (file, url) = (binary?.file?.name, binary?.url)
        }

        /// A copy keeps the name, or the URL, or both.
        func isAnotherBinary(than other: Claim) -> Bool {
            file != other.file && (url != other.url || url == nil)
        }
    }

    private static func names(of indices: [Int], except own: Int? = nil, in readings: [(directory: String, reading: ModelReading)])
        -> String
    {
        let shown = indices.lazy.filter { $0 != own }.prefix(3).map { readings[$0].directory }
        let count = indices.count - (own == nil ? 0 : 1)
        return shown.joined(separator: ", ") + (count > 3 ? " and \(count - 3) more" : "")
    }
}
