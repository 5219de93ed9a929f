import Foundation

/// The date format of HTTP headers (RFC 9110, 5.6.7), whole seconds: `Tue, 14 Nov 2023 22:13:20 GMT`.
public func httpDate(_ date: Date) -> String {
    httpDateFormatter().string(from: date)
}

/// Nil when `text` is no such date.
func date(http text: String) -> Date? {
    httpDateFormatter().date(from: text)
}

private func httpDateFormatter() -> DateFormatter {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return formatter
}
