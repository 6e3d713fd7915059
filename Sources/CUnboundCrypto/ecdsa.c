// ECDSA verification (RFC 6605) by OpenSSL in place of Nettle.

// The functions for keys of a known kind take a tenth of the time that the general ones (EVP) need to
// make a key of its coordinates. OpenSSL 3 has both and advises the latter.
#define _GNU_SOURCE
#define OPENSSL_SUPPRESS_DEPRECATED

#include "unbound_crypto.h"

#include <dlfcn.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum {
  LARGEST = 48,            // octets of a number of P-384
  UNCOMPRESSED_POINT = 4, // SEC 1 §2.3.3
};

typedef int verifier(const struct ecc_point *, size_t, const uint8_t *, const struct dsa_signature *);

static EC_GROUP *p256, *p384;
static verifier *of_nettle;
static pthread_once_t prepared = PTHREAD_ONCE_INIT;
static _Atomic uint64_t checks;

static void prepare(void) {
  p256 = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  p384 = EC_GROUP_new_by_curve_name(NID_secp384r1);
  of_nettle = (verifier *)dlsym(RTLD_NEXT, "nettle_ecdsa_verify");
}

// The curves of DNSSEC's algorithms 13 and 14; NULL for others, which other libraries may use.
static const EC_GROUP *group_of(const struct ecc_point *point, size_t *octets) {
  pthread_once(&prepared, prepare);
  if (point->ecc == nettle_get_secp_256r1()) return *octets = 32, p256;
  if (point->ecc == nettle_get_secp_384r1()) return *octets = 48, p384;
  return NULL;
}

// Writes a number big-endian with leading zeros. Returns 0 if it is too large for that.
static int write_number(uint8_t *to, size_t octets, const mpz_t number) {
  size_t length = (mpz_sizeinbase(number, 2) + 7) / 8;
  if (mpz_sgn(number) < 0 || length > octets) return 0;
  memset(to, 0, octets);
  mpz_export(to + octets - length, NULL, 1, 1, 1, 0, number);
  return 1;
}

static EC_KEY *make_key(const EC_GROUP *group, size_t octets, const struct ecc_point *point) {
  uint8_t encoded[1 + 2 * LARGEST] = {UNCOMPRESSED_POINT};
  mpz_t x, y;
  mpz_init(x);
  mpz_init(y);
  nettle_ecc_point_get(point, x, y);
  int is_right = write_number(encoded + 1, octets, x) && write_number(encoded + 1 + octets, octets, y);
  mpz_clear(x);
  mpz_clear(y);
  EC_KEY *key = EC_KEY_new();
  EC_POINT *made = EC_POINT_new(group);
  // Refuses what is no point of the curve.
  is_right = is_right && key && made && EC_KEY_set_group(key, group) == 1 &&
             EC_POINT_oct2point(group, made, encoded, 1 + 2 * octets, NULL) == 1 &&
             EC_KEY_set_public_key(key, made) == 1;
  EC_POINT_free(made);
  if (is_right) return key;
  EC_KEY_free(key);
  return NULL;
}

static ECDSA_SIG *make_signature(size_t octets, const struct dsa_signature *signature) {
  uint8_t r[LARGEST], s[LARGEST];
  if (!write_number(r, octets, signature->r) || !write_number(s, octets, signature->s)) return NULL;
  ECDSA_SIG *made = ECDSA_SIG_new();
  if (made == NULL) return NULL;
  ECDSA_SIG_set0(made, BN_bin2bn(r, (int)octets, NULL), BN_bin2bn(s, (int)octets, NULL));
  return made;
}

// Whether `signature` of a digest was made with the key of which `point` is the public part.
int nettle_ecdsa_verify(const struct ecc_point *point, size_t length, const uint8_t *digest,
                        const struct dsa_signature *signature) {
  size_t octets = 0;
  const EC_GROUP *group = group_of(point, &octets);
  if (group == NULL) return of_nettle ? of_nettle(point, length, digest, signature) : 0;
  EC_KEY *key = make_key(group, octets, point);
  ECDSA_SIG *made = key ? make_signature(octets, signature) : NULL;
  int is_right = made && ECDSA_do_verify(digest, (int)length, made, key) == 1;
  ECDSA_SIG_free(made);
  EC_KEY_free(key);
  atomic_fetch_add_explicit(&checks, 1, memory_order_relaxed);
  return is_right;
}

uint64_t ponor_ecdsa_checks(void) { return atomic_load_explicit(&checks, memory_order_relaxed); }

int ponor_crypto_is_in_place(void) {
  return dlsym(RTLD_DEFAULT, "nettle_ecdsa_verify") == (void *)nettle_ecdsa_verify;
}
