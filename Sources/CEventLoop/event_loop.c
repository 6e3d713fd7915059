#define _GNU_SOURCE
#include "event_loop.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <unbound-event.h>

#include "timer_wheel.h"

enum {
  READY = 64,      // events taken from the kernel at once
  FIRST_FDS = 256, // descriptors there is room for at first
  ROOM_EVERY = 512, // events made until room is made in the heap again
  ROOM_OCTETS = 120 << 10, // just below what malloc takes from mmap instead, M_MMAP_THRESHOLD
};

static const int64_t NEVER = INT64_MAX;
static const uint64_t ALARM = UINT64_MAX; // what epoll tells of the alarm
static const unsigned long UNBOUND_MAGIC = 0x44d74d78; // UB_EVENT_MAGIC, unbound-event.h

struct ponor_event {
  struct ub_event head; // libunbound knows only this
  struct ponor_loop *loop;
  int fd;
  short what;
  int is_waiting;        // for its descriptor
  int64_t interval;      // of the time-out, milliseconds
  struct timer timer;
  ponor_event_callback callback;
  void *argument;
};

// What is known of a descriptor. libunbound closes most sockets right after their event is stopped,
// which takes them out of epoll anyway: a system call to do so before is saved. What shows up though
// nobody waits for it was not closed, and is taken out then.
struct slot {
  struct ponor_event *event; // that waits for it, or NULL
  uint32_t serial;           // told to the kernel: tells it from former sockets of this number
};

struct ponor_loop {
  struct ub_event_base head;
  int epoll;
  int alarm;         // a timerfd
  int64_t alarm_at;  // when it goes off, NEVER if it is not set
  int64_t now;       // monotonic milliseconds, as of this round
  int is_stale;      // epoll has told of a socket that this process has closed
  uint64_t rebuilds;
  struct slot *slots;
  int slot_count;
  unsigned made; // events, ever
  struct timer_wheel wheel;
};

static void look_at_clock(struct ponor_loop *loop) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  loop->now = (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// MARK: The alarm

// A new epoll that tells of the alarm, -1 if there is none to be had.
static int make_epoll(const struct ponor_loop *loop) {
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = ALARM};
  if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, loop->alarm, &event) == 0) return epoll;
  close(epoll);
  return -1;
}

static int set_alarm(struct ponor_loop *loop, int64_t at) {
  if (at >= loop->alarm_at) return 0;
  struct itimerspec when = {.it_value = {.tv_sec = at / 1000, .tv_nsec = at % 1000 * 1000000}};
  if (timerfd_settime(loop->alarm, TFD_TIMER_ABSTIME, &when, NULL) != 0) return -errno;
  loop->alarm_at = at;
  return 0;
}

static int alarm_went_off(struct ponor_loop *loop) {
  uint64_t times;
  if (read(loop->alarm, &times, sizeof times) == sizeof times) loop->alarm_at = NEVER;
  return 0;
}

// MARK: Descriptors

static uint32_t interest(short what) {
  return (what & PONOR_READ ? EPOLLIN : 0u) | (what & PONOR_WRITE ? EPOLLOUT : 0u);
}

static int make_room(struct ponor_loop *loop, int fd) {
  if (fd < loop->slot_count) return 0;
  int count = loop->slot_count;
  while (count <= fd) count *= 2;
  struct slot *slots = realloc(loop->slots, sizeof *slots * (size_t)count);
  if (slots == NULL) return -ENOMEM;
  memset(slots + loop->slot_count, 0, sizeof *slots * (size_t)(count - loop->slot_count));
  loop->slots = slots;
  loop->slot_count = count;
  return 0;
}

static int tell_kernel(const struct ponor_loop *loop, int fd, uint32_t serial, short what) {
  struct epoll_event event = {.events = interest(what),
                              .data.u64 = (uint64_t)serial << 32 | (uint32_t)fd};
  if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) == 0) return 0;
  // Still there: it was not closed since somebody waited for it.
  if (errno == EEXIST && epoll_ctl(loop->epoll, EPOLL_CTL_MOD, fd, &event) == 0) return 0;
  return -errno;
}

static int watch(struct ponor_event *event) {
  struct ponor_loop *loop = event->loop;
  int failed = make_room(loop, event->fd);
  if (failed) return failed;
  struct slot *slot = &loop->slots[event->fd];
  failed = tell_kernel(loop, event->fd, ++slot->serial, event->what);
  if (failed) return failed;
  slot->event = event;
  event->is_waiting = 1;
  return 0;
}

static void unwatch(struct ponor_event *event) {
  if (!event->is_waiting) return;
  event->is_waiting = 0;
  struct slot *slot = &event->loop->slots[event->fd];
  if (slot->event == event) slot->event = NULL;
}

// A socket that another process still holds stays in epoll after it was closed here, and there is no
// name left by which to take it out. Everything that is waited for goes to a new epoll instead.
static void rebuild(struct ponor_loop *loop) {
  int epoll = make_epoll(loop);
  if (epoll < 0) return; // next time
  close(loop->epoll);
  loop->epoll = epoll;
  loop->is_stale = 0;
  loop->rebuilds++;
  for (int fd = 0; fd < loop->slot_count; fd++) {
    const struct slot *slot = &loop->slots[fd];
    if (slot->event) tell_kernel(loop, fd, slot->serial, slot->event->what);
  }
}

// MARK: Calling back

static void start_timer(struct ponor_event *event, int64_t milliseconds) {
  struct timer_wheel *wheel = &event->loop->wheel;
  event->interval = milliseconds;
  if (milliseconds == 0) {
    timer_wheel_add_expired(wheel, &event->timer);
  } else {
    timer_wheel_add(wheel, &event->timer, event->loop->now + milliseconds);
  }
}

static void call_back(struct ponor_event *event, short what) {
  if (!(event->what & PONOR_PERSIST)) {
    ponor_event_stop(event);
  } else if (event->interval >= 0) {
    start_timer(event, event->interval);
  }
  // It may free the event.
  event->callback(event->fd, what, event->argument);
}

static int call_back_ready(struct ponor_loop *loop, const struct epoll_event *ready) {
  if (ready->data.u64 == ALARM) return alarm_went_off(loop);
  int fd = (int)(uint32_t)ready->data.u64;
  struct slot *slot = &loop->slots[fd];
  if (slot->serial != (uint32_t)(ready->data.u64 >> 32)) {
    // Either this number went to another socket a callback ago, or `rebuild` has to see to it.
    loop->is_stale = 1;
    return 0;
  }
  if (slot->event == NULL) {
    if (epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, NULL) != 0) loop->is_stale = 1;
    return 0;
  }
  // As libevent does: an error is for whoever reads or writes next to find out.
  int failed = (ready->events & (EPOLLERR | EPOLLHUP)) != 0;
  short what = 0;
  if (failed || ready->events & EPOLLIN) what |= PONOR_READ;
  if (failed || ready->events & EPOLLOUT) what |= PONOR_WRITE;
  what &= slot->event->what;
  if (what == 0) return 0;
  call_back(slot->event, what);
  return 1;
}

static int call_back_expired(struct ponor_loop *loop) {
  int count = 0;
  timer_wheel_begin_batch(&loop->wheel);
  for (struct timer *timer; (timer = timer_wheel_take(&loop->wheel)) != NULL; count++) {
    struct ponor_event *event =
        (struct ponor_event *)((char *)timer - offsetof(struct ponor_event, timer));
    call_back(event, PONOR_TIMEOUT);
  }
  return count;
}

// How long to wait in the kernel. A time limit there is a timer set and taken back with each wait, as
// each answer ends one, and costs about as much as the wait: the alarm is only ever set for earlier
// and goes off in vain now and then.
static int patience(struct ponor_loop *loop, int milliseconds) {
  int64_t wait = timer_wheel_wait(&loop->wheel, loop->now);
  if (wait < 0 || (milliseconds >= 0 && milliseconds < wait)) wait = milliseconds;
  if (wait <= 0) return (int)wait;
  return set_alarm(loop, loop->now + wait) == 0 ? -1 : (int)wait;
}

int ponor_loop_run(struct ponor_loop *loop, int milliseconds) {
  // What happened since the last round took time: time-outs count from now.
  look_at_clock(loop);
  // libunbound sends a question when a time-out of no time is over.
  int count = call_back_expired(loop);
  struct epoll_event ready[READY];
  int found = epoll_wait(loop->epoll, ready, READY, patience(loop, milliseconds));
  look_at_clock(loop);
  for (int i = 0; i < found; i++) count += call_back_ready(loop, &ready[i]);
  timer_wheel_turn(&loop->wheel, loop->now);
  count += call_back_expired(loop);
  if (loop->is_stale) rebuild(loop);
  return count;
}

// MARK: Events

int ponor_event_start(struct ponor_event *event, int64_t milliseconds) {
  unwatch(event);
  if (event->fd >= 0 && event->what & (PONOR_READ | PONOR_WRITE)) {
    int failed = watch(event);
    if (failed) return failed;
  }
  if (milliseconds >= 0) start_timer(event, milliseconds);
  return 0;
}

void ponor_event_stop(struct ponor_event *event) {
  unwatch(event);
  timer_wheel_remove(&event->loop->wheel, &event->timer);
  event->interval = -1;
}

void ponor_event_destroy(struct ponor_event *event) {
  if (event == NULL) return;
  ponor_event_stop(event);
  free(event);
}

// MARK: As libunbound calls it

static struct ponor_event *own(struct ub_event *event) { return (struct ponor_event *)event; }

static int64_t milliseconds_of(const struct timeval *time) {
  return time ? (int64_t)time->tv_sec * 1000 + time->tv_usec / 1000 : -1;
}

static void add_bits(struct ub_event *event, short what) {
  ponor_event_stop(own(event));
  own(event)->what |= what;
}

static void del_bits(struct ub_event *event, short what) {
  ponor_event_stop(own(event));
  own(event)->what &= (short)~what;
}

static void set_fd(struct ub_event *event, int fd) {
  ponor_event_stop(own(event));
  own(event)->fd = fd;
}

static void destroy_event(struct ub_event *event) { ponor_event_destroy(own(event)); }

static int start(struct ub_event *event, struct timeval *time) {
  return ponor_event_start(own(event), milliseconds_of(time)) ? -1 : 0;
}

static int stop(struct ub_event *event) {
  ponor_event_stop(own(event));
  return 0;
}

static int set_and_start(struct ub_event *event, struct ub_event_base *base,
                         void (*callback)(int, short, void *), void *argument, struct timeval *time) {
  struct ponor_event *timer = own(event);
  timer->loop = (struct ponor_loop *)base;
  timer->callback = callback;
  timer->argument = argument;
  return start(event, time);
}

// Signals and Windows: libunbound calls none of these, but wants them filled in.
static int no_signal(struct ub_event *event, struct timeval *time) { return (void)event, (void)time, -1; }
static int no_signal_end(struct ub_event *event) { return (void)event, -1; }
static void no_unregister(struct ub_event *event) { (void)event; }
static void no_block(struct ub_event *event, int what) { (void)event, (void)what; }

static struct ub_event_vmt event_calls = {
    .add_bits = add_bits,
    .del_bits = del_bits,
    .set_fd = set_fd,
    .free = destroy_event,
    .add = start,
    .del = stop,
    .add_timer = set_and_start,
    .del_timer = stop,
    .add_signal = no_signal,
    .del_signal = no_signal_end,
    .winsock_unregister_wsaevent = no_unregister,
    .winsock_tcp_wouldblock = no_block,
};

struct ponor_event *ponor_event_create(struct ponor_loop *loop, int fd, short what,
                                       ponor_event_callback callback, void *argument) {
  struct ponor_event *event = calloc(1, sizeof *event);
  if (event == NULL) return NULL;
  event->head = (struct ub_event){.magic = UNBOUND_MAGIC, .vmt = &event_calls};
  event->loop = loop;
  event->fd = fd;
  event->what = what;
  event->interval = -1;
  event->callback = callback;
  event->argument = argument;
  return event;
}

// While libunbound's caches fill, the heap grows with nearly each question. That of a thread other than
// the first grows by what one request lacks, a page or two at a time (M_TOP_PAD is for the first one
// only): a system call each time. Memory asked for at once and given back stays at its end.
static void make_room_in_heap(struct ponor_loop *loop) {
  if (loop->made++ % ROOM_EVERY != 0) return;
  void *volatile room = malloc(ROOM_OCTETS); // else the compiler leaves out both calls
  free(room);
}

static struct ub_event *new_event(struct ub_event_base *base, int fd, short what,
                                  void (*callback)(int, short, void *), void *argument) {
  make_room_in_heap((struct ponor_loop *)base);
  struct ponor_event *event =
      ponor_event_create((struct ponor_loop *)base, fd, what, callback, argument);
  return event ? &event->head : NULL;
}

// The loop is run and ended by its owner.
static void no_free(struct ub_event_base *base) { (void)base; }
static int no_dispatch(struct ub_event_base *base) { return (void)base, -1; }
static int no_exit(struct ub_event_base *base, struct timeval *time) { return (void)base, (void)time, -1; }
static struct ub_event *no_signal_event(struct ub_event_base *base, int fd,
                                        void (*callback)(int, short, void *), void *argument) {
  return (void)base, (void)fd, (void)callback, (void)argument, NULL;
}
static struct ub_event *no_register(struct ub_event_base *base, void *event,
                                    void (*callback)(int, short, void *), void *argument) {
  return (void)base, (void)event, (void)callback, (void)argument, NULL;
}

static struct ub_event_base_vmt loop_calls = {
    .free = no_free,
    .dispatch = no_dispatch,
    .loopexit = no_exit,
    .new_event = new_event,
    .new_signal = no_signal_event,
    .winsock_register_wsaevent = no_register,
};

// MARK: The loop

struct ponor_loop *ponor_loop_create(void) {
  struct ponor_loop *loop = calloc(1, sizeof *loop);
  if (loop == NULL) return NULL;
  loop->head = (struct ub_event_base){.magic = UNBOUND_MAGIC, .vmt = &loop_calls};
  loop->slots = calloc(FIRST_FDS, sizeof *loop->slots);
  loop->slot_count = FIRST_FDS;
  loop->alarm = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  loop->epoll = make_epoll(loop);
  loop->alarm_at = NEVER;
  look_at_clock(loop);
  timer_wheel_prepare(&loop->wheel, loop->now);
  if (loop->slots == NULL || loop->epoll < 0) {
    int reason = loop->slots == NULL ? ENOMEM : errno;
    ponor_loop_destroy(loop);
    errno = reason;
    return NULL;
  }
  return loop;
}

void ponor_loop_destroy(struct ponor_loop *loop) {
  if (loop->epoll >= 0) close(loop->epoll);
  if (loop->alarm >= 0) close(loop->alarm);
  free(loop->slots);
  free(loop);
}

struct ub_event_base *ponor_loop_base(struct ponor_loop *loop) { return &loop->head; }

int64_t ponor_loop_now(const struct ponor_loop *loop) { return loop->now; }

uint64_t ponor_loop_rebuilds(const struct ponor_loop *loop) { return loop->rebuilds; }
