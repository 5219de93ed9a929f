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

/// The lines of a model's file and where in it people write.
struct EditedText {
    private var lines: [String]
    /// Where the text begins, behind a readme's block.
    private let start: Int

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        if lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") { start = end + 1 } else { start = 0 }
    }

    var text: String { lines.map { $0 + "\n" }.joined() }

    mutating func append(_ line: String) { lines.append(line) }

    mutating func insert(_ line: String, by chance: inout SeededGenerator) {
        lines.insert(line, at: min(chance.number(start...max(start, lines.count)), lines.count))
    }

    /// Lines with a serial number.
    var saved: [String] { lines[min(start, lines.count)...].filter { !SavedLines.serials(in: Array($0.utf8)).isEmpty } }

    mutating func change(_ line: String, to new: String) { lines = lines.map { $0 == line ? new : $0 } }
}
