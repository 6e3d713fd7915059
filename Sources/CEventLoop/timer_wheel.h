#ifndef PONOR_TIMER_WHEEL_H
#define PONOR_TIMER_WHEEL_H
// Timers by the tick at which they are due: adding and removing one, which nearly every question to
// another server does, touches its two neighbours only. (G. Varghese, T. Lauck: Hashed and
// Hierarchical Timing Wheels, SOSP 1987, scheme 6.)

#include <stdint.h>

enum {
  // Milliseconds of a tick. libunbound's shortest time-out is 50 ms (its RTT_MIN_TIMEOUT).
  TICK = 4,
  // Lists of the wheel: timers due more than 2 s ahead go round.
  WHEEL = 512,
};

struct timer {
  struct timer *next, *previous; // NULL: not running
  int64_t due;                   // tick
};

struct timer_wheel {
  struct timer lists[WHEEL]; // heads
  uint64_t taken[WHEEL / 64]; // one bit for each list with timers
  struct timer expired; // those due at once too
  struct timer batch;   // of the expired ones, those that are being taken
  int64_t tick; // all up to this one have expired
};

void timer_wheel_prepare(struct timer_wheel *wheel, int64_t now);
// Has a timer expire at an instant (monotonic milliseconds), or up to a tick later.
void timer_wheel_add(struct timer_wheel *wheel, struct timer *timer, int64_t at);
// Has it expire at once.
void timer_wheel_add_expired(struct timer_wheel *wheel, struct timer *timer);
void timer_wheel_remove(struct timer_wheel *wheel, struct timer *timer);
// Milliseconds until there is something to do, -1 if there are no timers.
int64_t timer_wheel_wait(const struct timer_wheel *wheel, int64_t now);
// Lets timers expire that are due.
void timer_wheel_turn(struct timer_wheel *wheel, int64_t now);
// Begins a batch of all timers that have expired; those that expire from now on are for the next.
void timer_wheel_begin_batch(struct timer_wheel *wheel);
// Takes one of the batch, NULL when all are taken.
struct timer *timer_wheel_take(struct timer_wheel *wheel);

#endif
