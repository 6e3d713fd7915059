package import DNSServer
import Glibc

/// The sockets a service manager opened for the server (sd_listen_fds(3)).
package enum ServiceSockets {
  /// Number of the first one, fixed by the protocol.
  private static let first: Int32 = 3
  /// More than any unit has; a larger number is no sane environment.
  private static let most: Int32 = 1024

  /// Takes the sockets, and takes `LISTEN_FDS` and its companions out of the environment.
  ///
  /// - Returns: none when there are none, or they are meant for another process.
  /// - Throws: `InheritedSocketError` for what is no DNS socket.
  package static func take() throws(InheritedSocketError) -> [InheritedSocket] {
    defer { for name in ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"] { unsetenv(name) } }
    guard number("LISTEN_PID").map({ $0 == getpid() }) ?? false,
      let count = number("LISTEN_FDS"), (1...most).contains(count)
    else { return [] }
    var sockets: [InheritedSocket] = []
    for descriptor in first..<(first + count) {
      // Child processes must not inherit them.
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      sockets.append(try InheritedSocket(owning: descriptor))
    }
    return sockets
  }

  private static func number(_ name: String) -> Int32? {
    getenv(name).flatMap { Int32(String(cString: $0)) }
  }
}
