#ifndef PONOR_EVENT_LOOP_H
#define PONOR_EVENT_LOOP_H
// The event loop that libunbound runs on (ub_ctx_create_ub_event, unbound-event.h), made for what
// recursion does: a socket and a time-out for each question to another server, both soon taken back.
// A loop and all of its events belong to one thread at a time.

#include <stdint.h>

struct ub_event_base;
struct ponor_loop;
struct ponor_event;

// What an event waits for, and what its callback is told; libunbound's numbers.
enum {
  PONOR_TIMEOUT = 0x01,
  PONOR_READ = 0x02,
  PONOR_WRITE = 0x04,
  // Goes on waiting, and its time-out starts anew, after each callback.
  PONOR_PERSIST = 0x10,
};

typedef void (*ponor_event_callback)(int fd, short what, void *argument);

// A new loop; NULL with errno set when there is none to be had.
struct ponor_loop *ponor_loop_create(void);
// Ends a loop. Its events have to be gone.
void ponor_loop_destroy(struct ponor_loop *loop);
// The same loop as libunbound sees it.
struct ub_event_base *ponor_loop_base(struct ponor_loop *loop);
// Waits until something is due, but at most `milliseconds` (-1: any time), and has all of that called
// back, once each. Returns how many callbacks there were.
int ponor_loop_run(struct ponor_loop *loop, int milliseconds);

// The instant of the loop's last look at the clock, monotonic milliseconds: twice a round, before and
// after it waits. Time-outs count from there.
int64_t ponor_loop_now(const struct ponor_loop *loop);

// A new event, which waits for nothing yet; `fd` -1 for time-outs only. NULL when memory is short.
struct ponor_event *ponor_event_create(struct ponor_loop *loop, int fd, short what,
                                       ponor_event_callback callback, void *argument);
// Has it wait, with a time-out unless `milliseconds` is negative. Returns 0 or -errno.
int ponor_event_start(struct ponor_event *event, int64_t milliseconds);
// Has it wait no more; it will not be called back even if it is due already.
void ponor_event_stop(struct ponor_event *event);
// Stops and frees it; also from its own callback.
void ponor_event_destroy(struct ponor_event *event);

// How often epoll had to be set up anew because it kept a socket that is no longer this process's.
uint64_t ponor_loop_rebuilds(const struct ponor_loop *loop);

#endif
