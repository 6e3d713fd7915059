#define _GNU_SOURCE
#include "places.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void *ponor_places_open(const char *path, char *error) {
  MMDB_s *database = calloc(1, sizeof *database);
  if (!database) return NULL;
  int code = MMDB_open(path, MMDB_MODE_MMAP, database);
  if (code != MMDB_SUCCESS) {
    snprintf(error, 256, "%s", MMDB_strerror(code));
    free(database);
    return NULL;
  }
  return database;
}

void ponor_places_close(void *places) {
  if (!places) return;
  MMDB_close(places);
  free(places);
}

static void text(MMDB_entry_s *entry, char *target, const char *const *path) {
  MMDB_entry_data_s data;
  if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data) return;
  if (data.type != MMDB_DATA_TYPE_UTF8_STRING) return;
  size_t length = data.data_size;
  if (length > PONOR_PLACE_SIZE - 1) {
    length = PONOR_PLACE_SIZE - 1;
    // Not within a character: continuation octets are 10xxxxxx.
    while (length > 0 && ((unsigned char)data.utf8_string[length] & 0xC0) == 0x80) length--;
  }
  memcpy(target, data.utf8_string, length);
  target[length] = 0;
}

int ponor_places_find(void *places, const uint8_t *address, size_t length,
                      struct ponor_place *place) {
  struct sockaddr_in ipv4 = {.sin_family = AF_INET};
  struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};
  const struct sockaddr *socket = (const struct sockaddr *)&ipv4;
  if (length == 4) {
    memcpy(&ipv4.sin_addr, address, 4);
  } else if (length == 16) {
    memcpy(&ipv6.sin6_addr, address, 16);
    socket = (const struct sockaddr *)&ipv6;
  } else {
    return -1;
  }
  int code = MMDB_SUCCESS;
  MMDB_lookup_result_s found = MMDB_lookup_sockaddr(places, socket, &code);
  if (code != MMDB_SUCCESS) return -1;
  if (!found.found_entry) return 0;
  MMDB_entry_data_s data;
  const char *const number[] = {"autonomous_system_number", NULL};
  if (MMDB_aget_value(&found.entry, &data, number) == MMDB_SUCCESS && data.has_data) {
    // Some writers take the smallest type a number fits.
    if (data.type == MMDB_DATA_TYPE_UINT32) place->asn = data.uint32;
    if (data.type == MMDB_DATA_TYPE_UINT16) place->asn = data.uint16;
  }
  text(&found.entry, place->as_name,
       (const char *const[]){"autonomous_system_organization", NULL});
  text(&found.entry, place->country, (const char *const[]){"country", "iso_code", NULL});
  text(&found.entry, place->city, (const char *const[]){"city", "names", "en", NULL});
  return 0;
}
