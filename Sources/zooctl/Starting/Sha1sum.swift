import ControlProtocol
import Glibc
import ModelInfo
import SystemIO
import SystemPackage

/// The digest of a file, by coreutils' `sha1sum`: zooctl does not link the library that zood hashes with (it starts in milliseconds, on
/// machines without it), and a home-made SHA-1 has no place in a program that people trust with their checksums.
enum Sha1sum {
    /// Reads the whole file, however large. Blocks.
    static func digest(of file: String) throws(ControlError) -> SHA1Digest {
        // -z leaves names as they are and ends with a NUL; -- and the path keep a name from being taken for an option.
        var program = ChildProcess(
            "sha1sum", ["-z", "--", file], environment: ["LC_ALL": "C"], deadline: .seconds(24 * 3600), outputLimit: 64 << 10)
        program.sharesProcessGroup = true
        let outcome: ChildProcess.Outcome
        do {
            outcome = try program.run()
        } catch .notFound {
            throw ControlError(.failed, "sha1sum is not installed", hint: "apt install coreutils; or give --sha1 DIGITS")
        } catch {
            throw ControlError(.failed, "cannot compute the sha1 of \(file): \(error)", details: ["file": file])
        }
        guard outcome.ending == .exited(0), let digest = SHA1Digest(hex: String(decoding: outcome.output.prefix(40), as: UTF8.self)) else {
            let why = outcome.errorText.split(separator: "\n").first.map(String.init) ?? "sha1sum ended with \(outcome.ending)"
            throw ControlError(.failed, "cannot compute the sha1 of \(file): \(why)", details: ["file": file])
        }
        return digest
    }
}
