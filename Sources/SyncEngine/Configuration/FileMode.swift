/// Permission bits as `chmod` takes them: three or four octal digits, best in quotes: `"0664"`.
public struct FileMode: Hashable, Sendable {
    /// Only read, write and execute bits; never setuid, setgid or sticky.
    public let bits: UInt32

    /// Drops every bit that is not read, write or execute.
    public init(bits: UInt32) { self.bits = bits & 0o777 }
}

extension FileMode: ConfigurationValue {
    static var kind: String { "file mode" }

    init(configured text: String) throws(ValueProblem) {
        let isOctal = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
        guard isOctal, (3...4).contains(text.utf8.count), let bits = UInt32(text, radix: 8) else {
            throw ValueProblem("is no file mode; write e.g. \"0664\"")
        }
        guard bits <= 0o777 else { throw ValueProblem("sets setuid, setgid or sticky: the first digit has to be 0") }
        guard bits & 0o400 != 0 else { throw ValueProblem("would keep zood from reading what it wrote: the owner needs to read") }
        guard bits & 0o002 == 0 else { throw ValueProblem("would let everybody write: the last digit has to be without 2") }
        self.init(bits: bits)
    }

    var configured: String {
        let digits = String(bits, radix: 8)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
