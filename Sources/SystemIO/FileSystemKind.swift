import CLinux

/// What kind of file system a directory lies on, and how full it is.
public struct FileSystemKind: Hashable, Sendable {
    /// As mount(8) names it: "ext4", "nfs"; "0x…" for a magic number that this list lacks.
    public let name: String
    /// Whether other machines write to it too: inotify does not see them, and SQLite's WAL and locks do not reach them.
    public let isNetwork: Bool

    init(magic: Int64) {
        let known = Self.known[magic]
        name = known?.name ?? "0x" + String(magic, radix: 16)
        isNetwork = known?.isNetwork ?? false
    }

    /// Asks for the file system of an open directory.
    public static func of(_ directory: RootedDirectory) throws(SystemError) -> FileSystemKind {
        FileSystemKind(magic: try statistics(directory).type)
    }

    /// Bytes that a process without privileges may still write, and bytes in all.
    public static func space(at directory: RootedDirectory) throws(SystemError) -> (availableBytes: Int64, totalBytes: Int64) {
        let statistics = try statistics(directory)
        return (
            Int64(clamping: statistics.available_blocks.multipliedReportingOverflow(by: statistics.block_size).partialValue),
            Int64(clamping: statistics.blocks.multipliedReportingOverflow(by: statistics.block_size).partialValue)
        )
    }

    private static func statistics(_ directory: RootedDirectory) throws(SystemError) -> zoo_filesystem {
        try directory.withRaw { (descriptor) throws(SystemError) in
            var statistics = zoo_filesystem()
            try SystemError.check(unsafe zoo_fstatfs(descriptor, &statistics), "statfs", directory.path.string)
            return statistics
        }
    }

    /// statfs(2), linux/magic.h, and the file systems' own headers.
    private static let known: [Int64: (name: String, isNetwork: Bool)] = [
        0xEF53: ("ext4", false), 0x5846_5342: ("xfs", false), 0x9123_683E: ("btrfs", false), 0x2FC1_2FC1: ("zfs", false),
        0x0102_1994: ("tmpfs", false), 0x794C_7630: ("overlay", false), 0xF2F5_2010: ("f2fs", false), 0xCA45_1A4E: ("bcachefs", false),
        0x4D44: ("vfat", false), 0x2011_BAB0: ("exfat", false), 0x5346_544E: ("ntfs", false), 0x7366_746E: ("ntfs3", false),
        0x7371_7368: ("squashfs", false), 0x9660: ("iso9660", false), 0x8584_58F6: ("ramfs", false), 0x137D: ("ext", false),
        0x6969: ("nfs", true), 0xFF53_4D42: ("cifs", true), 0xFE53_4D42: ("smb2", true), 0x517B: ("smb", true),
        0x6573_5546: ("fuse", true), 0x00C3_6400: ("ceph", true), 0x0BD0_0BD0: ("lustre", true), 0x0102_1997: ("9p", true),
        0x5346_414F: ("afs", true), 0x6B41_4653: ("afs", true), 0x0116_1970: ("gfs2", true), 0x7461_636F: ("ocfs2", true),
        0x1983_0326: ("beegfs", true), 0x4750_4653: ("gpfs", true), 0x7375_7245: ("coda", true), 0x6A65_7879: ("vxfs", false),
    ]
}
