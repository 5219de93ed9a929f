import CLinux
import Glibc

/// Which parts of a file were in the page cache before it was read, so that reading it leaves the cache as it was.
public struct CachedSpans: Sendable {
    /// Bytes. What is dropped must be several MiB at once: the kernel keeps large folios that are dropped in part.
    static let spanSize: Int64 = 32 << 20

    /// Of a file of one read the first page tells of all: three calls for each of thousands of files cost more than they tell.
    private static let smallSize: Int64 = 1 << 20

    private let size: Int64
    /// By span: whether any of it was.
    let cached: [Bool]
    /// The spans before this one are done.
    private var next = 0

    /// Looks, and reads nothing. What the system does not tell (the file is somebody else's) counts as cached.
    public init(of file: borrowing OwnedDescriptor, byteCount: Int64) {
        size = byteCount
        if byteCount > 0, byteCount <= Self.smallSize {
            let result = file.withRaw { zoo_starts_cached($0) }
            guard result < 0 else {
                cached = [result > 0]
                return
            }
            // A file system that cannot tell in this way may tell in the other.
        }
        let spanCount = Int((byteCount + Self.spanSize - 1) / Self.spanSize)
        var cached: [Bool] = []
        cached.reserveCapacity(spanCount)
        var pages = [UInt8](repeating: 0, count: Int(min(byteCount, Self.spanSize) + 4095) / 4096)
        for span in 0..<spanCount {
            let start = Int64(span) * Self.spanSize
            let count = Int(min(Self.spanSize, byteCount - start))
            let result = file.withRaw { unsafe zoo_cached_pages($0, start, count, &pages) }
            cached.append(result < 0 || pages[..<((count + 4095) / 4096)].contains { $0 & 1 == 1 })
        }
        self.cached = cached
    }

    /// Has the kernel bring the beginning, where it was not cached: it comes while another file is hashed. Of what is read in a row the
    /// kernel brings the rest in time by itself, and in larger pieces.
    public func readAhead(of file: borrowing OwnedDescriptor) {
        guard cached.first == false else { return }
        // Advice, too.
        _ = file.withRaw { posix_fadvise($0, 0, off_t(min(Self.smallSize, size)), POSIX_FADV_WILLNEED) }
    }

    /// Lets go of what was read up to `offset` and was not cached before.
    public mutating func dropRead(upTo offset: Int64, of file: borrowing OwnedDescriptor) {
        while next < cached.count {
            let start = Int64(next) * Self.spanSize
            let end = min(start + Self.spanSize, size)
            guard end <= offset else { return }
            if !cached[next] {
                // Advice: where it is not taken the cache is only fuller than before.
                _ = file.withRaw { posix_fadvise($0, off_t(start), off_t(end - start), POSIX_FADV_DONTNEED) }
            }
            next += 1
        }
    }
}
