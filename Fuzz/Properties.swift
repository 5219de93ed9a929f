// What holds for every input, in words of the targets beside this file.
@testable import ModelInfo

/// Ends the process with the message, also where the compiler optimises: that is how libFuzzer learns of a finding.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError(message()) }
}

/// The judgement of a directory whose only file is this readme.
func reading(of readme: [UInt8]) -> ModelReading {
    let identity = FileIdentity(
        device: 1, inode: 1, size: Int64(readme.count), modified: 0, changed: 0, mode: 0o644, owner: 1000, group: 1000, links: 1)
    guard let name = try? RelativePath("readme.md") else { preconditionFailure("no name") }
    let item = DirectoryItem(name: name, kind: .file, identity: identity, content: .bytes(readme), linkTarget: nil)
    return ModelReading(DirectorySnapshot(entries: [item], unreadableNames: 0), maximumFileSize: 1 << 20, directory: "m")
}

extension ModelReading {
    /// Every URL that a fetch could begin with.
    var declaredBinaryURLs: [String] { (card?.binaries ?? []).flatMap { [$0.url].compactMap { $0 } + $0.mirrors } }
}

/// An absolute http or https URL of plain characters, with a host, without user and fragment, of a size that servers take.
func isFetchable(_ url: String) -> Bool {
    let bytes = Array(url.utf8)
    guard bytes.count <= 9 * 1024, bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !"\"<>\\^`{|}#".utf8.contains($0) }) else { return false }
    let start = bytes.starts(with: "http://".utf8) ? 7 : bytes.starts(with: "https://".utf8) ? 8 : 0
    let authority = bytes[start...].prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    return start > 0 && !authority.isEmpty && !authority.contains(UInt8(ascii: "@"))
}

/// Whether one line was changed, added or removed, or nothing at all.
func isOneLineApart(_ old: [UInt8], _ new: [UInt8]) -> Bool {
    // A last line that ends nowhere gets an end when another comes behind it.
    let isEnded = old.last == .lineFeed || old.last == .carriageReturn
    func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        TextLine.all(in: bytes, range: 0..<bytes.count).map { bytes[$0.content.lowerBound..<(isEnded ? $0.end : $0.content.upperBound)] }
    }
    let (before, after) = (lines(old), lines(new))
    let head = zip(before, after).prefix { $0 == $1 }.count
    let tail = zip(before.dropFirst(head).reversed(), after.dropFirst(head).reversed()).prefix { $0 == $1 }.count
    return after.count - head - tail <= 1 && before.count - head - tail <= 1
}
