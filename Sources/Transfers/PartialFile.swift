import ModelInfo
import SystemIO

/// The destination of a download: the parts of it that are there, and the digests of its beginning, which always are of the same bytes.
///
/// As long as the parts are one beginning, the file is just that, and its length tells. When parts come in any order, a ``RangeRecord``
/// behind the last byte tells which. Used by one thread; what it starts on others is over when it is left.
final class PartialFile {
    /// A file of so many bytes or fewer is hashed as it comes and synced at its end, on its own thread: to wake others for it would take
    /// longer. Nor is room taken for it beforehand: all of it is there before the disk gives it any.
    private static let small: Int64 = 1 << 20

    private let file: SharedDescriptor
    private let wantsSHA1: Bool
    private let wantsSHA256: Bool
    private let isCancelled: @Sendable () -> Bool
    private var digest: PrefixDigest
    /// One for as long as the file is there: of a disk that failed it is the only one to know.
    private let sync: BackgroundSync
    /// What was written.
    private(set) var ranges = ByteRanges()
    /// Of the complete file; nil as long as nobody said.
    private var total: Int64?
    /// What the record says; nil as long as there is none.
    private var recorded: ByteRanges?
    /// Of a large file, while it is under way.
    private var reservation: RoomReservation?

    /// Begins with what may be kept of what is there. It is hashed again: a saved state of a digest would say nothing about the disk.
    /// - Parameter onSynced: Called, mostly on another thread, with what a power cut leaves from then on: after a ``settle()``, and before
    ///   ``restart()`` or ``leave()`` return.
    init(
        _ descriptor: consuming OwnedDescriptor, keeping content: PartialContent?, wantsSHA1: Bool, wantsSHA256: Bool,
        isCancelled: @escaping @Sendable () -> Bool, onSynced: @escaping @Sendable (ByteRanges) -> Void
    ) throws(DigestFailure) {
        file = SharedDescriptor(descriptor)
        (self.wantsSHA1, self.wantsSHA256, self.isCancelled) = (wantsSHA1, wantsSHA256, isCancelled)
        digest = try PrefixDigest(of: file, sha1: wantsSHA1, sha256: wantsSHA256, isCancelled: isCancelled)
        sync = BackgroundSync(of: file, onSynced: onSynced)
        total = content?.totalByteCount
        try disk { () throws(SystemError) in try keep(content) }
        try digest.advance(to: ranges.prefixEnd)
    }

    private func keep(_ content: PartialContent?) throws(SystemError) {
        let size = try file.descriptor.status().identity.size
        if let content {
            switch content.kept {
            case .all: ranges = try record(size) ?? ByteRanges(0..<(size <= total ?? .max ? size : 0))
            case .parts(let parts): ranges = parts.intersection(ByteRanges(0..<min(size, total ?? .max)))
            }
        }
        guard ranges.isPrefix || total == nil else { return try scatter() }
        ranges = ByteRanges(0..<ranges.prefixEnd)
        try file.descriptor.truncate(to: ranges.prefixEnd)
    }

    /// What the record in a file of this size says; nil when there is none.
    private func record(_ size: Int64) throws(SystemError) -> ByteRanges? {
        guard let total, size == RangeRecord.offset(total: total) + RangeRecord.byteCount else { return nil }
        let bytes = try file.descriptor.read(count: Int(RangeRecord.byteCount), at: RangeRecord.offset(total: total))
        return RangeRecord.decode(bytes, total: total)
    }

    /// How much of it is on the disk for sure.
    var syncedByteCount: Int64 { sync.synced.byteCount }

    /// The file will have so many bytes: takes the room for them.
    func expect(_ total: Int64) throws(DigestFailure) {
        self.total = total
        guard total > Self.small else { return }
        if total > RoomReservation.step {
            reservation = RoomReservation(of: total, in: file)
        } else {
            try disk { () throws(SystemError) in try file.descriptor.reserve(total) }
        }
        CrashPoint.reach("download.reserved")
    }

    /// Drops all bytes.
    func restart() throws(DigestFailure) {
        endReservation()
        digest.stop()
        try sync.restart()
        digest = try PrefixDigest(of: file, sha1: wantsSHA1, sha256: wantsSHA256, isCancelled: isCancelled)
        (ranges, total, recorded) = (ByteRanges(), nil, nil)
        try disk { () throws(SystemError) in try file.descriptor.truncate(to: 0) }
    }

    /// Anywhere in the file once its length is known, at the end of what is there before.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(DigestFailure) {
        CrashPoint.reach("download.received")
        try disk { () throws(SystemError) in
            if recorded == nil, offset != ranges.prefixEnd { try scatter() }
            try unsafe file.descriptor.write(bytes, at: offset)
        }
        ranges.insert(offset..<(offset + Int64(bytes.count)))
        if total ?? .max <= Self.small { unsafe digest.take(bytes, at: offset) }
        CrashPoint.reach("download.written")
    }

    /// To be called now and then between writes: whatever was written so far is recorded, hashed and brought to the disk.
    func settle() throws(DigestFailure) {
        if let reservation { try disk { () throws(SystemError) in try reservation.check() } }
        if let recorded, recorded != ranges { try disk { () throws(SystemError) in try writeRecord() } }
        if total ?? .max > Self.small { try digest.advance(to: ranges.prefixEnd) }
        try sync.note(ranges, isCancelled: isCancelled)
    }

    /// Waits until the complete file is hashed and on the disk.
    /// - Throws: `changedMeanwhile` when the file has not the length that was written: somebody else writes to it.
    func finish() throws(DigestFailure) -> (FileDigest, firstBytes: [UInt8]) {
        let end = ranges.prefixEnd
        endReservation()
        // Where less came than was announced once: now, since it would change the file after it was verified.
        if let total, end < total { try? file.descriptor.giveBackRoom(in: ranges.gaps(below: total)) }
        total = end
        if recorded != nil {
            try disk { () throws(SystemError) in try file.descriptor.truncate(to: end) }
            recorded = nil
            CrashPoint.reach("download.trimmed")
        }
        if end > Self.small { sync.begin(ranges) }
        let digests = try digest.finish(at: end)
        try sync.finish(ranges)
        let (identity, firstBytes) = try disk { () throws(SystemError) in
            (try file.descriptor.status().identity, try file.descriptor.read(count: LooksLike.byteCount, at: 0))
        }
        guard identity.size == end else { throw .changedMeanwhile }
        return (FileDigest(sha1: digests.sha1, sha256: digests.sha256, identity: identity), firstBytes)
    }

    /// The download ends here. What is there stays, and what was reserved beyond it is given back.
    func leave() {
        endReservation()
        digest.stop()
        sync.rest()
        // The disk may have lost what the cache still shows, and the next sync would not tell: nothing of it counts any more.
        guard sync.failure == nil else {
            try? file.descriptor.truncate(to: 0)
            return
        }
        if let recorded, recorded != ranges { try? writeRecord() }
        if let total, ranges.prefixEnd < total { try? file.descriptor.giveBackRoom(in: ranges.gaps(below: total)) }
    }

    private func endReservation() {
        reservation?.stop()
        reservation = nil
    }

    /// From now on parts may come in any order.
    private func scatter() throws(SystemError) {
        guard let total else { return }
        let head = RangeRecord.encode(ranges, total: total)
        let page = head + [UInt8](repeating: 0, count: Int(RangeRecord.byteCount) - head.count)
        try file.descriptor.write(page, at: RangeRecord.offset(total: total))
        recorded = ranges
        CrashPoint.reach("download.scattered")
    }

    private func writeRecord() throws(SystemError) {
        guard let total else { return }
        try file.descriptor.write(RangeRecord.encode(ranges, total: total), at: RangeRecord.offset(total: total))
        recorded = ranges
        CrashPoint.reach("download.recorded")
    }

    private func disk<R>(_ work: () throws(SystemError) -> R) throws(DigestFailure) -> R {
        do { return try work() } catch { throw .disk(error) }
    }
}
