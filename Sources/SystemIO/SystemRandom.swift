/// Unpredictable bytes from the kernel (getrandom).
public enum SystemRandom {
    /// `count` bytes.
    public static func bytes(count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        // Eight by one question to the kernel.
        while bytes.count < count { unsafe withUnsafeBytes(of: generator.next() as UInt64) { unsafe bytes.append(contentsOf: $0) } }
        return Array(bytes.prefix(count))
    }

    /// Lower-case hex, two digits a byte.
    public static func hex(byteCount: Int) -> String {
        bytes(count: byteCount).map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }
}
