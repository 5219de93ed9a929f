import ControlProtocol
import FoundationEssentials
import Glibc
import SystemPackage

/// Where a command's answer goes: one JSON document, or text for a person. stdout carries data, stderr all else.
struct Output {
    let isJSON: Bool
    let style: Style

    /// - Parameter text: Made only when a person reads; escapes what comes from models.
    func print<Report: Encodable>(_ report: Report, text: (Report) -> String) throws {
        if isJSON {
            Self.write(try ControlCoding.document(report), to: .standardOutput)
        } else {
            Self.standardOutput(text(report))
        }
    }

    /// What a person may want to know beside the answer.
    func hint(_ text: String) {
        Self.standardError(text + "\n")
    }

    static func standardOutput(_ text: String) { write(Array(text.utf8), to: .standardOutput) }
    static func standardError(_ text: String) { write(Array(text.utf8), to: .standardError) }

    /// `zooctl: what went wrong` and, when there is one, `hint: what helps`; with `--json` the error as one line of JSON.
    static func complain(_ error: ControlError) {
        // Asked of the arguments, since what goes wrong may be that they cannot be read.
        if CommandLine.arguments.contains("--json"), let line = try? ControlCoding.line(ErrorEnvelope(error)) {
            return write(line + [UInt8(ascii: "\n")], to: .standardError)
        }
        standardError("zooctl: \(printable(error.message))\n" + (error.hint.map { "hint: \(printable($0))\n" } ?? ""))
    }

    /// A reader that went away (`zooctl events | head -1`) has what it wanted.
    private static func write(_ bytes: [UInt8], to descriptor: FileDescriptor) {
        do {
            try descriptor.writeAll(bytes)
        } catch Errno.brokenPipe {
            exit(ExitStatus.done.rawValue)
        } catch {
            exit(ExitStatus.failed.rawValue)
        }
    }
}
