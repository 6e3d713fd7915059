import Glibc

/// Sockets that the product has no use for: an HTTP request over TCP, dead and silent listeners.
enum HTTPProbe {
  struct Failure: Error {
    var call: String
    var code: CInt
  }

  /// The status of one request to a loopback port.
  static func status(port: Int, _ method: String, _ path: String) throws -> Int? {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var time = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, 16) }
    }
    guard connected == 0 else { throw Failure(call: "connect", code: errno) }
    let text = "\(method) \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    let request = Array("\(text)Content-Length: 0\r\n\r\n".utf8)
    guard send(descriptor, request, request.count, CInt(MSG_NOSIGNAL)) == request.count else {
      throw Failure(call: "send", code: errno)
    }
    var head = [UInt8](repeating: 0, count: 16)
    let count = recv(descriptor, &head, head.count, CInt(MSG_WAITALL))
    guard count == head.count else { throw Failure(call: "recv", code: errno) }
    return Int(String(decoding: head[9..<12], as: UTF8.self))
  }

  /// A listening UNIX socket that nobody serves.
  static func listen(_ path: String) throws -> CInt {
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0, Glibc.listen(descriptor, 1) == 0 else {
      throw Failure(call: "bind", code: errno)
    }
    return descriptor
  }

  /// A socket file as a killed server leaves it.
  static func leaveDeadSocket(_ path: String) throws {
    close(try listen(path))
  }
}
