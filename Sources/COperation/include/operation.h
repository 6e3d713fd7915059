#ifndef PONOR_OPERATION_H
#define PONOR_OPERATION_H
// Linux calls for running as a service: passing descriptors, Landlock, seccomp, giving up root.
// All return 0 or a positive result, or -errno.

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
  // Most descriptors in one message; the kernel takes 253 (SCM_MAX_FD, unix(7)).
  PONOR_DESCRIPTORS = 64,
};

// A bound and listening UNIX seqpacket socket that only its owner may connect to.
int ponor_listen_unix(const char *path);
// Connects to one. Receiving and sending give up after `seconds`.
int ponor_connect_unix(const char *path, int seconds);
// Waits up to `milliseconds` for a connection; 0 = none came.
int ponor_accept_unix(int fd, int milliseconds, int seconds);
// The user at the other end.
int ponor_peer_user(int fd, uid_t *user);
// Sends one message with descriptors.
int ponor_send_message(int fd, const uint8_t *octets, size_t length, const int *fds, int count);
// Receives one message; returns its length, 0 at the end. `fds` has room for PONOR_DESCRIPTORS.
int ponor_receive_message(int fd, uint8_t *octets, size_t room, int *fds, int *count);
// Sends one datagram to a UNIX address; a leading @ stands for an abstract one.
int ponor_notify(const char *address, const char *message, size_t length);

// Version of Landlock's interface the kernel has.
int ponor_landlock_version(void);
// A rule set that forbids everything in the two sets; returns its descriptor.
int ponor_landlock_create(uint64_t files, uint64_t network, uint64_t scopes);
// Allows access below a path.
int ponor_landlock_allow_path(int rules, const char *path, uint64_t access, int *is_directory);
// Allows access to a TCP port.
int ponor_landlock_allow_port(int rules, uint16_t port, uint64_t access);
// Puts the calling thread and its future children under the rules, and closes them.
int ponor_landlock_enforce(int rules);
// Forbids the system calls of the list in operation.c to all threads of the process.
int ponor_seccomp_enforce(void);
// How many system calls that list has.
int ponor_seccomp_count(void);

// Gives up root for a user and group in all threads.
int ponor_become(const char *name, uid_t user, gid_t group);
// Has the calling thread keep its capabilities through `ponor_become`.
int ponor_keep_capabilities(void);
// Reduces the calling thread to CAP_NET_BIND_SERVICE, or to nothing.
int ponor_reduce_capabilities(int keep_binding);
// Tries to trace a process, as malware in our place would.
int ponor_try_ptrace(pid_t process);

// Tries to make a user namespace.
int ponor_try_user_namespace(void);

#endif
