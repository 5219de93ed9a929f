import Foundation
import ModelInfo
import SystemIO
import Testing
import Transfers
import ZooTestSupport

@Suite struct FileReadingTests {
    /// Reads so many buffers of 1 MiB.
    private func advance(_ reading: inout FileReading, _ file: borrowing OwnedDescriptor, _ count: Int = .max) throws {
        let buffer = ReadingBuffer()
        var left = count
        while left > 0, !reading.isComplete {
            try reading.advance(file, by: buffer)
            left -= 1
        }
    }

    /// Where a reading begins that could go on from `place`.
    private func offset(of file: ScratchFile, sha1: Bool = false, from place: FileReading.Place) throws -> Int64 {
        let reading = try FileReading(of: file.open(), sha1: sha1, sha256: true, from: place)
        return reading.offset
    }

    @Test(arguments: [true, false], [0, 1, 2, 3])
    func `a reading that was put down and taken up gives the digests of the whole file`(sha1: Bool, megabytes: Int) throws {
        let content = pattern((3 << 20) + 13)
        let file = try ScratchFile(content)
        var first = try FileReading(of: file.open(), sha1: sha1, sha256: true)
        try advance(&first, file.open(), megabytes)
        let kept = first.place
        let place = try #require(kept)
        #expect(place.offset == Int64(megabytes) << 20)
        var second = try FileReading(of: file.open(), sha1: sha1, sha256: true, from: place)
        let offset = second.offset
        #expect(offset == place.offset)
        try advance(&second, file.open())
        let digest = try second.finish(file.open())
        #expect(digest.sha256 == ContentDigests(of: content).sha256)
        #expect(digest.sha1 == (sha1 ? ContentDigests(of: content).sha1 : nil))
    }

    @Test func `a reading is taken up only for the very file, ctime included, and the same digests`() throws {
        let file = try ScratchFile(pattern(2 << 20))
        var first = try FileReading(of: file.open(), sha1: false, sha256: true)
        try advance(&first, file.open(), 1)
        let kept = first.place
        let place = try #require(kept)
        #expect(try offset(of: file, sha1: true, from: place) == 0)
        var other = place
        other.state.sha256 = [1, 2, 3]
        #expect(try offset(of: file, from: other) == 0)
        other = place
        other.offset = 63
        #expect(try offset(of: file, from: other) == 0)
        other.offset = 4 << 20
        #expect(try offset(of: file, from: other) == 0)
        // Only the status changes: bytes, size and time stay.
        try FileManager.default.setAttributes([.posixPermissions: 0o604], ofItemAtPath: file.path)
        #expect(try offset(of: file, from: place) == 0)
    }

    @Test func `in the middle of a block there is no place to put it down`() throws {
        let file = try ScratchFile(pattern(100))
        var reading = try FileReading(of: file.open(), sha1: false, sha256: true)
        try advance(&reading, file.open())
        let (place, isComplete) = (reading.place, reading.isComplete)
        #expect(place == nil && isComplete)
    }
}
