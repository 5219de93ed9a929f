/// Every line that anybody saved in a run, each with a serial number of its own, so that a search for it is exact.
struct SavedLines {
    /// Who saved which serial, where: for people. Begins with the model.
    private(set) var origins: [Int: String] = [:]
    /// Lines that a person wrote another one over: theirs to lose.
    private(set) var replaced: Set<Int> = []
    private var last = 0

    /// A line that nobody wrote before.
    /// - Parameter comment: What makes it a comment in its file.
    mutating func new(_ comment: String = "", from origin: String) -> String {
        last += 1
        origins[last] = origin
        let digits = String(last)
        return "\(comment)L\(String(repeating: "0", count: 6 - digits.count))\(digits); \(origin)"
    }

    mutating func replace(_ line: String) { replaced.formUnion(Self.serials(in: Array(line.utf8))) }

    var count: Int { last }

    /// Lines that have to be somewhere.
    var sought: Set<Int> { Set(origins.keys).subtracting(replaced) }

    /// The model that a line was written for.
    func model(of serial: Int) -> String { String(origins[serial]?.split(separator: " ").first ?? "") }

    /// Every `L` with six digits and a semicolon behind it.
    static func serials(in bytes: some RandomAccessCollection<UInt8>) -> Set<Int> {
        let bytes = Array(bytes)
        var found: Set<Int> = []
        var index = 0
        while index + 8 <= bytes.count {
            if bytes[index] == UInt8(ascii: "L"), bytes[index + 7] == UInt8(ascii: ";"),
                let serial = Int(String(decoding: bytes[(index + 1)..<(index + 7)], as: UTF8.self))
            {
                found.insert(serial)
                index += 8
            } else {
                index += 1
            }
        }
        return found
    }
}
