// libunbound's event interface.
#ifndef PONOR_CUNBOUND_SHIM_H
#define PONOR_CUNBOUND_SHIM_H

#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unbound.h>
#include <unbound-event.h>

// `stderr` is a mutable global, which Swift 6 does not let one read from several threads.
static inline FILE *ponor_standard_error(void) { return stderr; }

// A file in memory, closed on exec; `memfd_create` itself needs _GNU_SOURCE.
static inline int ponor_memory_file(const char *name) {
  return (int)syscall(SYS_memfd_create, name, 1u /* MFD_CLOEXEC */);
}

// Names the calling thread; `prctl` is variadic, and pthread_setname_np needs _GNU_SOURCE.
static inline void ponor_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

#endif
