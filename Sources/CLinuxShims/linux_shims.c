#define _GNU_SOURCE
#include "linux_shims.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct ponor_batch {
  struct mmsghdr received[PONOR_BATCH];
  struct mmsghdr replies[PONOR_BATCH];
  struct iovec query_parts[PONOR_BATCH];
  struct iovec reply_parts[PONOR_BATCH];
  struct sockaddr_in6 senders[PONOR_BATCH];
  size_t reply_lengths[PONOR_BATCH];
  uint8_t queries[PONOR_BATCH][PONOR_QUERY_OCTETS];
  uint8_t reply_octets[PONOR_BATCH][PONOR_REPLY_OCTETS];
};

struct ponor_batch *ponor_batch_create(void) {
  struct ponor_batch *batch = calloc(1, sizeof *batch);
  if (batch == NULL) return NULL;
  for (int i = 0; i < PONOR_BATCH; i++) {
    batch->query_parts[i].iov_base = batch->queries[i];
    batch->query_parts[i].iov_len = PONOR_QUERY_OCTETS;
    batch->received[i].msg_hdr.msg_iov = &batch->query_parts[i];
    batch->received[i].msg_hdr.msg_iovlen = 1;
    batch->received[i].msg_hdr.msg_name = &batch->senders[i];
  }
  return batch;
}

void ponor_batch_destroy(struct ponor_batch *batch) { free(batch); }

int ponor_watch_open(const int *fds, int count) {
  int watch = epoll_create1(EPOLL_CLOEXEC);
  if (watch < 0) return -errno;
  for (int i = 0; i < count; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
    if (epoll_ctl(watch, EPOLL_CTL_ADD, fds[i], &event) != 0) {
      int reason = errno;
      close(watch);
      return -reason;
    }
  }
  return watch;
}

int ponor_watch_wait(int watch, int32_t *ready, int timeout_ms) {
  struct epoll_event events[PONOR_READY];
  int count = epoll_wait(watch, events, PONOR_READY, timeout_ms);
  for (int i = 0; i < count; i++) ready[i] = (int32_t)events[i].data.u32;
  return count < 0 ? 0 : count;
}

void ponor_watch_close(int watch) { close(watch); }

int ponor_batch_receive(struct ponor_batch *batch, int fd, int wait) {
  for (int i = 0; i < PONOR_BATCH; i++) {
    batch->received[i].msg_hdr.msg_namelen = sizeof batch->senders[i];
    batch->reply_lengths[i] = 0;
  }
  int count = recvmmsg(fd, batch->received, PONOR_BATCH, wait ? MSG_WAITFORONE : MSG_DONTWAIT, NULL);
  return count < 0 ? -errno : count;
}

const uint8_t *ponor_batch_query(const struct ponor_batch *batch, int index, size_t *length) {
  *length = batch->received[index].msg_len;
  return batch->queries[index];
}

static uint64_t big_endian_64(const uint8_t *octets) {
  uint64_t value;
  memcpy(&value, octets, sizeof value);
  return __builtin_bswap64(value);
}

static void read_address(const struct sockaddr_in6 *six, uint64_t *high, uint64_t *low,
                         uint16_t *port) {
  if (six->sin6_family == AF_INET) {
    const struct sockaddr_in *four = (const struct sockaddr_in *)six;
    *high = 0;
    *low = 0x0000ffff00000000ULL | ntohl(four->sin_addr.s_addr);
    *port = ntohs(four->sin_port);
  } else {
    *high = big_endian_64(six->sin6_addr.s6_addr);
    *low = big_endian_64(six->sin6_addr.s6_addr + 8);
    *port = ntohs(six->sin6_port);
  }
}

void ponor_batch_sender(const struct ponor_batch *batch, int index, uint64_t *high, uint64_t *low,
                        uint16_t *port) {
  read_address(&batch->senders[index], high, low, port);
}

uint8_t *ponor_batch_reply(struct ponor_batch *batch, int index) {
  return batch->reply_octets[index];
}

void ponor_batch_set_reply(struct ponor_batch *batch, int index, size_t length) {
  batch->reply_lengths[index] = length;
}

int ponor_batch_send(struct ponor_batch *batch, int fd, int count) {
  int ready = 0;
  for (int i = 0; i < count; i++) {
    if (batch->reply_lengths[i] == 0) continue;
    struct msghdr *header = &batch->replies[ready].msg_hdr;
    batch->reply_parts[ready].iov_base = batch->reply_octets[i];
    batch->reply_parts[ready].iov_len = batch->reply_lengths[i];
    header->msg_iov = &batch->reply_parts[ready];
    header->msg_iovlen = 1;
    header->msg_name = &batch->senders[i];
    header->msg_namelen = batch->received[i].msg_hdr.msg_namelen;
    ready++;
  }
  int sent = 0;
  int failed = 0;
  while (sent < ready) {
    int taken = sendmmsg(fd, batch->replies + sent, ready - sent, 0);
    if (taken > 0) {
      sent += taken;
    } else if (errno != EINTR) {
      // One unreachable receiver must not hold up the others: skip that datagram.
      failed++;
      sent++;
    }
  }
  return failed;
}

static socklen_t fill_address(struct sockaddr_in6 *address, uint64_t high, uint64_t low,
                              uint16_t port, int ipv6_socket) {
  memset(address, 0, sizeof *address);
  if (high == 0 && (low >> 32) == 0xffff && !ipv6_socket) {
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    four->sin_addr.s_addr = htonl((uint32_t)low);
    return sizeof *four;
  }
  address->sin6_family = AF_INET6;
  address->sin6_port = htons(port);
  uint64_t halves[2] = {__builtin_bswap64(high), __builtin_bswap64(low)};
  memcpy(&address->sin6_addr, halves, sizeof halves);
  return sizeof *address;
}

int ponor_send_datagram(int fd, uint64_t high, uint64_t low, uint16_t port, const uint8_t *octets,
                        size_t length, int ipv6_socket) {
  struct sockaddr_in6 address;
  socklen_t size = fill_address(&address, high, low, port, ipv6_socket);
  ssize_t sent =
      sendto(fd, octets, length, MSG_DONTWAIT, (const struct sockaddr *)&address, size);
  return sent < 0 ? -errno : 0;
}

int ponor_open_udp(uint64_t high, uint64_t low, uint16_t port, int receive_timeout_ms,
                   int buffer_octets) {
  struct sockaddr_in6 address;
  socklen_t size = fill_address(&address, high, low, port, 0);
  int fd = socket(address.sin6_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  ponor_prepare_udp(fd, receive_timeout_ms, buffer_octets);
  if (address.sin6_family == AF_INET6)
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (bind(fd, (const struct sockaddr *)&address, size) != 0) {
    int reason = errno;
    close(fd);
    return -reason;
  }
  return fd;
}

static void raise_buffer(int fd, int option, int forced, int octets) {
  int now = 0;
  socklen_t size = sizeof now;
  // The kernel reports twice what was asked for (socket(7)); whoever gave more is not cut back.
  if (getsockopt(fd, SOL_SOCKET, option, &now, &size) == 0 && now / 2 >= octets) return;
  // Beyond net.core.rmem_max it takes privileges.
  if (setsockopt(fd, SOL_SOCKET, forced, &octets, sizeof octets) != 0 && now / 2 < octets)
    setsockopt(fd, SOL_SOCKET, option, &octets, sizeof octets);
}

void ponor_prepare_udp(int fd, int receive_timeout_ms, int buffer_octets) {
  struct timeval timeout = {receive_timeout_ms / 1000, (receive_timeout_ms % 1000) * 1000};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  raise_buffer(fd, SO_RCVBUF, SO_RCVBUFFORCE, buffer_octets);
  raise_buffer(fd, SO_SNDBUF, SO_SNDBUFFORCE, buffer_octets);
  // A service manager hands sockets over in non-blocking mode; a worker waits in the receive call.
  int flags = fcntl(fd, F_GETFL);
  if (flags >= 0) fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
}

int ponor_open_tcp(uint64_t high, uint64_t low, uint16_t port) {
  struct sockaddr_in6 address;
  socklen_t size = fill_address(&address, high, low, port, 0);
  int fd = socket(address.sin6_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address.sin6_family == AF_INET6)
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (bind(fd, (const struct sockaddr *)&address, size) != 0) {
    int reason = errno;
    close(fd);
    return -reason;
  }
  return fd;
}

int ponor_describe_socket(int fd, int *type, uint64_t *high, uint64_t *low, uint16_t *port) {
  struct sockaddr_in6 address;
  socklen_t size = sizeof address;
  socklen_t type_size = sizeof *type;
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, type, &type_size) != 0) return -errno;
  if (getsockname(fd, (struct sockaddr *)&address, &size) != 0) return -errno;
  if (address.sin6_family != AF_INET && address.sin6_family != AF_INET6) return -EAFNOSUPPORT;
  read_address(&address, high, low, port);
  return 0;
}

int ponor_duplicate(int fd) {
  int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  return copy < 0 ? -errno : copy;
}

int ponor_bound_port(int fd) {
  struct sockaddr_in6 address;
  socklen_t size = sizeof address;
  if (getsockname(fd, (struct sockaddr *)&address, &size) != 0) return -errno;
  // Both families keep the port at the same place.
  return ntohs(address.sin6_port);
}

int ponor_pin_thread(int number) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return -errno;
  int count = CPU_COUNT(&allowed);
  if (count == 0) return -EINVAL;
  int wanted = number % count;
  for (int processor = 0; processor < CPU_SETSIZE; processor++) {
    if (!CPU_ISSET(processor, &allowed) || wanted-- > 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    return -pthread_setaffinity_np(pthread_self(), sizeof one, &one);
  }
  return -EINVAL;
}

int64_t ponor_monotonic_microseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

void ponor_sleep_microseconds(int64_t microseconds) {
  static __thread int is_precise = 0;
  if (!is_precise) {
    prctl(PR_SET_TIMERSLACK, 1000UL, 0, 0, 0);
    is_precise = 1;
  }
  struct timespec time = {microseconds / 1000000, (microseconds % 1000000) * 1000};
  nanosleep(&time, NULL);
}

int ponor_leave_network(void) { return unshare(CLONE_NEWNET) == 0 ? 0 : -errno; }

void ponor_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

void ponor_keep_memory(int kept, int growth) {
  mallopt(M_TRIM_THRESHOLD, kept);
  mallopt(M_TOP_PAD, growth);
}
