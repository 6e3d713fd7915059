import Addressing
import Glibc

/// A blocking TCP client whose reads give up after ten seconds.
final class TestClient {
  private let descriptor: CInt

  /// Connects to a loopback endpoint, from another loopback address if wanted.
  init(_ endpoint: SocketEndpoint, from source: String? = nil, receiveBuffer: CInt? = nil) throws {
    let family = endpoint.address.isIPv4 ? AF_INET : AF_INET6
    descriptor = socket(family, CInt(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
    var time = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    if var receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4)
    }
    if let source, let address = IPAddress(source) {
      try call("bind", SocketEndpoint(address: address, port: 0), bind)
    }
    try call("connect", endpoint, connect)
  }

  deinit { Glibc.close(descriptor) }

  struct Failure: Error {
    var call: String
    var code: CInt
  }

  private func call(
    _ name: String, _ endpoint: SocketEndpoint,
    _ function: (CInt, UnsafePointer<sockaddr>, socklen_t) -> CInt
  ) throws {
    let result = Self.withAddress(endpoint) { function(descriptor, $0, $1) }
    guard result == 0 else { throw Failure(call: name, code: errno) }
  }

  private static func withAddress(
    _ endpoint: SocketEndpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
  ) -> CInt {
    if let bits = endpoint.address.ipv4 {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = endpoint.port.bigEndian
      address.sin_addr.s_addr = bits.bigEndian
      return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, 16) }
      }
    }
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = endpoint.port.bigEndian
    withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: endpoint.address.octets) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, 28) }
    }
  }

  /// The port the system chose on this side.
  var localPort: UInt16 {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &size)
      }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  /// Sends octets as they are; false if the server has closed.
  @discardableResult
  func send(_ octets: [UInt8]) -> Bool {
    var sent = 0
    while sent < octets.count {
      let count = octets[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Sends one framed query.
  func ask(_ id: UInt16, _ order: Order = .echo) { send(Self.query(id, order)) }

  static func query(_ id: UInt16, _ order: Order = .echo) -> [UInt8] {
    let header: [UInt8] = [UInt8(id >> 8), UInt8(id & 0xFF), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    return Frames.frame(header + [order.rawValue])
  }

  /// The next framed answer, nil at the end of the connection.
  func answer() -> [UInt8]? {
    guard let length = receive(2) else { return nil }
    return receive(Int(length[0]) << 8 | Int(length[1]))
  }

  /// The ID of the next answer, nil at the end of the connection.
  func answerID() -> UInt16? {
    guard let message = answer(), message.count >= 12, message[2] & 0x80 != 0 else { return nil }
    return UInt16(message[0]) << 8 | UInt16(message[1])
  }

  /// Whether the server closed without another octet.
  func isAtEnd() -> Bool {
    var octet: UInt8 = 0
    let count = recv(descriptor, &octet, 1, 0)
    return count == 0 || (count < 0 && errno == ECONNRESET)
  }

  /// As `isAtEnd`, but leaves the thread to others meanwhile: for tests whose own tasks have to run
  /// before the server closes.
  func reachesEnd() async -> Bool {
    for _ in 0..<12_000 {
      var octet: UInt8 = 0
      let count = recv(descriptor, &octet, 1, CInt(MSG_DONTWAIT))
      guard count < 0, errno == EAGAIN else {
        return count == 0 || (count < 0 && errno == ECONNRESET)
      }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return false
  }

  private func receive(_ wanted: Int) -> [UInt8]? {
    var octets = [UInt8](repeating: 0, count: wanted)
    var received = 0
    while received < wanted {
      let count = octets[received...].withUnsafeMutableBytes {
        recv(descriptor, $0.baseAddress, $0.count, 0)
      }
      guard count > 0 else { return nil }
      received += count
    }
    return octets
  }

  /// Closes this side only.
  func finish() { shutdown(descriptor, CInt(SHUT_WR)) }

  /// Closes with a reset.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    shutdown(descriptor, CInt(SHUT_RDWR))
  }
}
