/// Unpredictable bytes from the kernel (getrandom).
public enum SystemRandom {
    /// `count` bytes.
    public static func bytes(count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in generator.next() }
    }

    /// Lower-case hex, two digits a byte.
    public static func hex(byteCount: Int) -> String {
        bytes(count: byteCount).map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }
}
