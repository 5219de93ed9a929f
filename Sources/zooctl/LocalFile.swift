import ControlProtocol
import SystemIO
import SystemPackage

/// A file that the person names, read as the user who runs zooctl.
enum LocalFile {
    /// Bytes; no page for people is larger.
    private static let maximumByteCount = 16 << 20

    static func read(_ name: String) throws(ControlError) -> [UInt8] {
        do {
            return try WholeFile.read(FilePath(name), limit: maximumByteCount)
        } catch {
            throw ControlError(.failed, "cannot read \(name): \(error.reason)", details: ["file": name])
        }
    }
}
