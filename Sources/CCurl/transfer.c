#define _GNU_SOURCE
#include "transfer.h"

#include <curl/curl.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int ponor_transfer_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 0 : -1; }

void *ponor_transfer_open(void) { return curl_easy_init(); }

void ponor_transfer_close(void *transfer) {
  if (transfer) curl_easy_cleanup(transfer);
}

static int fail(struct ponor_answer *answer, const char *why) {
  if (!answer->error[0]) snprintf(answer->error, sizeof answer->error, "%s", why);
  return -1;
}

// Options of every transfer. The connection itself survives curl_easy_reset.
static void prepare(CURL *curl, const struct ponor_access *access, struct ponor_answer *answer) {
  memset(answer, 0, sizeof *answer);
  curl_easy_reset(curl);
  curl_easy_setopt(curl, CURLOPT_URL, access->url);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, answer->error);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)access->connect_milliseconds);
  if (access->whole_milliseconds > 0)
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)access->whole_milliseconds);
  if (access->ca_file) curl_easy_setopt(curl, CURLOPT_CAINFO, access->ca_file);
  if (access->user) curl_easy_setopt(curl, CURLOPT_USERNAME, access->user);
  if (access->password) curl_easy_setopt(curl, CURLOPT_PASSWORD, access->password);
}

static size_t discard(char *octets, size_t size, size_t count, void *context) {
  (void)octets;
  size_t *total = context;
  *total += size * count;
  // Returning less than was given ends the transfer.
  return *total > PONOR_ANSWER_LIMIT ? 0 : size * count;
}

static void finish(CURL *curl, CURLcode code, struct ponor_answer *answer) {
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  answer->status = (int32_t)status;
  curl_off_t wait = 0;
  if (curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK) answer->retry_after = wait;
  if (code != CURLE_OK) fail(answer, curl_easy_strerror(code));
  // The buffer is the caller's and may be gone when the connection is closed.
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
}

int ponor_transfer_post(void *transfer, const struct ponor_access *access,
                        const char *const *headers, size_t header_count, const void *body,
                        size_t length, struct ponor_answer *answer) {
  CURL *curl = transfer;
  prepare(curl, access, answer);
  struct curl_slist *list = NULL;
  for (size_t i = 0; i < header_count; i++) list = curl_slist_append(list, headers[i]);
  size_t received = 0;
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &received);
  CURLcode code = curl_easy_perform(curl);
  finish(curl, code, answer);
  curl_slist_free_all(list);
  // An answer that was too long, or broke off, is an answer all the same: its status counts.
  if (code == CURLE_WRITE_ERROR && answer->status) return 0;
  return code == CURLE_OK ? 0 : -1;
}

int ponor_transfer_mail(void *transfer, const struct ponor_access *access, int tls,
                        const char *sender, const char *const *recipients, size_t recipient_count,
                        const char *path, struct ponor_answer *answer) {
  CURL *curl = transfer;
  prepare(curl, access, answer);
  FILE *file = fopen(path, "re");
  if (!file) return fail(answer, strerror(errno));
  struct curl_slist *list = NULL;
  for (size_t i = 0; i < recipient_count; i++) list = curl_slist_append(list, recipients[i]);
  size_t received = 0;
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_USE_SSL,
                   tls == 2 ? CURLUSESSL_ALL : tls == 1 ? CURLUSESSL_TRY : CURLUSESSL_NONE);
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, sender);
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, list);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READDATA, file);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &received);
  CURLcode code = curl_easy_perform(curl);
  finish(curl, code, answer);
  curl_slist_free_all(list);
  fclose(file);
  return code == CURLE_OK ? 0 : -1;
}

// MARK: - Streams

int ponor_stream_connect(void *transfer, const struct ponor_access *access,
                         struct ponor_answer *answer) {
  CURL *curl = transfer;
  prepare(curl, access, answer);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
  // A receiver of syslog knows no application protocol negotiation.
  curl_easy_setopt(curl, CURLOPT_SSL_ENABLE_ALPN, 0L);
  curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
  CURLcode code = curl_easy_perform(curl);
  // The buffer is the caller's and may go; later calls report for themselves.
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
  return code == CURLE_OK ? 0 : fail(answer, curl_easy_strerror(code));
}

static int64_t now_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static curl_socket_t active(CURL *curl) {
  curl_socket_t fd = CURL_SOCKET_BAD;
  curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &fd);
  return fd;
}

// Whether the other side has closed, as far as can be known; nothing is expected from it.
static int is_closed(CURL *curl) {
  char octets[512];
  size_t got = 0;
  for (int i = 0; i < 16; i++) {
    CURLcode code = curl_easy_recv(curl, octets, sizeof octets, &got);
    if (code == CURLE_AGAIN) return 0;
    if (code != CURLE_OK || got == 0) return 1;
  }
  return 0;
}

int ponor_stream_send(void *transfer, const void *octets, size_t length, int milliseconds,
                      struct ponor_answer *answer) {
  CURL *curl = transfer;
  memset(answer, 0, sizeof *answer);
  if (is_closed(curl)) return fail(answer, "the receiver has closed the connection");
  int64_t end = now_milliseconds() + milliseconds;
  size_t sent = 0;
  while (sent < length) {
    size_t n = 0;
    CURLcode code = curl_easy_send(curl, (const char *)octets + sent, length - sent, &n);
    sent += n;
    if (code == CURLE_OK) continue;
    if (code != CURLE_AGAIN) return fail(answer, curl_easy_strerror(code));
    int64_t left = end - now_milliseconds();
    struct pollfd wait = {.fd = active(curl), .events = POLLOUT};
    if (left <= 0 || poll(&wait, 1, (int)left) == 0)
      return fail(answer, "the receiver does not read");
  }
  return 0;
}

int ponor_stream_settle(void *transfer, int milliseconds, struct ponor_answer *answer) {
  CURL *curl = transfer;
  memset(answer, 0, sizeof *answer);
  int64_t end = now_milliseconds() + milliseconds;
  for (;;) {
    int waiting = 0;
    // Octets the other side's kernel has not acknowledged yet, tcp(7).
    if (ioctl(active(curl), SIOCOUTQ, &waiting) != 0) return fail(answer, strerror(errno));
    if (is_closed(curl)) return fail(answer, "the receiver has closed the connection");
    if (waiting == 0) return 0;
    if (now_milliseconds() >= end) return fail(answer, "the receiver does not acknowledge");
    poll(NULL, 0, 2);
  }
}

// MARK: - Datagrams

int ponor_datagram_connect(const char *host, const char *port, char *error) {
  struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_ADDRCONFIG};
  struct addrinfo *found = NULL;
  int code = getaddrinfo(host, port, &hints, &found);
  if (code != 0) {
    snprintf(error, PONOR_ERROR_SIZE, "%s", gai_strerror(code));
    return -1;
  }
  int fd = -1;
  for (struct addrinfo *place = found; place && fd < 0; place = place->ai_next) {
    fd = socket(place->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) continue;
    if (connect(fd, place->ai_addr, place->ai_addrlen) != 0) {
      snprintf(error, PONOR_ERROR_SIZE, "%s", strerror(errno));
      close(fd);
      fd = -1;
    }
  }
  freeaddrinfo(found);
  if (fd < 0 && !error[0]) snprintf(error, PONOR_ERROR_SIZE, "%s", "no address");
  return fd;
}
