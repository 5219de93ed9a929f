import ModelInfo
import SystemIO

/// Removes what an edit of a readme left beside it when zood was killed: the content from before, or from after it.
///
/// Only what holds nothing that the readme does not hold is removed, so that nothing that a person saved can be lost.
struct EditLeftovers {
    /// Nanoseconds since 1970: what is younger may be an edit that `zooctl` makes right now.
    let startedAt: Int64

    /// Blocks. What cannot be read or removed now is tried again at the next look.
    func clear(_ snapshot: DirectorySnapshot, readme: RelativePath, in directory: RootedDirectory) {
        for entry in snapshot.entries where entry.kind == .file && entry.name.description.hasPrefix(AtomicReplacement.stagedPrefix) {
            guard entry.identity.changed < startedAt,
                let left = try? directory.readFile(entry.name, limit: ReadmeEditor.readmeLimit).bytes,
                let kept = try? directory.readFile(readme, limit: ReadmeEditor.readmeLimit).bytes,
                left == kept || isEdit(of: left, kept) || isEdit(of: kept, left)
            else { continue }
            try? directory.remove(entry.name)
        }
    }

    /// Whether the second is the first with a `gist_id` written into it.
    private func isEdit(of before: [UInt8], _ after: [UInt8]) -> Bool {
        guard let id = ModelCard(readme: after, fileName: "readme.md").gistID,
            case .success(let edited) = FrontmatterEditor.setting("gist_id", to: id.description, in: before)
        else { return false }
        return edited == after
    }
}
