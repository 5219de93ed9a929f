import Glibc
import Synchronization

/// Named places where the process can be told to die, to prove that a restart there converges.
///
/// `ZOOD_CRASH_AT=NAME[:N]` kills it by SIGKILL at the N-th arrival (default 1) at NAME. Ignored under systemd (`INVOCATION_ID`
/// set). Without the variable it costs the load of one constant.
public enum CrashPoint {
    /// A place and the arrivals that are left until the end.
    struct Armed: ~Copyable {
        let name: String
        let remaining: Atomic<Int>

        /// Nil for no, an empty or a malformed `setting`, and for a process that systemd started.
        init?(setting: String?, invocation: String?) {
            guard let setting, invocation == nil else { return nil }
            let parts = setting.split(separator: ":", omittingEmptySubsequences: false)
            guard let name = parts.first, !name.isEmpty, parts.count <= 2 else { return nil }
            guard let arrivals = parts.count == 2 ? Int(parts[1]) : 1, arrivals >= 1 else { return nil }
            self.name = String(name)
            remaining = Atomic(arrivals)
        }

        /// Whether this arrival is the one to die at.
        func isDue(_ name: StaticString) -> Bool {
            guard self.name == name.description else { return false }
            return remaining.subtract(1, ordering: .relaxed).newValue == 0
        }
    }

    private static let armed: Armed? = Armed(setting: environment("ZOOD_CRASH_AT"), invocation: environment("INVOCATION_ID"))

    /// Says that execution is at `name`: lower-case words, what was just done, as in "edit.exchanged".
    @inline(__always)
    public static func reach(_ name: StaticString) {
        guard isArmed else { return }
        arrive(name)
    }

    @usableFromInline static let isArmed = environment("ZOOD_CRASH_AT") != nil

    @usableFromInline
    static func arrive(_ name: StaticString) {
        guard armed?.isDue(name) == true else { return }
        kill(getpid(), SIGKILL)
    }
}

/// An environment variable as it was at that moment; nil when it is not set.
package func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
}
