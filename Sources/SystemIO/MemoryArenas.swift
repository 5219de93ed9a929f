import CLinux

/// How glibc's malloc spreads over threads.
public enum MemoryArenas {
    /// One arena for all threads, for the rest of the process's life; to be called before there are others.
    ///
    /// malloc gives each busy thread an arena that keeps what was once needed: with 10,000 models half of 180 MiB resident was such
    /// leftovers. zood's threads wait for disks and networks; they do not queue for malloc.
    public static func useOne() { _ = mallopt(M_ARENA_MAX, 1) }
}
