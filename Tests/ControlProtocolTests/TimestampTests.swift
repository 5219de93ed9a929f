import ControlProtocol
import Foundation
import Testing

struct TimestampTests {
    @Test func `times are written and read as Foundation does, over eight centuries and every leap day`() {
        let style = Date.ISO8601FormatStyle()
        // 1600 to 2400, in steps that fall on every time of day.
        for seconds in stride(from: -11_676_096_000.0, to: 13_569_465_600, by: 86400 * 13 + 3607) {
            let date = Date(timeIntervalSince1970: seconds)
            let text = date.formatted(style)
            #expect(Timestamp.text(date) == text)
            #expect(Timestamp.date(text) == date)
        }
        #expect(Timestamp.date("2024-02-29T23:59:59Z").map(Timestamp.text) == "2024-02-29T23:59:59Z")
    }

    @Test func `a fraction of a second is dropped`() {
        #expect(Timestamp.text(Date(timeIntervalSince1970: 0.999)) == "1970-01-01T00:00:00Z")
        #expect(Timestamp.date("1970-01-01T00:00:01.25Z") == Date(timeIntervalSince1970: 1))
    }

    @Test(arguments: [
        "", "2026-11-20", "2026-11-20T08:12:00", "2026-11-20 08:12:00Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-11-20T24:00:00Z", "2026-11-20T08:12:00+01:00", "2026-11-20T08:12:00.Z", "2026-11-20T08:12:0aZ", "١٩٧٠-01-01T00:00:00Z",
        "-026-11-20T08:12:00Z", "2026-00-20T08:12:00Z", "2026-11-00T08:12:00Z", "2026-04-31T08:12:00Z",
    ])
    func `what is no time in UTC is refused`(text: String) {
        #expect(Timestamp.date(text) == nil)
    }
}
