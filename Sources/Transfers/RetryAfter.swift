import CCurl
import Glibc

/// The value of a `Retry-After` header: seconds, or a date.
enum RetryAfter {
    /// A server that asks for longer is asked again after this long, a day: a wait must end. Nobody else needs to cap it.
    private static let longest: Int = 86_400

    /// - Parameter now: Seconds since 1970.
    /// - Returns: Between nothing and a day; nil for what is neither seconds nor a date.
    static func duration(_ value: String, now: Int = time(nil)) -> Duration? {
        let digits = value.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if digits, !value.isEmpty { return .seconds(min(Int(value) ?? longest, longest)) }
        guard let date = HTTPDate.seconds(value) else { return nil }
        return .seconds(max(0, min(date - now, longest)))
    }
}

/// A date as HTTP headers hold it.
public enum HTTPDate {
    /// Seconds since 1970; nil for what libcurl cannot read as a date.
    public static func seconds(_ text: String) -> Int? {
        let value = unsafe curl_getdate(text, nil)
        return value < 0 ? nil : Int(value)
    }
}
