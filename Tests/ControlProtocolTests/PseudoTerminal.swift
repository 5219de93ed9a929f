import Foundation
import Synchronization
import ZooTestSupport

/// A program on a terminal of its own, and the person before it.
final class PseudoTerminal: Sendable {
    private static let setWindowSize: UInt = 0x5414
    /// TIOCSPTLCK and TIOCGPTN of <asm-generic/ioctls.h>, which Swift does not see.
    private static let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

    private let master: FileHandle
    private let process: Process
    private let ended = Mutex<Int32?>(nil)
    private let shown = Mutex<[UInt8]>([])

    /// Starts `program`; the terminal controls it, so that Ctrl-C is a signal.
    /// - Parameter columns: Of the window; nil: it has no size.
    init(running program: String, _ arguments: [String], in directory: URL, columns: Int? = nil) throws {
        let number = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard number >= 0 else { throw POSIXError(.EIO) }
        master = FileHandle(fileDescriptor: number, closeOnDealloc: true)
        var (isLocked, index): (Int32, UInt32) = (0, 0)
        guard unsafe ioctl(number, Self.setLock, &isLocked) == 0, unsafe ioctl(number, Self.getNumber, &index) == 0 else {
            throw POSIXError(.EIO)
        }
        if let columns {
            var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
            _ = unsafe ioctl(number, Self.setWindowSize, &size)
        }
        let path = "/dev/pts/\(index)"
        guard let terminal = FileHandle(forUpdatingAtPath: path) else { throw POSIXError(.EIO) }
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/setsid")
        process.arguments = ["--ctty", "--wait", program] + arguments
        process.environment = ["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "TERM": "dumb"]
        process.currentDirectoryURL = directory
        (process.standardInput, process.standardOutput, process.standardError) = (terminal, terminal, terminal)
        process.terminationHandler = { [weak self] process in
            let status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
            self?.ended.withLock { $0 = status }
        }
        master.readabilityHandler = { [weak self] handle in
            let bytes = handle.availableData
            if bytes.isEmpty { handle.readabilityHandler = nil }
            self?.shown.withLock { $0 += bytes }
        }
        try process.run()
    }

    deinit {
        master.readabilityHandler = nil
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// What was shown and not answered.
    var text: String { String(decoding: shown.withLock { $0 }, as: UTF8.self) }

    /// Waits until a text is shown, forgets what was shown up to there, and types something.
    func answer(_ prompt: String, _ keys: String) async throws {
        let wanted = Array(prompt.utf8)
        try await eventually("the terminal shows '\(prompt)'") {
            self.shown.withLock { shown in
                guard let range = shown.firstRange(of: wanted) else { return false }
                shown.removeSubrange(..<range.upperBound)
                return true
            }
        }
        try master.write(contentsOf: Data(keys.utf8))
    }

    /// As a shell says it.
    func exitStatus() async throws -> Int32? {
        try await eventually("the program ends") { self.ended.withLock { $0 } != nil }
        return ended.withLock { $0 }
    }
}
