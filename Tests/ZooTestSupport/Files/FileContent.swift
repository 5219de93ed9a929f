import ModelInfo
import SystemPackage

/// What a served file holds. None of the kinds but `bytes` keeps the content in memory.
public enum FileContent: Sendable, Hashable {
    /// Exactly these.
    case bytes([UInt8])
    /// Pseudo-random bytes that `seed` determines, any number of them: see ``GeneratedContent``.
    case generated(seed: UInt64, byteCount: Int)
    /// A file on disk, by absolute path; read anew for every answer.
    case file(FilePath)

    /// - Throws: `Errno` when the file on disk cannot be read.
    public var byteCount: Int {
        get throws {
            switch self {
            case .bytes(let bytes): return bytes.count
            case .generated(_, let byteCount): return byteCount
            case .file(let path):
                let descriptor = try FileDescriptor.open(path, .readOnly)
                return try descriptor.closeAfter { Int(try descriptor.seek(offset: 0, from: .end)) }
            }
        }
    }

    /// The bytes of a range that lies within the content; fewer where a file on disk has shrunk.
    public func bytes(in range: Range<Int>) throws -> [UInt8] {
        switch self {
        case .bytes(let bytes): return Array(bytes[range])
        case .generated(let seed, _): return GeneratedContent(seed: seed).bytes(in: range)
        case .file(let path):
            let descriptor = try FileDescriptor.open(path, .readOnly)
            return try descriptor.closeAfter {
                try unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
                    while count < range.count {
                        let rest = unsafe UnsafeMutableRawBufferPointer(
                            rebasing: UnsafeMutableRawBufferPointer(buffer)[count..<range.count])
                        let got = unsafe try descriptor.read(fromAbsoluteOffset: Int64(range.lowerBound + count), into: rest)
                        if got == 0 { break }
                        count += got
                    }
                }
            }
        }
    }

    /// SHA-1 and SHA-256 of the whole, computed in one pass without holding it.
    public func digests() throws -> ContentDigests {
        let byteCount = try byteCount
        var running = RunningContentDigests()
        var offset = 0
        while offset < byteCount {
            let piece = try bytes(in: offset..<min(offset + (1 << 20), byteCount))
            running.update(piece)
            offset += piece.count
            if piece.isEmpty { break }
        }
        return running.finish()
    }

    /// The digests of an open file, from its beginning to its end.
    static func digests(of file: FileDescriptor) throws -> ContentDigests {
        var running = RunningContentDigests()
        var offset: Int64 = 0
        while true {
            let piece = try unsafe [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
                count = try unsafe file.read(fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
            }
            guard !piece.isEmpty else { return running.finish() }
            running.update(piece)
            offset += Int64(piece.count)
        }
    }
}
