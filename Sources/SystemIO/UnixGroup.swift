import CLinux
import Glibc

/// Looks groups up by name, once at start and at each reload: who may do what is decided by numbers alone.
public enum UnixGroup {
    /// Nil when there is no such group. Blocks as long as the name service takes.
    public static func number(of name: String) -> UInt32? {
        let number = unsafe zoo_group_number(name)
        return number < 0 ? nil : UInt32(number)
    }
}
