import CSystemd
import Glibc
import SystemPackage

/// What zood tells systemd, see sd_notify(3). Without `NOTIFY_SOCKET` nothing happens.
public enum ServiceNotification {
    /// The service answers. Also ends a reload.
    /// - Parameter status: One line for `systemctl status`.
    public static func ready(status: String) { send(message("READY=1", status: status)) }

    /// One line for `systemctl status`.
    public static func status(_ text: String) { send(message(status: text)) }

    /// A reload begins; ``ready(status:)`` ends it.
    public static func reloading() { send("RELOADING=1\nMONOTONIC_USEC=\(monotonicMicroseconds())") }

    /// The service is ending.
    public static func stopping() { send("STOPPING=1") }

    /// Still alive: due at least every ``watchdogInterval``.
    public static func watchdog() { send("WATCHDOG=1") }

    /// Within how long systemd wants to hear ``watchdog()``; send at half of it. Nil when this process is not watched.
    public static var watchdogInterval: Duration? {
        var microseconds: UInt64 = 0
        guard unsafe sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    /// The sockets that systemd opened for this process, close-on-exec by now; empty when there are none.
    ///
    /// They belong to the caller. Asking twice gives the same numbers.
    public static func listenDescriptors() -> [InheritedSocket] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = unsafe sd_listen_fds_with_names(0, &names)
        guard count > 0 else { return [] }
        defer { unsafe zoo_free_listen_names(names, count) }
        return (0..<count).map { index in
            let name = unsafe zoo_listen_name(names, index).map { unsafe String(cString: $0) } ?? ""
            return InheritedSocket(name: name, descriptor: FileDescriptor(rawValue: 3 + index))
        }
    }

    /// A message is lines, so a status has to be one line.
    static func message(_ first: String? = nil, status: String) -> String {
        let line = String(String.UnicodeScalarView(status.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
        return [first, "STATUS=\(line)"].compactMap(\.self).joined(separator: "\n")
    }

    private static func send(_ message: String) { _ = unsafe sd_notify(0, message) }

    private static func monotonicMicroseconds() -> UInt64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }
}

/// A socket that systemd opened before it started us.
public struct InheritedSocket: Equatable, Sendable {
    /// `FileDescriptorName=` of the socket unit; "unknown" when it gives none.
    public let name: String
    /// Open, close-on-exec.
    public let descriptor: FileDescriptor

    /// Whether it is a Unix stream socket that listens: what a control server can serve.
    public var isListeningUnixSocket: Bool { sd_is_socket_unix(descriptor.rawValue, streamSocket, 1, nil, 0) > 0 }
}

private let streamSocket = Int32(SOCK_STREAM.rawValue)
