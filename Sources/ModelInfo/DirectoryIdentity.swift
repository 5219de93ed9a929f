/// By what a directory is known again, whatever its name is.
public struct DirectoryIdentity: Hashable, Sendable {
    public let device: UInt64
    public let inode: UInt64
    /// When it was made, in nanoseconds since 1970: file systems give a number again soon after a directory is removed. 0 where the file
    /// system does not say (statx(2), `STATX_BTIME`).
    public let born: Int64

    public init(device: UInt64, inode: UInt64, born: Int64) { (self.device, self.inode, self.born) = (device, inode, born) }
}
