import Glibc

/// The few calls on UNIX stream sockets that client and server share.
///
/// Unsafe because `sockaddr_un` is filled and passed by pointer; nothing of it leaves this file.
enum UnixSocket {
  /// Longest path the kernel takes, without its final zero (`sun_path`, unix(7)).
  static let pathOctets = 107

  /// Connects to the socket at `path`.
  ///
  /// - Returns: the descriptor.
  /// - Throws: `ControlError.system` with the error number of the call that failed.
  static func connect(_ path: String, timeoutSeconds: Int) throws(ControlError) -> CInt {
    guard path.utf8.count <= pathOctets else { throw .pathTooLong(path) }
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .system("socket", path, errno) }
    setTimeouts(descriptor, seconds: timeoutSeconds)
    guard connect(descriptor, path) == 0 else {
      let code = errno
      close(descriptor)
      throw .system("connect", path, code)
    }
    return descriptor
  }

  private static func setTimeouts(_ descriptor: CInt, seconds: Int) {
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
  }

  private static func connect(_ descriptor: CInt, _ path: String) -> CInt {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
