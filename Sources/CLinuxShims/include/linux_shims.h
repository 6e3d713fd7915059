#ifndef PONOR_LINUX_SHIMS_H
#define PONOR_LINUX_SHIMS_H
// Linux calls that Swift's Glibc module does not show: recvmmsg and sendmmsg need _GNU_SOURCE.
// The batch structures live here so that no Swift code has to lay out msghdr arrays by hand.

#include <stdint.h>
#include <stddef.h>

enum {
  // Datagrams handled per system call; more brings nothing measurable on loopback or 10GbE.
  PONOR_BATCH = 64,
  // Largest query taken: queries are small, but EDNS padding and cookies need some room.
  PONOR_QUERY_OCTETS = 4096,
  // Largest UDP answer: the configured EDNS size never exceeds it.
  PONOR_REPLY_OCTETS = 4096,
  // Sockets that one wait reports.
  PONOR_READY = 64,
};

// Buffers for one batch of datagrams; allocated once per worker.
struct ponor_batch;

struct ponor_batch *ponor_batch_create(void);
void ponor_batch_destroy(struct ponor_batch *batch);

// Takes what is there; with `wait`, waits for at least one datagram or the socket's receive
// time-out. Returns the number received, or -errno.
int ponor_batch_receive(struct ponor_batch *batch, int fd, int wait);
// A descriptor (epoll(7)) that watches for datagrams on any number of sockets, or -errno.
int ponor_watch_open(const int *fds, int count);
// Waits until a watched socket can be read; puts the places of up to PONOR_READY of those that can
// into `ready`, which has to have room for them. Those left out come first the next time. Returns
// their number, 0 after the time-out.
int ponor_watch_wait(int watch, int32_t *ready, int timeout_ms);
void ponor_watch_close(int watch);

const uint8_t *ponor_batch_query(const struct ponor_batch *batch, int index, size_t *length);
// The sender as 16 octets (IPv4 mapped) in two big-endian halves, and its port.
void ponor_batch_sender(const struct ponor_batch *batch, int index, uint64_t *high, uint64_t *low,
                        uint16_t *port);
// Where the reply to query `index` is written: PONOR_REPLY_OCTETS octets.
uint8_t *ponor_batch_reply(struct ponor_batch *batch, int index);
// Length of the reply; 0 = nothing is sent.
void ponor_batch_set_reply(struct ponor_batch *batch, int index, size_t length);
// Sends all replies. Returns how many the kernel did not take.
int ponor_batch_send(struct ponor_batch *batch, int fd, int count);

// Sends one datagram without blocking. Returns 0 or -errno.
int ponor_send_datagram(int fd, uint64_t high, uint64_t low, uint16_t port, const uint8_t *octets,
                        size_t length, int ipv6_socket);
// Opens a bound UDP socket with SO_REUSEPORT. Returns the descriptor or -errno.
int ponor_open_udp(uint64_t high, uint64_t low, uint16_t port, int receive_timeout_ms,
                   int buffer_octets);
// Opens a bound TCP socket with SO_REUSEADDR that does not listen yet. Returns it or -errno.
int ponor_open_tcp(uint64_t high, uint64_t low, uint16_t port);
// Gives a bound UDP socket that somebody else opened our time-out and buffers.
void ponor_prepare_udp(int fd, int receive_timeout_ms, int buffer_octets);
// Where an IPv4 or IPv6 socket is bound, and its type (SOCK_STREAM, SOCK_DGRAM). Returns 0 or -errno.
int ponor_describe_socket(int fd, int *type, uint64_t *high, uint64_t *low, uint16_t *port);
// Another descriptor of the same open socket, closed on exec. Returns it or -errno.
int ponor_duplicate(int fd);
// The port a socket is bound to, or -errno.
int ponor_bound_port(int fd);
// Ties the calling thread to the n-th processor it is allowed to use. Returns 0 or -errno.
int ponor_pin_thread(int processor);
// The monotonic clock, and a sleep that is not stretched by the timer slack of 50 microseconds.
int64_t ponor_monotonic_microseconds(void);
void ponor_sleep_microseconds(int64_t microseconds);
// Moves the process into a network namespace of its own. Returns 0 or -errno.
int ponor_leave_network(void);
// Names the calling thread (up to 15 octets).
void ponor_name_thread(const char *name);

// Sets how much free memory heaps keep and by how much they grow (mallopt(3)), octets.
void ponor_keep_memory(int kept, int growth);

#endif
