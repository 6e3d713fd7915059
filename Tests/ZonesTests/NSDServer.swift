import DNSWire
import Foundation
import Glibc

/// A real NSD on a free loopback port, serving given zones; stopped with the object.
final class NSDServer {
  private let process: ChildProcess
  private let socket: CInt
  private let port: UInt16

  /// Whether NSD is installed.
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: "/usr/sbin/nsd") }

  /// Starts NSD; another process may take the port first, so a few are tried.
  static func start(zones: [ZoneFile], directory: ZoneDirectory) throws -> NSDServer {
    for _ in 0..<4 {
      if let server = try? NSDServer(zones: zones, directory: directory) { return server }
    }
    return try NSDServer(zones: zones, directory: directory)
  }

  private init(zones: [ZoneFile], directory: ZoneDirectory) throws {
    port = try Self.freePort()
    socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    guard socket >= 0 else { throw POSIXError(.EIO) }
    var timeout = timeval(tv_sec: 0, tv_usec: 250_000)
    setsockopt(
      socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    let configuration = try directory.write(
      "nsd.conf", Self.configuration(zones, port: port, directory: directory))
    process = try ChildProcess(
      "/usr/sbin/nsd", ["-d", "-c", configuration], directory: directory.url)
    try awaitFirstAnswer(for: zones)
  }

  deinit {
    close(socket)
    process.stop()
  }

  private static func configuration(
    _ zones: [ZoneFile], port: UInt16, directory: ZoneDirectory
  ) -> String {
    // minimal-responses and confine-to-zone are how Ponor answers: see docs/zones.md.
    var text = """
      server:
        ip-address: 127.0.0.1@\(port)
        username: ""
        database: ""
        pidfile: ""
        zonelistfile: "\(directory.path("zone.list"))"
        xfrdfile: "\(directory.path("xfrd.state"))"
        xfrdir: "\(directory.url.path)"
        server-count: 1
        ipv4-edns-size: 4096
        minimal-responses: yes
        confine-to-zone: yes
        refuse-any: no
        rrl-ratelimit: 0
      remote-control:
        control-enable: no

      """
    for zone in zones {
      text += "zone:\n  name: \"\(zone.name)\"\n  zonefile: \"\(zone.path)\"\n"
    }
    return text
  }

  /// A port that is free for TCP, which NSD listens on too, and with luck for UDP.
  private static func freePort() throws -> UInt16 {
    let probe = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(probe) }
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(probe, $0, length) == 0 && getsockname(probe, $0, &length) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
    return UInt16(bigEndian: address.sin_port)
  }

  private static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private func awaitFirstAnswer(for zones: [ZoneFile]) throws {
    for zone in zones {
      let query = Message(query: try Name(zone.name), .soa, id: 1)
      var attempts = 0
      while try exchange(query)?.answers.isEmpty ?? true {
        attempts += 1
        guard attempts < 50, process.isRunning else { throw POSIXError(.ETIMEDOUT) }
        usleep(50_000)
      }
    }
  }

  /// Sends a query and reads the answer; nil when none came.
  func exchange(_ query: Message) throws -> Message? {
    guard let packet = query.encoded() else { return nil }
    var address = Self.loopback(port: port)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let sent = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(socket, packet, packet.count, 0, $0, length)
      }
    }
    guard sent == packet.count else { return nil }
    var buffer = [UInt8](repeating: 0, count: 65_535)
    let count = recv(socket, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    let reply = Array(buffer[0..<count])
    let message = try Message(decoding: reply.span)
    return message.id == query.id ? message : nil
  }
}

/// A zone for both servers.
struct ZoneFile {
  var name: String
  var path: String
}
