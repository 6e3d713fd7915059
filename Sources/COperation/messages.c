#define _GNU_SOURCE
#include "operation.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int unix_address(struct sockaddr_un *address, socklen_t *size, const char *path) {
  size_t length = strlen(path);
  if (length == 0 || length >= sizeof address->sun_path) return -ENAMETOOLONG;
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, path, length);
  *size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
  // An abstract name begins with a zero and has no final one (unix(7)); a path has one.
  if (path[0] == '@') address->sun_path[0] = 0; else *size += 1;
  return 0;
}

static void set_patience(int fd, int seconds) {
  struct timeval time = {seconds, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

static int fail(int fd) {
  int reason = errno;
  close(fd);
  return -reason;
}

int ponor_listen_unix(const char *path) {
  struct sockaddr_un address;
  socklen_t size;
  int code = unix_address(&address, &size, path);
  if (code != 0) return code;
  int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  // Linux makes the file with the mode the unbound socket has: nobody can slip in before a chmod.
  if (fchmod(fd, 0600) != 0) return fail(fd);
  if (bind(fd, (const struct sockaddr *)&address, size) != 0) return fail(fd);
  if (listen(fd, 1) != 0) return fail(fd);
  return fd;
}

int ponor_connect_unix(const char *path, int seconds) {
  struct sockaddr_un address;
  socklen_t size;
  int code = unix_address(&address, &size, path);
  if (code != 0) return code;
  int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  set_patience(fd, seconds);
  if (connect(fd, (const struct sockaddr *)&address, size) != 0) return fail(fd);
  return fd;
}

int ponor_accept_unix(int fd, int milliseconds, int seconds) {
  struct pollfd polled = {.fd = fd, .events = POLLIN};
  int ready = poll(&polled, 1, milliseconds);
  if (ready <= 0) return ready < 0 && errno != EINTR ? -errno : 0;
  int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
  if (peer < 0) return errno == EAGAIN || errno == ECONNABORTED ? 0 : -errno;
  set_patience(peer, seconds);
  return peer;
}

int ponor_peer_user(int fd, uid_t *user) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return -errno;
  *user = peer.uid;
  return 0;
}

union control {
  struct cmsghdr header;
  char room[CMSG_SPACE(PONOR_DESCRIPTORS * sizeof(int))];
};

int ponor_send_message(int fd, const uint8_t *octets, size_t length, const int *fds, int count) {
  union control control = {0};
  struct iovec part = {(void *)octets, length};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (count < 0 || count > PONOR_DESCRIPTORS) return -EINVAL;
  if (count > 0) {
    message.msg_control = control.room;
    message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), fds, count * sizeof(int));
  }
  ssize_t sent;
  do sent = sendmsg(fd, &message, MSG_NOSIGNAL); while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : 0;
}

int ponor_receive_message(int fd, uint8_t *octets, size_t room, int *fds, int *count) {
  union control control = {0};
  struct iovec part = {octets, room};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1,
                           .msg_control = control.room, .msg_controllen = sizeof control.room};
  *count = 0;
  ssize_t received;
  do received = recvmsg(fd, &message, MSG_CMSG_CLOEXEC); while (received < 0 && errno == EINTR);
  if (received < 0) return -errno;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    int found = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    for (int i = 0; i < found && *count < PONOR_DESCRIPTORS; i++)
      memcpy(&fds[(*count)++], CMSG_DATA(header) + i * sizeof(int), sizeof(int));
  }
  if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
    for (int i = 0; i < *count; i++) close(fds[i]);
    *count = 0;
    return -EMSGSIZE;
  }
  return (int)received;
}

int ponor_notify(const char *path, const char *message, size_t length) {
  struct sockaddr_un address;
  socklen_t size;
  int code = unix_address(&address, &size, path);
  if (code != 0) return code;
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  ssize_t sent = sendto(fd, message, length, MSG_NOSIGNAL | MSG_DONTWAIT,
                        (const struct sockaddr *)&address, size);
  code = sent < 0 ? -errno : 0;
  close(fd);
  return code;
}
