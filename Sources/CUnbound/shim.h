// libunbound's event interface and the part of libevent that drives it.
#ifndef PONOR_CUNBOUND_SHIM_H
#define PONOR_CUNBOUND_SHIM_H

// libevent's headers draw in <sys/select.h>, whose `fd_set` has other member names with and without
// _GNU_SOURCE. Swift's glibc and Dispatch modules differ in that, so a third copy in this module
// clashes with one of them. Nothing here needs it: take it as already included.
#ifndef _SYS_SELECT_H
#define _SYS_SELECT_H 1
#define PONOR_SKIPPED_SELECT
#endif
#include <event2/event.h>
#ifdef PONOR_SKIPPED_SELECT
#undef _SYS_SELECT_H
#undef PONOR_SKIPPED_SELECT
#endif

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
