import ControlProtocol
import Glibc
import ModelInfo
import Planning
import Synchronization
import SystemIO

/// How much of a zoo's file system a download may take, and what one waits for that found too little.
struct DownloadRoom: Sendable {
    let staging: Staging
    /// `binaries.max_size`.
    let maximumByteCount: Int64
    /// `binaries.min_free` on a file system of that size.
    let minimumFree: @Sendable (_ totalBytes: Int64) -> Int64

    /// The least that a fetch without room waits for, also when nobody said how much is to come: less would not be worth a request.
    static let leastByteCount: Int64 = 1 << 20

    /// How large the file may become: what `binaries.max_size` allows, and what leaves `binaries.min_free`. Blocks.
    /// - Parameter file: Where the download goes to; the room that it takes up already counts.
    func ceiling(for file: Lending) throws(SystemError) -> Int64 {
        let there = try file.descriptor.allocatedByteCount()
        return min(maximumByteCount, max(0, there + (try staging.room(leaving: minimumFree))))
    }

    /// Whether a file of that size fits. Blocks.
    func check(for byteCount: Int64) throws(SystemError) {
        guard try staging.room(leaving: minimumFree) >= byteCount else { throw lack(of: byteCount) }
    }

    /// The error of a file of which so many bytes would use up what is to be left free. Blocks.
    func lack(of byteCount: Int64) -> SystemError {
        guard let (available, total) = try? FileSystemKind.space(at: staging.downloads) else {
            return SystemError(
                errno: ENOSPC, rule: "\(SizeWords.of(byteCount)) more are needed in \(staging.zooPath), more than binaries.min_free leaves")
        }
        let kept = minimumFree(total)
        return SystemError(
            errno: ENOSPC,
            rule: "\(SizeWords.of(byteCount)) more are needed in \(staging.zooPath), \(SizeWords.of(available)) are free"
                + (kept > 0 ? ", of which binaries.min_free keeps \(SizeWords.of(kept))" : "")
                + "; \(SizeWords.of(byteCount - (available - kept))) too few")
    }

    /// The error of a file of that size, of which a part is there. Blocks.
    func lack(of byteCount: Int64, beside partial: PartialDownload) throws(SystemError) -> SystemError {
        lack(of: max(0, byteCount - (try staging.downloads.allocatedByteCount(of: partial.stagingName))))
    }

    /// The error of a file system of which others use what is to be left free.
    static func lack(leaving available: Int64, of kept: Int64, in place: String) -> SystemError {
        SystemError(
            errno: ENOSPC, rule: "\(place) has \(SizeWords.of(available)) free, and binaries.min_free keeps \(SizeWords.of(kept))")
    }

    /// Looks again while a file grows: others write to that file system too.
    final class Watch: Sendable {
        private static let byteCount: Int64 = 16 << 20
        private static let pause = Duration.seconds(1)

        private let room: DownloadRoom
        private let clock = SuspendingClock()
        private let last: Mutex<(byteCount: Int64, at: SuspendingClock.Instant)>

        init(_ room: DownloadRoom) {
            self.room = room
            last = Mutex((0, clock.now))
        }

        /// The same, where what cannot be asked is no lack.
        func lack(after byteCount: Int64) -> SystemError? {
            do throws(SystemError) { try check(after: byteCount) } catch { return error.errno == ENOSPC ? error : nil }
            return nil
        }

        /// Blocks, for one `statvfs` now and then.
        /// - Parameter byteCount: So much of the file is there.
        /// - Throws: ENOSPC when less is free than is to be left.
        func check(after byteCount: Int64) throws(SystemError) {
            let now = clock.now
            let isDue = last.withLock { last in
                guard abs(byteCount - last.byteCount) >= Self.byteCount || now - last.at >= Self.pause else { return false }
                last = (byteCount, now)
                return true
            }
            guard isDue else { return }
            let (available, total) = try FileSystemKind.space(at: room.staging.downloads)
            let kept = room.minimumFree(total)
            guard available < kept else { return }
            throw DownloadRoom.lack(leaving: available, of: kept, in: room.staging.zooPath)
        }
    }

    /// What becomes of a fetch that had no room: it waits until there is enough for what is missing. Where there is enough already, as
    /// when somebody made room at that moment or a quota is used up, it is no number that can be waited for, and the outcome stays as it
    /// is. Blocks.
    /// - Parameter announced: Bytes of the whole file, where an answer said so.
    func wait(after outcome: Outcome, for partial: PartialDownload, announced: Int64?) throws(SystemError) -> Outcome {
        guard case .retry(_, .space, let because, let hint) = outcome else { return outcome }
        let there = try staging.downloads.allocatedByteCount(of: partial.stagingName)
        let needed = max((announced ?? partial.totalByteCount ?? 0) - there, Self.leastByteCount)
        let isThere = try staging.room(leaving: minimumFree) >= needed
        return isThere ? outcome : .needsRoom(byteCount: needed, because: because, hint: hint)
    }
}
