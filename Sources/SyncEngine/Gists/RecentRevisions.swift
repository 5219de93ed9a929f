import ModelInfo
import Synchronization

/// The revisions at which a few gists were read last: most often the gist that is changed next is among them, and its newest revision
/// is still the same.
final class RecentRevisions: Sendable {
    /// One model's update reads its gist and then writes it; so many may do that at once, with some to spare.
    static let limit = 8
    /// A gist with more text is read anew each time. In bytes.
    static let largestByteCount = 256 << 10

    private typealias Entry = (gist: GistID, revision: GistRepository.Revision)
    /// The latest last.
    private let entries = Mutex<[Entry]>([])

    subscript(gist: GistID) -> GistRepository.Revision? { entries.withLock { $0.last { $0.gist == gist }?.revision } }

    func keep(_ revision: GistRepository.Revision, of gist: GistID) {
        let byteCount = revision.files.text.values.reduce(0) { $0 + $1.utf8.count }
        entries.withLock { entries in
            entries.removeAll { $0.gist == gist }
            guard byteCount <= Self.largestByteCount else { return }
            entries.append((gist, revision))
            if entries.count > Self.limit { entries.removeFirst() }
        }
    }

    func forget(_ gist: GistID) { entries.withLock { $0.removeAll { $0.gist == gist } } }
}
