import Glibc

/// One event of the kernel's queue, see inotify(7).
public struct InotifyEvent: Hashable, Sendable {
    /// The watch descriptor that ``Inotify/watch(_:for:)`` gave; -1 for an overflow.
    public let watch: Int32
    /// What happened.
    public let kinds: InotifyKinds
    /// The same non-zero number on the two halves of a rename.
    public let cookie: UInt32
    /// The name in the watched directory; nil when the event is about that directory itself, or the name is not UTF-8.
    public let name: String?

    /// Made by tests too, which is why it is public.
    public init(watch: Int32, kinds: InotifyKinds, cookie: UInt32 = 0, name: String? = nil) {
        (self.watch, self.kinds, self.cookie, self.name) = (watch, kinds, cookie, name)
    }

    /// The kernel dropped events: nothing is known any more of any watched directory.
    public var isOverflow: Bool { kinds.contains(.overflow) }
    /// The event's name is a directory's.
    public var isDirectory: Bool { kinds.contains(.isDirectory) }
    /// The watch is gone: removed, its directory deleted, or its file system unmounted. Its number may be used again.
    public var isWatchRemoved: Bool { kinds.contains(.watchRemoved) }

    /// Takes what read(2) gave apart. What does not fit the format counts as an overflow, since events may be missing then.
    static func decode(_ bytes: UnsafeRawBufferPointer) -> [InotifyEvent] {
        let headerSize = 16
        var events: [InotifyEvent] = []
        var offset = 0
        while offset < bytes.count {
            guard offset + headerSize <= bytes.count else { return events + [.overflow] }
            let field = { unsafe bytes.loadUnaligned(fromByteOffset: offset + 4 * $0, as: UInt32.self) }
            let nameSize = Int(field(3))
            guard nameSize <= bytes.count - offset - headerSize else { return events + [.overflow] }
            // Padded with NULs to a multiple of the header.
            let padded = unsafe bytes[(offset + headerSize)..<(offset + headerSize + nameSize)]
            let name = unsafe padded.prefix { $0 != 0 }
            unsafe events.append(
                InotifyEvent(
                    watch: Int32(bitPattern: field(0)), kinds: InotifyKinds(rawValue: field(1)), cookie: field(2),
                    name: name.isEmpty ? nil : String(validating: name, as: UTF8.self)))
            offset += headerSize + nameSize
        }
        return events
    }

    private static var overflow: InotifyEvent { InotifyEvent(watch: -1, kinds: .overflow) }
}

/// What may happen to a watched directory, and how it is watched: the kernel's bits.
public struct InotifyKinds: OptionSet, Hashable, Sendable {
    /// The `IN_…` bits.
    public let rawValue: UInt32

    /// Any bits: the kernel may send some that are not named here.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A name appeared: created, made by a link.
    public static let created = InotifyKinds(rawValue: UInt32(IN_CREATE))
    /// A name was removed.
    public static let deleted = InotifyKinds(rawValue: UInt32(IN_DELETE))
    /// A name was renamed away.
    public static let movedFrom = InotifyKinds(rawValue: UInt32(IN_MOVED_FROM))
    /// A name came by a rename.
    public static let movedTo = InotifyKinds(rawValue: UInt32(IN_MOVED_TO))
    /// A file that was open for writing was closed.
    public static let written = InotifyKinds(rawValue: UInt32(IN_CLOSE_WRITE))
    /// Bytes were written; comes at every write, and alone says that more may follow.
    public static let modified = InotifyKinds(rawValue: UInt32(IN_MODIFY))
    /// Owner, mode, times or links changed.
    public static let attributes = InotifyKinds(rawValue: UInt32(IN_ATTRIB))
    /// The watched directory itself was deleted.
    public static let selfDeleted = InotifyKinds(rawValue: UInt32(IN_DELETE_SELF))
    /// The watched directory itself was renamed.
    public static let selfMoved = InotifyKinds(rawValue: UInt32(IN_MOVE_SELF))
    /// The file system was unmounted.
    public static let unmounted = InotifyKinds(rawValue: UInt32(IN_UNMOUNT))
    /// Events were dropped.
    public static let overflow = InotifyKinds(rawValue: UInt32(IN_Q_OVERFLOW))
    /// The watch is gone.
    public static let watchRemoved = InotifyKinds(rawValue: UInt32(IN_IGNORED))
    /// The name is a directory's.
    public static let isDirectory = InotifyKinds(rawValue: UInt32(IN_ISDIR))

    /// All that can change what a directory holds, without one event for each write.
    public static let directoryChanges: InotifyKinds = [
        .created, .deleted, .movedFrom, .movedTo, .written, .attributes, .selfDeleted, .selfMoved,
    ]
}
