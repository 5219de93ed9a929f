import FoundationEssentials
import Glibc
import ModelInfo
import SystemIO
import SystemPackage

/// Compares files of two sides by `git diff`. Blocks: call it on a `BlockingLane`.
struct FileComparison: Sendable {
    /// Made when missing; whatever lies in it belongs to a comparison of now, or to one that a kill ended.
    let directory: FilePath
    var git = GitProgram()

    /// Bytes of all differences together; more is no answer for a person.
    private static let outputLimit = 32 << 20

    /// Texts by file name.
    typealias Files = [String: [UInt8]]

    /// How many lines differ.
    struct LineCounts: Equatable, Sendable {
        var added: Int
        var removed: Int
    }

    /// - Returns: Unified differences by name, of the files that differ.
    func unified(from old: Files, to new: Files) throws -> [String: String] {
        let names = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] && Self.isOneName($0) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard !names.isEmpty else { return [:] }
        let output = try diff(
            ["--text", "--no-prefix"], [("a", old.filter { names.contains($0.key) }), ("b", new.filter { names.contains($0.key) })])
        // No line of a difference but a heading begins so, and files come in the order of their names.
        let start = Array("diff --git ".utf8)
        var sections: [[UInt8]] = []
        for line in output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.starts(with: start) { sections.append([]) }
            guard !sections.isEmpty else { continue }
            sections[sections.count - 1] += line + [UInt8(ascii: "\n")]
        }
        if !sections.isEmpty { sections[sections.count - 1].removeLast() }
        guard sections.count == names.count else {
            throw GitProgramFailure.failed(.exited(1), said: "\(sections.count) differences of \(names.count) files")
        }
        return Dictionary(zip(names, sections.map { String(decoding: $0, as: UTF8.self) })) { first, _ in first }
    }

    /// - Parameter pairs: Of one file each, by any number; nil for a side without it.
    /// - Returns: By the same numbers; none for what is no text.
    func lineCounts(_ pairs: [Int: (old: [UInt8]?, new: [UInt8]?)]) throws -> [Int: LineCounts] {
        var counts = pairs.mapValues { _ in LineCounts(added: 0, removed: 0) }
        let different = pairs.filter { $0.value.old != $0.value.new }
        guard !different.isEmpty else { return counts }
        func side(_ pick: ((old: [UInt8]?, new: [UInt8]?)) -> [UInt8]?) -> Files {
            Dictionary(uniqueKeysWithValues: different.compactMap { number, pair in pick(pair).map { (String(number), $0) } })
        }
        for key in different.keys { counts[key] = nil }
        let output = try diff(["--numstat", "-z"], [("a", side { $0.old }), ("b", side { $0.new })])
        // `ADDED\tREMOVED\t\0OLD\0NEW\0`, with `-` for what is no text and `/dev/null` for what is not there.
        let fields = output.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        for index in stride(from: 0, to: fields.count - 2, by: 3) {
            let numbers = fields[index].split(separator: "\t").compactMap { Int($0) }
            let names = [fields[index + 1], fields[index + 2]].compactMap { $0.split(separator: "/").last.flatMap { Int($0) } }
            guard let key = names.first, numbers.count == 2 else { continue }
            counts[key] = LineCounts(added: numbers[0], removed: numbers[1])
        }
        return counts
    }

    private func diff(_ options: [String], _ sides: [(name: String, files: Files)]) throws -> [UInt8] {
        let place = directory.appending(SystemRandom.hex(byteCount: 8))
        defer { try? FileManager.default.removeItem(atPath: place.string) }
        for (name, files) in sides {
            let side = place.appending(name)
            try FileManager.default.createDirectory(
                atPath: side.string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for (file, bytes) in files {
                let path = side.appending(file).string
                guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
                    throw SystemError(errno: errno, operation: "write for a comparison", path: path)
                }
            }
        }
        return try git.run(
            ["diff", "--no-index", "--no-color", "--no-ext-diff", "--no-renames"] + options + ["--"] + sides.map(\.name), at: place,
            accepting: [0, 1], outputLimit: Self.outputLimit)
    }

    /// Whether the name can be that of a file here; versions may hold names that a gist's owner chose.
    private static func isOneName(_ name: String) -> Bool { (try? RelativePath(nameFromOutside: name)) != nil }

    /// Removes what a kill left.
    func clean() { try? FileManager.default.removeItem(atPath: directory.string) }
}
