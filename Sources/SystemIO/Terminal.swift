import Glibc
import SystemPackage

/// What is known of the terminal behind a descriptor.
public enum Terminal {
    /// Whether a person looks at it.
    public static func isOne(_ descriptor: FileDescriptor) -> Bool { isatty(descriptor.rawValue) == 1 }

    /// Columns of the window; nil for what is no terminal or has no size.
    public static func columns(of descriptor: FileDescriptor) -> Int? {
        var size = winsize()
        guard unsafe ioctl(descriptor.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
