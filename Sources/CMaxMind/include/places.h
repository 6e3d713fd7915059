#ifndef PONOR_CMAXMIND_PLACES_H
#define PONOR_CMAXMIND_PLACES_H
// What is read of an MMDB file: libmaxminddb gives values as a union that Swift cannot see.

#include <stddef.h>
#include <stdint.h>

enum { PONOR_PLACE_SIZE = 128 };

struct ponor_place {
  // 0 = not known.
  uint32_t asn;
  // UTF-8, "" = not known, cut off at PONOR_PLACE_SIZE - 1 octets between characters.
  char as_name[PONOR_PLACE_SIZE];
  char country[PONOR_PLACE_SIZE];
  char city[PONOR_PLACE_SIZE];
};

// Opens a file; NULL with a reason in `error` (256 octets).
void *ponor_places_open(const char *path, char *error);
void ponor_places_close(void *places);
// Looks up an address of 4 or 16 octets; fills in what the file knows and leaves the rest. 0 or -1.
int ponor_places_find(void *places, const uint8_t *address, size_t length, struct ponor_place *place);

#endif
