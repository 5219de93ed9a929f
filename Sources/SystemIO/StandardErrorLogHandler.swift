import Glibc
import Logging

/// Log lines for a person at a terminal: "08:12:00 warning 4 watches left model=bvlc_alexnet".
public struct StandardErrorLogHandler: LogHandler {
    /// What every message of this logger carries.
    public var metadata: Logger.Metadata = [:]
    /// Asked at every message.
    public var metadataProvider: Logger.MetadataProvider?
    /// Messages below it are not written.
    public var logLevel: Logger.Level

    /// Writes to standard error.
    public init(logLevel: Logger.Level = .info) { self.logLevel = logLevel }

    /// One value of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line by one write(2), so that lines of several threads do not mix.
    public func log(event: LogEvent) {
        let fields = LogText.fields(handler: metadata, provider: metadataProvider, event: event)
        let bytes = Array((Self.line(event, fields: fields, time: Self.localTime()) + "\n").utf8)
        // A closed standard error must not disturb the daemon.
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    }

    static func line(_ event: LogEvent, fields: [(key: String, value: String)], time: String) -> String {
        let pairs = fields.map { " \(LogText.escaped($0.key))=\(quoted(LogText.escaped($0.value)))" }
        return "\(time) \(event.level) \(LogText.escaped(event.message.description))" + pairs.joined()
    }

    private static func quoted(_ value: String) -> String {
        value.isEmpty || value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" })
            ? "\"\(value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\""))\"" : value
    }

    private static func localTime() -> String {
        var now = time(nil)
        var parts = unsafe tm()
        unsafe localtime_r(&now, &parts)
        return unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
