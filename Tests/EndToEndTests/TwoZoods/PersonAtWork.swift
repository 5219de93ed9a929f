import Foundation
import ModelInfo
import SystemIO
import SystemPackage
import ZooTestSupport

/// Saves files as people and their editors do.
struct PersonAtWork {
    enum Saving: CaseIterable {
        /// Written beside the file, then renamed over it.
        case rename
        /// Written in place.
        case truncate
        /// As `>` and then `>>` in a shell do.
        case twice
    }

    let side: ZoodSide

    /// Names of the files that people work on.
    func files(of model: String) throws -> [String] {
        try side.fileNames(of: model).filter { !$0.hasPrefix(".") }.sorted()
    }

    func save(_ text: String, as path: String, _ saving: Saving) throws {
        let place = side.zoo.path(path)
        let bytes = Array(text.utf8)
        switch saving {
        case .rename:
            let name = try RelativePath(path)
            let beside = try RelativePath(place.removingLastComponent().lastComponent.map { "\($0)/.saving" } ?? ".saving")
            try write(bytes[...], to: side.zoo.path(beside.description), [.create, .truncate])
            try RootedDirectory(at: side.zoo.zoo).rename(beside, to: name, .replace)
        case .truncate: try write(bytes[...], to: place, [.create, .truncate])
        case .twice:
            let half = bytes.count / 2
            try write(bytes[..<half], to: place, [.create, .truncate])
            try write(bytes[half...], to: place, [.append])
        }
    }

    private func write(_ bytes: ArraySlice<UInt8>, to place: FilePath, _ options: FileDescriptor.OpenOptions) throws {
        let file = try FileDescriptor.open(
            place, .writeOnly, options: options, permissions: [.ownerReadWrite, .groupRead, .otherRead])
        _ = try file.closeAfter { try file.writeAll(bytes) }
    }
}
