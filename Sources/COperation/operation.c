#define _GNU_SOURCE
#include "operation.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// ---- Landlock (landlock(7)); the structures are the kernel's, newer than some headers know.

struct rule_set {
  uint64_t files;
  uint64_t network;
  uint64_t scopes;
};

struct path_rule {
  uint64_t access;
  int32_t parent;
} __attribute__((packed));

struct port_rule {
  uint64_t access;
  uint64_t port;
};

enum { RULE_PATH = 1, RULE_PORT = 2, VERSION_QUESTION = 1 };

int ponor_landlock_version(void) {
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_QUESTION);
  return version < 0 ? -errno : (int)version;
}

int ponor_landlock_create(uint64_t files, uint64_t network, uint64_t scopes) {
  struct rule_set rules = {files, network, scopes};
  // Older kernels refuse members they do not know unless they are left out.
  size_t size = scopes ? sizeof rules : network ? 16 : 8;
  long fd = syscall(SYS_landlock_create_ruleset, &rules, size, 0);
  return fd < 0 ? -errno : (int)fd;
}

int ponor_landlock_allow_path(int rules, const char *path, uint64_t access, int *is_directory) {
  // Rights that only mean something for directories, from READ_DIR (bit 3) to REFER (bit 13).
  const uint64_t directory_rights = 0x3FF8;
  int fd = open(path, O_PATH | O_CLOEXEC);
  if (fd < 0) return -errno;
  struct stat status;
  if (fstat(fd, &status) != 0) {
    int reason = errno;
    close(fd);
    return -reason;
  }
  *is_directory = S_ISDIR(status.st_mode);
  if (!*is_directory) access &= ~directory_rights;
  struct path_rule rule = {access, fd};
  long code = syscall(SYS_landlock_add_rule, rules, RULE_PATH, &rule, 0);
  int reason = errno;
  close(fd);
  return code != 0 ? -reason : 0;
}

int ponor_landlock_allow_port(int rules, uint16_t port, uint64_t access) {
  struct port_rule rule = {access, port};
  return syscall(SYS_landlock_add_rule, rules, RULE_PORT, &rule, 0) != 0 ? -errno : 0;
}

int ponor_landlock_enforce(int rules) {
  int code = 0;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) code = -errno;
  if (code == 0 && syscall(SYS_landlock_restrict_self, rules, 0) != 0) code = -errno;
  close(rules);
  return code;
}

// ---- seccomp: what no resolver needs and attackers like.

static const char *const forbidden[] = {
    // Other processes' memory and descriptors.
    "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd",
    "process_madvise", "process_mrelease",
    // The kernel itself.
    "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module",
    "create_module", "bpf", "perf_event_open", "userfaultfd", "lookup_dcookie", "syslog",
    "io_uring_setup", "io_uring_enter", "io_uring_register", "modify_ldt", "iopl", "ioperm",
    "vm86", "vm86old", "nfsservctl", "uselib", "_sysctl",
    // Mounts and roots.
    "mount", "umount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen",
    "fsconfig", "fsmount", "fspick", "mount_setattr", "setns", "name_to_handle_at",
    "open_by_handle_at", "quotactl", "quotactl_fd", "swapon", "swapoff",
    // The machine.
    "reboot", "sethostname", "setdomainname", "settimeofday", "clock_settime", "clock_settime64",
    "clock_adjtime", "adjtimex", "stime", "acct", "vhangup", "personality",
    // Keys, and pages that outlive a process.
    "add_key", "request_key", "keyctl", "mbind", "migrate_pages", "move_pages",
};

int ponor_seccomp_count(void) { return (int)(sizeof forbidden / sizeof forbidden[0]); }

static int add_rules(scmp_filter_ctx filter) {
  for (int i = 0; i < ponor_seccomp_count(); i++) {
    int number = seccomp_syscall_resolve_name(forbidden[i]);
    // Not on this architecture, or newer than the library.
    if (number == __NR_SCMP_ERROR || number < 0) continue;
    int code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0);
    if (code != 0) return code;
  }
  // The generation process may leave the network; nobody may make user namespaces, which open
  // much of the kernel to processes without privileges.
  int code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(unshare), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER));
  if (code != 0) return code;
  code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                          SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER));
  if (code != 0) return code;
  // clone3 passes its flags in memory, where no filter sees them; the C library then uses clone.
  return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

int ponor_seccomp_enforce(void) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == NULL) return -ENOMEM;
  int code = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
  if (code == 0) code = add_rules(filter);
  if (code == 0) code = seccomp_load(filter);
  seccomp_release(filter);
  return code;
}

// ---- Giving up root.

int ponor_become(const char *name, uid_t user, gid_t group) {
  // glibc carries each of these to all threads (nptl(7)).
  if (initgroups(name, group) != 0) return -errno;
  if (setresgid(group, group, group) != 0) return -errno;
  if (setresuid(user, user, user) != 0) return -errno;
  // It must not be possible to go back.
  if (user != 0 && setuid(0) == 0) return -EPERM;
  return 0;
}

int ponor_keep_capabilities(void) { return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0 ? -errno : 0; }

int ponor_reduce_capabilities(int keep_binding) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  memset(data, 0, sizeof data);
  if (keep_binding) {
    data[0].permitted = 1U << CAP_NET_BIND_SERVICE;
    data[0].effective = 1U << CAP_NET_BIND_SERVICE;
  }
  return syscall(SYS_capset, &header, data) != 0 ? -errno : 0;
}

int ponor_try_ptrace(pid_t process) {
  if (ptrace(PTRACE_SEIZE, process, 0, 0) != 0) return -errno;
  ptrace(PTRACE_DETACH, process, 0, 0);
  return 0;
}

int ponor_try_user_namespace(void) { return unshare(CLONE_NEWUSER) != 0 ? -errno : 0; }
