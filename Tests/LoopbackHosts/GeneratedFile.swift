import ArgumentParser

/// `NAME:SIZE:SEED`, a file that is computed while it is served.
struct GeneratedFile: ExpressibleByArgument {
    let name: String
    let byteCount: Int
    let seed: UInt64

    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, !parts[0].isEmpty, let size = ByteSize(argument: parts[1]), let seed = UInt64(parts[2]) else { return nil }
        (name, byteCount, self.seed) = (parts[0], size.byteCount, seed)
    }
}
