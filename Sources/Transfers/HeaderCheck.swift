/// Request headers from outside this module, before they become lines.
enum HeaderCheck {
    private static let ours = [
        "Authorization", "Host", "User-Agent", "Content-Length", "Transfer-Encoding", "Accept-Encoding", "Cookie", "Expect",
    ]

    /// - Throws: `badURL` for a name or value that would become another header or a second line, or that the client sets itself.
    static func check(_ headers: [(name: String, value: String)]) throws(TransferFailure) {
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte), !ours.contains(where: { isEqualIgnoringCase($0, name) }) else {
                throw TransferFailure(.badURL("'\(name)' is no header that a request may set"))
            }
            // An empty value would take the header out instead of sending it.
            guard !value.isEmpty, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw TransferFailure(.badURL("the value of the header \(name) is empty or holds control characters"))
            }
        }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
