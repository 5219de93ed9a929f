import Foundation
import SystemPackage

/// What a failing disk does to a file: other bytes, and neither size, nor times that a program would look at, nor the inode changed.
public struct FileRot: Sendable, CustomStringConvertible {
    /// What becomes of the bytes.
    public enum Damage: Sendable {
        /// One bit of the first byte is another.
        case bit(Int)
        /// All of them are zero.
        case zeroed
        /// Every bit is another.
        case flipped
    }

    /// The bytes that are hit, within the file.
    public var range: Range<Int>
    public var damage: Damage

    /// Damage to a range that holds at least one byte; of `zeroed` at least one that is not zero.
    public init(_ damage: Damage, in range: Range<Int>) { (self.range, self.damage) = (range, damage) }

    public var description: String { "\(damage) in \(range)" }

    /// Does it. A program that looks in between sees the file changed: let it stand still meanwhile.
    public func hit(_ path: FilePath) throws {
        let old = try FileContent.file(path).bytes(in: range)
        let bad: [UInt8] =
            switch damage {
            case .bit(let bit): [old[0] ^ (1 << UInt8(bit & 7))] + old.dropFirst()
            case .zeroed: .init(repeating: 0, count: old.count)
            case .flipped: old.map { ~$0 }
            }
        guard bad != old else { throw FileRotFailure(reason: "\(self) changes nothing in \(path)") }
        let file = try FileDescriptor.open(path, .writeOnly)
        try file.closeAfter {
            var status = stat()
            guard unsafe fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
            try file.writeAll(toAbsoluteOffset: Int64(range.lowerBound), bad)
            guard unsafe futimens(file.rawValue, [status.st_atim, status.st_mtim]) == 0 else { throw Errno(rawValue: errno) }
        }
    }
}

/// Nothing rotted.
public struct FileRotFailure: Error {
    public let reason: String
}
