import Foundation
import Glibc

/// An NSD of the laboratory.
final class LabServer {
  private let process: Child

  /// Starts NSD at `address`@`port` with zones given as (name, file), and waits until it answers.
  init(address: String, port: UInt16, zones: [(String, String)], in directory: URL) throws {
    let place = directory.appending(path: "nsd-\(address)-\(port)").path
    var config = """
      server:
        ip-address: \(address)@\(port)
        server-count: 1
        username: ""
        chroot: ""
        zonesdir: ""
        database: ""
        logfile: "\(place).log"
        pidfile: "\(place).pid"
        xfrdfile: "\(place).xfrd"
        zonelistfile: "\(place).list"
      remote-control:
        control-enable: no

      """
    for (name, file) in zones {
      config += "zone:\n  name: \"\(name)\"\n  zonefile: \"\(file)\"\n"
    }
    try config.write(toFile: "\(place).conf", atomically: true, encoding: .utf8)
    process = try Child(
      "/usr/sbin/nsd", ["-d", "-c", "\(place).conf"], in: directory, output: "\(place).out")
    try waitUntilReady(address: address, port: port, in: directory, log: "\(place).log")
  }

  private func waitUntilReady(
    address: String, port: UInt16, in directory: URL, log: String
  ) throws {
    for _ in 0..<100 {
      let tries = ["@\(address)", "-p", "\(port)", "+tries=1", "+time=1", ".", "SOA"]
      let text = (try? run("dig", tries, in: directory)) ?? ""
      if text.contains("status:") { return }
      usleep(50_000)
    }
    process.terminate()
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    throw LabError(description: "NSD did not start: \(text)")
  }

  /// Ends it.
  func stop() { process.terminate() }
}

/// A UDP socket that takes queries and never answers.
final class SilentServer {
  private let socket: Int32
  /// Its port on 127.0.0.1.
  let port: UInt16

  init() throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    port = try bindToFreePort(socket)
  }

  deinit { close(socket) }
}

/// A port of 127.0.0.1 that was free for UDP and TCP a moment ago.
func freePort() throws -> UInt16 {
  for _ in 0..<50 {
    let udp = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    let tcp = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer {
      close(udp)
      close(tcp)
    }
    let port = try bindToFreePort(udp)
    if (try? bindToFreePort(tcp, port: port)) != nil { return port }
  }
  throw LabError(description: "no free port")
}

@discardableResult
private func bindToFreePort(_ socket: Int32, port: UInt16 = 0) throws -> UInt16 {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  address.sin_port = port.bigEndian
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let code = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(socket, $0, size) | getsockname(socket, $0, &size)
    }
  }
  guard code == 0 else { throw LabError(description: "bind: errno \(errno)") }
  return UInt16(bigEndian: address.sin_port)
}
