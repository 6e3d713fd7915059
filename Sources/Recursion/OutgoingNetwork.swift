// Unsafe: socket calls with C address structures.

import Glibc

/// What the machine lets the resolver use to ask name servers.
enum OutgoingNetwork {
  /// Descriptors left to the rest of the process: listening and TCP sockets, files, the database.
  private static let reservedDescriptors = 512
  /// More sockets than this at once bring nothing (unbound.conf(5), outgoing-range: 4096).
  private static let mostSockets = 4096
  /// Fewer make many clients wait (libunbound's default).
  private static let fewestSockets = 16

  /// UDP sockets one of `threads` threads may have open.
  static func socketsPerThread(_ threads: Int) -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return fewestSockets
    }
    let descriptors = Int(min(limit.rlim_cur, 1 << 20))
    let share = max(descriptors - reservedDescriptors, descriptors / 4) / threads
    // One in 16 is for TCP.
    return min(max(share * 15 / 16, fewestSockets), mostSockets)
  }

  /// Whether there is a route to the IPv6 Internet: connecting a UDP socket finds out without
  /// sending anything.
  static func hasIPv6Route() -> Bool {
    let socket = socket(AF_INET6, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { return false }
    defer { close(socket) }
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = in_port_t(53).bigEndian
    // k.root-servers.net.
    guard inet_pton(AF_INET6, "2001:7fd::1", &address.sin6_addr) == 1 else { return false }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
      }
    }
  }
}
