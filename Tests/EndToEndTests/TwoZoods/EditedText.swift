/// The lines of a model's file, and where in it people write.
struct EditedText {
    private var lines: [String]
    private let place: Range<Int>

    /// - Parameter person: Whose part of it is written in, from their heading to the next line of everybody's; nil: all but a readme's block.
    init(_ text: String, of person: String? = nil) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        if let person {
            let start = lines.firstIndex(of: Self.heading(of: person)).map { $0 + 1 } ?? lines.endIndex
            place = start..<(lines[start...].firstIndex(of: Self.everybodys) ?? lines.endIndex)
        } else if lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") {
            place = (end + 1)..<lines.endIndex
        } else {
            place = 0..<lines.endIndex
        }
    }

    private static let everybodys = "This line is everybody's."

    private static func heading(of person: String) -> String { "Part of \(person):" }

    /// A text with a part for each. Between two parts stand lines that nobody changes, so that merging is never a matter of opinion.
    static func parts(of people: [String], _ lines: (String) -> [String]) -> String {
        let parts = people.flatMap { [heading(of: $0)] + lines($0) + [everybodys, everybodys] }
        return ([everybodys] + parts).map { $0 + "\n" }.joined()
    }

    var text: String { lines.map { $0 + "\n" }.joined() }

    mutating func append(_ line: String) { lines.insert(line, at: place.upperBound) }

    mutating func insert(_ line: String, by chance: inout SeededGenerator) {
        lines.insert(line, at: chance.number(place.lowerBound...place.upperBound))
    }

    /// Lines there with a serial number.
    var saved: [String] { lines[place].filter { !SavedLines.serials(in: Array($0.utf8)).isEmpty } }

    mutating func change(_ line: String, to new: String) { lines = lines.map { $0 == line ? new : $0 } }
}
