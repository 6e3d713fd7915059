#ifndef PONOR_CCURL_TRANSFER_H
#define PONOR_CCURL_TRANSFER_H
// What deliveries need of libcurl, whose own functions take any arguments and so cannot be called
// from Swift: posting a body, sending a mail, and a plain or TLS stream.

#include <stddef.h>
#include <stdint.h>

enum {
  // Most octets of an answer that are read; whoever sends more has not understood the question.
  PONOR_ANSWER_LIMIT = 65536,
  PONOR_ERROR_SIZE = 256,
};

// How a server is reached. Strings may be NULL.
struct ponor_access {
  const char *url;
  const char *user;
  const char *password;
  // File of certificates that are trusted instead of the system's.
  const char *ca_file;
  // Longest wait for a connection, and for the whole transfer.
  int32_t connect_milliseconds;
  int32_t whole_milliseconds;
};

struct ponor_answer {
  // Status of HTTP, or reply code of SMTP; 0 = none came.
  int32_t status;
  // Seconds the server asks to wait; 0 = it does not say.
  int64_t retry_after;
  // Why it failed, "" = it did not.
  char error[PONOR_ERROR_SIZE];
};

// To be called once before anything else, while there is one thread.
int ponor_transfer_start(void);

// A connection that is kept between transfers; NULL = no memory.
void *ponor_transfer_open(void);
void ponor_transfer_close(void *transfer);

// POST of a body. Returns 0 when an answer came, whatever it is.
int ponor_transfer_post(void *transfer, const struct ponor_access *access,
                        const char *const *headers, size_t header_count, const void *body,
                        size_t length, struct ponor_answer *answer);

// A mail that stands in a file. Returns 0 when the server took it.
// `tls`: 0 = never, 1 = if the server offers it, 2 = or not at all.
int ponor_transfer_mail(void *transfer, const struct ponor_access *access, int tls,
                        const char *sender, const char *const *recipients, size_t recipient_count,
                        const char *path, struct ponor_answer *answer);

// Connects a stream (http = plain, https = TLS); the URL's path is not used.
int ponor_stream_connect(void *transfer, const struct ponor_access *access,
                         struct ponor_answer *answer);
// Sends all octets, or fails within the time.
int ponor_stream_send(void *transfer, const void *octets, size_t length, int milliseconds,
                      struct ponor_answer *answer);
// Waits until the other side's kernel has all octets; fails when it has not within the time, or
// when the other side has closed.
int ponor_stream_settle(void *transfer, int milliseconds, struct ponor_answer *answer);

// A UDP socket connected to a host and port; -1 with `error` set.
int ponor_datagram_connect(const char *host, const char *port, char *error);

#endif
