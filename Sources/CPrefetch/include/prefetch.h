#ifndef PONOR_PREFETCH_H
#define PONOR_PREFETCH_H
// Swift has no way to say that memory will be read soon.

// Has the processor fetch the cache line of `address` while it goes on; any address will do.
static inline void ponor_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
