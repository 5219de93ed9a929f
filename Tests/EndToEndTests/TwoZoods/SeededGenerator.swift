/// Chances from a seed, the same on every machine (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// True so often of a hundred times.
    mutating func happens(percent: Int) -> Bool { number(1...100) <= percent }
}

extension Collection {
    /// One of them; only for what is not empty.
    func one(by chance: inout SeededGenerator) -> Element { self[index(startIndex, offsetBy: chance.number(0...(count - 1)))] }
}
