// What Swift's Glibc module lacks, because it stands behind _GNU_SOURCE or has no C wrapper in Debian's glibc.
// Every wrapper returns what the call returned, or -errno: Swift code need not read errno at the right moment.
//
// _GNU_SOURCE is not defined here: with it, structures like fd_set would differ from those of Swift's own modules.
#pragma once
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

static inline long zoo_result(long result) { return result < 0 ? -(long)errno : result; }

// Errors (glibc 2.32; both return static text, or NULL for a number that is no error).
extern const char *strerrorname_np(int);
extern const char *strerrordesc_np(int);
static inline const char *zoo_error_name(int number) { return strerrorname_np(number); }
static inline const char *zoo_error_text(int number) { return strerrordesc_np(number); }

// Opening. The flags of fcntl.h that need _GNU_SOURCE, with the values of x86-64 and arm64 where these differ.
static const int32_t ZOO_O_PATH = 010000000;
static inline long zoo_openat2(int directory, const char *path, int flags, unsigned mode, uint64_t resolve) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (uint64_t)(unsigned)flags;
    how.mode = mode;
    how.resolve = resolve;
    return zoo_result(syscall(SYS_openat2, directory, path, &how, sizeof how));
}
static inline long zoo_open_directory(const char *path) {
    return zoo_result(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

// Listing. 1: an entry was stored; 0: the end.
static inline int zoo_next_entry(DIR *stream, const char **name, unsigned char *type) {
    errno = 0;
    struct dirent *entry = readdir(stream);
    if (!entry) return -errno;
    *name = entry->d_name;
    *type = entry->d_type;
    return 1;
}

// When a file or directory was made, in nanoseconds since 1970; 0 where the file system or the kernel does not say. The wrapper of statx and
// its structure stand behind _GNU_SOURCE.
static inline int64_t zoo_birth_time(int fd) {
    const int empty_path = 0x1000;  // AT_EMPTY_PATH
    struct statx s;
    memset(&s, 0, sizeof s);
    if (syscall(SYS_statx, fd, "", empty_path, STATX_BTIME, &s) < 0 || !(s.stx_mask & STATX_BTIME)) return 0;
    return s.stx_btime.tv_sec * 1000000000 + s.stx_btime.tv_nsec;
}

// Renaming.
static const uint32_t ZOO_RENAME_NOREPLACE = 1;
static const uint32_t ZOO_RENAME_EXCHANGE = 2;
static inline long zoo_renameat2(int from, const char *old_name, int to, const char *new_name, unsigned flags) {
    return zoo_result(syscall(SYS_renameat2, from, old_name, to, new_name, flags));
}

// Sharing the blocks of another file until one of the two is written to (FICLONE of linux/fs.h, whose other names clash with glibc's).
static inline long zoo_clone(int to, int from) {
    return zoo_result(ioctl(to, 0x40049409u, from));
}

// File systems.
struct zoo_filesystem {
    int64_t type;
    uint64_t block_size, blocks, available_blocks;
};
static inline long zoo_fstatfs(int fd, struct zoo_filesystem *out) {
    struct statfs s;
    if (fstatfs(fd, &s) < 0) return -(long)errno;
    out->type = (int64_t)(uint32_t)s.f_type;
    out->block_size = s.f_frsize ? (uint64_t)s.f_frsize : (uint64_t)s.f_bsize;
    out->blocks = s.f_blocks;
    out->available_blocks = s.f_bavail;
    return 0;
}

// Room for content: modes are FALLOC_FL_*.
static const int32_t ZOO_FALLOC_KEEP_SIZE = FALLOC_FL_KEEP_SIZE;
static const int32_t ZOO_FALLOC_PUNCH_HOLE = FALLOC_FL_PUNCH_HOLE;
static inline long zoo_fallocate(int fd, int mode, int64_t offset, int64_t length) {
    return zoo_result(syscall(SYS_fallocate, fd, mode, offset, length));
}

// Watching. IN_CLOEXEC and IN_NONBLOCK are an enum in C.
static inline long zoo_inotify_init(void) { return zoo_result(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)); }
static inline long zoo_inotify_add_watch(int fd, const char *path, uint32_t mask) {
    return zoo_result(inotify_add_watch(fd, path, mask));
}

// Who is at the other end of a Unix socket. `struct ucred` stands behind _GNU_SOURCE; these are its three fields.
#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif
struct zoo_peer {
    int32_t pid;
    uint32_t uid, gid;
};
static inline long zoo_peer_credentials(int socket, struct zoo_peer *out) {
    socklen_t size = sizeof *out;
    return zoo_result(getsockopt(socket, SOL_SOCKET, SO_PEERCRED, out, &size));
}
// -ERANGE when `byte_count` is too small; it then holds the size that is needed.
static inline long zoo_peer_groups(int socket, uint32_t *groups, uint32_t *byte_count) {
    socklen_t size = *byte_count;
    long result = zoo_result(getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, &size));
    *byte_count = size;
    return result;
}

// Locks.
static inline long zoo_lock_exclusively(int fd) { return zoo_result(flock(fd, LOCK_EX | LOCK_NB)); }

// Whether some process has the file open for writing: a read lease is given only when none does. -EAGAIN: one does.
// Breaking the lease would send SIGIO, which ends a process; SIGURG is ignored by default.
static inline long zoo_expect_no_writer(int fd) {
    const int set_lease = 1024, set_signal = 10;  // F_SETLEASE, F_SETSIG
    fcntl(fd, set_signal, 23 /* SIGURG */);
    long result = zoo_result(fcntl(fd, set_lease, F_RDLCK));
    if (result == 0) fcntl(fd, set_lease, F_UNLCK);
    return result;
}

// The least urgent share of the disk (ioprio_set(2): the calling thread, class idle) and of the processors (setpriority(2): the calling
// thread, nice 19). Neither can be given back without a capability, so only a thread that ends with its work may ask.
static inline long zoo_use_idle_disk(void) {
    const int this_thread = 1, idle = 3 << 13;  // IOPRIO_WHO_PROCESS, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0)
    return zoo_result(syscall(SYS_ioprio_set, this_thread, 0, idle));
}
static inline long zoo_use_idle_processor(void) {
    const int this_thread = 0;  // PRIO_PROCESS
    return zoo_result(syscall(SYS_setpriority, this_thread, 0, 19));
}

// Which pages of a file are in the page cache: one byte a page, its lowest bit. Nothing of the file is read.
static inline long zoo_cached_pages(int fd, int64_t offset, size_t byte_count, unsigned char *pages) {
    void *address = mmap(NULL, byte_count, PROT_NONE, MAP_SHARED, fd, (off_t)offset);
    if (address == MAP_FAILED) return -(long)errno;
    // The wrapper of mincore stands behind _GNU_SOURCE.
    long result = zoo_result(syscall(SYS_mincore, address, byte_count, pages));
    munmap(address, byte_count);
    return result;
}

// Whether the first page of a file is in the page cache: 1 or 0. Reads one byte, and never from the disk.
static inline long zoo_starts_cached(int fd) {
    unsigned char byte;
    struct iovec room = {&byte, 1};
    // The wrapper of preadv2 and its flags stand behind _GNU_SOURCE; the offset is two words, the higher one second.
    const unsigned long nowait = 8;
    long result = zoo_result(syscall(SYS_preadv2, fd, &room, 1UL, 0UL, 0UL, nowait));
    return result == -EAGAIN ? 0 : result;
}
