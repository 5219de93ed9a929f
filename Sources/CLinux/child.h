// What starting and watching a child process needs of _GNU_SOURCE (see shim.h: it is not defined here either).
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

// glibc 2.34 and 2.29.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
static inline int zoo_spawn_close_from(posix_spawn_file_actions_t *actions, int lowest) {
    return posix_spawn_file_actions_addclosefrom_np(actions, lowest);
}
static inline int zoo_spawn_change_directory(posix_spawn_file_actions_t *actions, const char *path) {
    return posix_spawn_file_actions_addchdir_np(actions, path);
}

// An unnamed file in memory, closed on exec.
static inline long zoo_memory_file(const char *name) {
    long file = syscall(SYS_memfd_create, name, 1u);
    return file < 0 ? -(long)errno : file;
}

// A descriptor that becomes readable when the process ends (Linux 5.3).
static inline long zoo_process_descriptor(pid_t process) {
    long descriptor = syscall(SYS_pidfd_open, process, 0u);
    return descriptor < 0 ? -(long)errno : descriptor;
}

static inline long zoo_pipe(int ends[2]) {
    long result = syscall(SYS_pipe2, ends, O_CLOEXEC);
    return result < 0 ? -(long)errno : result;
}
