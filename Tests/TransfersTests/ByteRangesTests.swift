import Foundation
import Testing

@testable import Transfers

@Suite struct `Byte ranges` {
    /// The same by a set of positions.
    private struct Positions {
        var set: Set<Int64> = []

        var ranges: [Range<Int64>] {
            var ranges: [Range<Int64>] = []
            for position in set.sorted() {
                if let last = ranges.last, last.upperBound == position {
                    ranges[ranges.count - 1] = last.lowerBound..<(position + 1)
                } else {
                    ranges.append(position..<(position + 1))
                }
            }
            return ranges
        }
    }

    @Test(arguments: 1...20) func `parts that are added and taken away in any order are those of a set of positions`(seed: UInt8) {
        let numbers = pattern(200, seed: seed)
        var (ranges, positions) = (ByteRanges(), Positions())
        for index in stride(from: 0, to: numbers.count - 3, by: 3) {
            let start = Int64(numbers[index] % 60)
            let range = start..<(start + Int64(numbers[index + 1] % 12))
            if numbers[index + 2] % 3 == 0 {
                ranges.remove(range)
                positions.set.subtract(range)
            } else {
                ranges.insert(range)
                positions.set.formUnion(range)
            }
            #expect(ranges.all == positions.ranges)
            #expect(ranges.byteCount == Int64(positions.set.count))
            #expect(ranges.prefixEnd == (0...100).first { !positions.set.contains($0) })
            #expect(ranges.gaps(below: 50) == Positions(set: Set(0..<50).subtracting(positions.set)).ranges)
            let other = ByteRanges(10..<33)
            #expect(ranges.intersection(other).all == Positions(set: positions.set.intersection(10..<33)).ranges)
        }
    }

    @Test func `they are written as pairs, and what is no range is not read`() throws {
        var ranges = ByteRanges(0..<5)
        ranges.insert(8..<9)
        #expect(String(decoding: try JSONEncoder().encode(ranges), as: UTF8.self) == "[[0,5],[8,9]]")
        #expect(try JSONDecoder().decode(ByteRanges.self, from: Data("[[8,9],[0,5]]".utf8)) == ranges)
        #expect(try JSONDecoder().decode(ByteRanges.self, from: Data("[[8,9],[0,5],[7,7],[9,2],[-4,1],[1]]".utf8)) == ranges)
    }

    @Test func `a record in a file is read as it was written, and nothing else is one`() {
        var ranges = ByteRanges(0..<5000)
        ranges.insert(8000..<9000)
        let record = RangeRecord.encode(ranges, total: 10_000)
        #expect(RangeRecord.decode(record + [UInt8](repeating: 0, count: 4000), total: 10_000) == ranges)
        #expect(RangeRecord.decode(record, total: 10_001) == nil)
        #expect(RangeRecord.decode(Array(record.dropLast(8)), total: 10_000) == nil)
        #expect(RangeRecord.decode(pattern(4096), total: 10_000) == nil)
        #expect(RangeRecord.decode([], total: 10_000) == nil)
        // Beyond the end of the file.
        #expect(RangeRecord.decode(RangeRecord.encode(ByteRanges(0..<20_000), total: 10_000), total: 10_000) == nil)
        #expect(RangeRecord.offset(total: 1) == 4096 && RangeRecord.offset(total: 4096) == 4096)
    }

    @Test func `a record of more parts than fit tells of the first ones`() {
        var ranges = ByteRanges()
        for index in 0..<Int64(400) { ranges.insert((3 * index)..<(3 * index + 2)) }
        let record = RangeRecord.encode(ranges, total: 1200)
        #expect(record.count <= RangeRecord.byteCount)
        #expect(RangeRecord.decode(record, total: 1200)?.all == Array(ranges.all.prefix(254)))
    }
}
