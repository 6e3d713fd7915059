/* Only the headers that parsing a record needs: <ldns/ldns.h> would pull in OpenSSL's headers. */
#include <ldns/error.h>
#include <ldns/rdata.h>
#include <ldns/rr.h>
#include <ldns/sha1.h>
#include <ldns/sha2.h>
// The oracle of the wire-format tests reads and prints whole messages.
#include <ldns/packet.h>
#include <ldns/wire2host.h>
/* From host2str.h and host2wire.h, which need OpenSSL's headers. */
char *ldns_rr2str(const ldns_rr *rr);
ldns_status ldns_rr2wire(uint8_t **dest, const ldns_rr *rr, int section, size_t *size);
