#pragma once
// Without it sd_journal_sendv would name this header as the source of every message.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

// The i-th of the names that sd_listen_fds_with_names gave, and the end of them all.
static inline const char *zoo_listen_name(char **names, int index) { return names ? names[index] : NULL; }
static inline void zoo_free_listen_names(char **names, int count) {
    for (int i = 0; names && i < count; i++) free(names[i]);
    free(names);
}
