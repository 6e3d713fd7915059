#ifndef PONOR_UNBOUND_CRYPTO_H
#define PONOR_UNBOUND_CRYPTO_H
// Two functions that libunbound calls in Nettle, done with what is faster.
//
// Debian builds libunbound with Nettle (its unbound has OpenSSL). Checking an ECDSA signature takes
// Nettle 3.8 twice as long as OpenSSL 3.0, and that is most of what validating an answer costs; a
// random number, of which each question to another server takes several, is a re-keyed block
// cipher. The dynamic linker resolves libunbound's calls to the program first (ld.so(8),
// ELF symbol interposition), so that these definitions are used instead of Nettle's.
// With a libunbound built otherwise nothing calls them.

#include <stdint.h>

// ECDSA signatures checked here so far, by all threads.
uint64_t ponor_ecdsa_checks(void);
// Whether the program's definitions are those that libraries find.
int ponor_crypto_is_in_place(void);

#endif
