// Random numbers for libunbound from the kernel (random(7)) in place of Nettle's Yarrow, which the
// caller has seeded from the kernel as well. They become ids, ports and the case of letters of
// questions (RFC 5452): each is given out once and is not kept.

#define _GNU_SOURCE
#include "unbound_crypto.h"

#include <nettle/yarrow.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

// As much as the kernel always gives whole, whatever signals come (getrandom(2)).
enum { STOCK = 256 };

struct stock {
  uint8_t octets[STOCK];
  size_t left; // at the end
};

static _Thread_local struct stock stock;

static void fill(struct stock *stock) {
  // Weak numbers would let others answer in a name server's place.
  if (getrandom(stock->octets, STOCK, 0) != STOCK) abort();
  stock->left = STOCK;
}

void nettle_yarrow256_random(struct yarrow256_ctx *unused, size_t length, uint8_t *to) {
  (void)unused;
  while (length > 0) {
    if (stock.left == 0) fill(&stock);
    size_t count = length < stock.left ? length : stock.left;
    uint8_t *from = stock.octets + STOCK - stock.left;
    memcpy(to, from, count);
    // A later look into memory must not find what was given out.
    explicit_bzero(from, count);
    stock.left -= count;
    to += count;
    length -= count;
  }
}
