import CSystemd
import Glibc
import Logging
import SystemIO

/// Sends messages to the journal with structured fields: `journalctl ZOO_MODEL=bvlc_alexnet`.
///
/// Metadata `model`, `op`, `job`, … become `ZOO_MODEL=`, `ZOO_OP=`, `ZOO_JOB=`; `message-id` (32 hex digits) becomes `MESSAGE_ID=`.
public struct JournalLogHandler: LogHandler {
    /// What every message of this logger carries.
    public var metadata: Logger.Metadata = [:]
    /// Asked at every message.
    public var metadataProvider: Logger.MetadataProvider?
    /// Messages below it are not sent.
    public var logLevel: Logger.Level

    /// Use it when ``isStandardErrorTheJournal``.
    public init(logLevel: Logger.Level = .info) { self.logLevel = logLevel }

    /// Whether systemd connected this process's standard error to the journal (`JOURNAL_STREAM`, and not redirected since).
    public static var isStandardErrorTheJournal: Bool {
        var status = stat()
        guard let stream = environment("JOURNAL_STREAM"), unsafe fstat(STDERR_FILENO, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }

    /// One value of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Sends one message; a journal that does not answer loses it.
    public func log(event: LogEvent) {
        let fields = LogText.fields(handler: metadata, provider: metadataProvider, event: event)
        Self.send(Self.journalFields(event, fields: fields))
    }

    /// `NAME=value`, as sd_journal_sendv(3) wants them.
    static func journalFields(_ event: LogEvent, fields: [(key: String, value: String)]) -> [String] {
        var all = [
            "MESSAGE=\(event.message)", "PRIORITY=\(priority(event.level))", "SYSLOG_IDENTIFIER=zood",
            "CODE_FILE=\(event.file)", "CODE_LINE=\(event.line)", "CODE_FUNC=\(event.function)",
        ]
        for (key, value) in fields {
            all.append("\(fieldName(key))=\(value)")
        }
        return all
    }

    /// Only A-Z, 0-9 and _ may stand in a field's name, at most 64 of them.
    private static func fieldName(_ key: String) -> String {
        guard key != "message-id" else { return "MESSAGE_ID" }
        let letters = key.uppercased().unicodeScalars.map { scalar -> Character in
            ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "_"
        }
        return String(("ZOO_" + letters).prefix(64))
    }

    /// syslog(3): 2 critical … 7 debug.
    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    private static func send(_ fields: [String]) {
        // All fields in one buffer that does not move while the kernel reads it.
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        for field in fields {
            let start = bytes.count
            bytes += field.utf8
            ranges.append(start..<bytes.count)
        }
        unsafe bytes.withUnsafeMutableBytes { buffer in
            let vectors = unsafe ranges.map { unsafe iovec(iov_base: buffer.baseAddress! + $0.lowerBound, iov_len: $0.count) }
            _ = unsafe sd_journal_sendv(vectors, Int32(vectors.count))
        }
    }
}
