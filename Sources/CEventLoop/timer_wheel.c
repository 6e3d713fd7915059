#include "timer_wheel.h"

#include <stddef.h>

enum { EXPIRED = -1 }; // `due` of an expired timer

static void make_empty(struct timer *list) { list->next = list->previous = list; }

static void append(struct timer *list, struct timer *timer) {
  timer->next = list;
  timer->previous = list->previous;
  list->previous->next = timer;
  list->previous = timer;
}

static int is_empty(const struct timer *list) { return list->next == list; }

static int number_of(int64_t tick) { return (int)(tick & (WHEEL - 1)); }

void timer_wheel_prepare(struct timer_wheel *wheel, int64_t now) {
  for (int i = 0; i < WHEEL; i++) make_empty(&wheel->lists[i]);
  make_empty(&wheel->expired);
  make_empty(&wheel->batch);
  wheel->tick = now / TICK;
}

void timer_wheel_add(struct timer_wheel *wheel, struct timer *timer, int64_t at) {
  timer_wheel_remove(wheel, timer);
  int64_t due = (at + TICK - 1) / TICK;
  // What is due in this tick expires with the next one: this one's list has been looked at.
  timer->due = due > wheel->tick ? due : wheel->tick + 1;
  int number = number_of(timer->due);
  append(&wheel->lists[number], timer);
  wheel->taken[number / 64] |= 1ULL << (number % 64);
}

void timer_wheel_add_expired(struct timer_wheel *wheel, struct timer *timer) {
  timer_wheel_remove(wheel, timer);
  timer->due = EXPIRED;
  append(&wheel->expired, timer);
}

void timer_wheel_remove(struct timer_wheel *wheel, struct timer *timer) {
  if (timer->next == NULL) return;
  timer->previous->next = timer->next;
  timer->next->previous = timer->previous;
  timer->next = timer->previous = NULL;
  if (timer->due == EXPIRED) return;
  int number = number_of(timer->due);
  if (is_empty(&wheel->lists[number])) wheel->taken[number / 64] &= ~(1ULL << (number % 64));
}

// Ticks from the next one to the first list with timers, -1 if all are empty.
static int distance(const struct timer_wheel *wheel) {
  int start = number_of(wheel->tick + 1);
  int word = start / 64, bit = start % 64;
  uint64_t bits = wheel->taken[word] & (~0ULL << bit);
  for (int step = 0; step <= WHEEL / 64; step++) {
    if (bits) {
      int found = word * 64 + __builtin_ctzll(bits);
      return (found - start) & (WHEEL - 1);
    }
    word = (word + 1) % (WHEEL / 64);
    bits = wheel->taken[word];
  }
  return -1;
}

int64_t timer_wheel_wait(const struct timer_wheel *wheel, int64_t now) {
  if (!is_empty(&wheel->expired)) return 0;
  int ticks = distance(wheel);
  if (ticks < 0) return -1;
  int64_t wait = (wheel->tick + 1 + ticks) * TICK - now;
  return wait > 0 ? wait : 0;
}

static void expire(struct timer_wheel *wheel, int number, int64_t now) {
  struct timer *list = &wheel->lists[number];
  for (struct timer *timer = list->next, *next; timer != list; timer = next) {
    next = timer->next;
    if (timer->due > now) continue; // a later round
    timer_wheel_add_expired(wheel, timer);
  }
}

void timer_wheel_turn(struct timer_wheel *wheel, int64_t now) {
  int64_t tick = now / TICK;
  for (int looked = 0; looked < WHEEL; looked++) {
    int ahead = distance(wheel);
    if (ahead < 0 || wheel->tick + 1 + ahead > tick) break;
    // Timers that go round stay in a list that is then behind.
    wheel->tick += 1 + ahead;
    expire(wheel, number_of(wheel->tick), tick);
  }
  if (wheel->tick < tick) wheel->tick = tick;
}

void timer_wheel_begin_batch(struct timer_wheel *wheel) {
  if (is_empty(&wheel->expired)) return;
  struct timer *first = wheel->expired.next, *last = wheel->expired.previous;
  first->previous = wheel->batch.previous;
  wheel->batch.previous->next = first;
  last->next = &wheel->batch;
  wheel->batch.previous = last;
  make_empty(&wheel->expired);
}

struct timer *timer_wheel_take(struct timer_wheel *wheel) {
  if (is_empty(&wheel->batch)) return NULL;
  struct timer *timer = wheel->batch.next;
  timer_wheel_remove(wheel, timer);
  return timer;
}
