import Addressing
import DNSServer
import Foundation
import Glibc
import Operation
import Synchronization
import Testing

/// A server that notes what its successor has it do.
private final class OldServer: HandoverSource {
  let listening: ListenSockets
  let refusal: String?
  let events = Mutex<[String]>([])

  init(_ listening: ListenSockets, refusal: String? = nil) {
    self.listening = listening
    self.refusal = refusal
  }

  var sockets: [InheritedSocket] { listening.all }
  func giveUpDataDirectory() -> String? {
    events.withLock { $0.append("give up") }
    return refusal
  }
  func takeBack() { events.withLock { $0.append("take back") } }
  func withdraw() { events.withLock { $0.append("withdraw") } }
  var log: [String] { events.withLock { $0 } }

  /// Waits until the last event is as wanted; false if that takes longer than ten seconds.
  func wait(for event: String) -> Bool {
    for _ in 0..<2_000 {
      if log.last == event { return true }
      usleep(5_000)
    }
    return false
  }
}

@Suite struct HandoverTests {
  private let path = NSTemporaryDirectory() + "ponor-" + UUID().uuidString.prefix(8)
  private let endpoint = SocketEndpoint(address: IPAddress(ipv4: 0x7F00_0001), port: 0)

  /// Sockets of one free port: three for datagrams, one for connections.
  private func someSockets() throws -> ListenSockets {
    for _ in 0..<50 {
      let port = UInt16.random(in: 20_000...32_000)
      let place = SocketEndpoint(address: endpoint.address, port: port)
      let sockets = ListenSockets()
      guard (try? sockets.udp(place, wanted: 3)) != nil, let tcp = try? sockets.tcp(place)
      else { continue }
      close(tcp.descriptor)
      return sockets
    }
    throw HandoverError.nobody("no free port")
  }

  @Test("a successor gets the very same sockets, then the directory, then the clients")
  func takeover() throws {
    let old = OldServer(try someSockets())
    let offer = try Predecessor(at: path, source: old)
    defer { offer.stop() }
    let new = try Successor(askingAt: path)
    #expect(new.sockets.count == 4)
    #expect(new.sockets.count { $0.kind == .udp } == 3)
    #expect(Set(new.sockets.map(\.endpoint)) == old.listening.endpoints)
    let mine = Set(old.sockets.map { inode($0.descriptor.number) })
    #expect(Set(new.sockets.map { inode($0.descriptor.number) }) == mine)
    #expect(old.log == [])
    try new.takeDataDirectory()
    #expect(old.log == ["give up"])
    try new.takeOver()
    #expect(old.log == ["give up", "withdraw"])
    #expect(offer.isSucceeded)
  }

  @Test("a successor that dies half-way gives everything back")
  func death() throws {
    let old = OldServer(try someSockets())
    let offer = try Predecessor(at: path, source: old)
    defer { offer.stop() }
    do {
      let new = try Successor(askingAt: path)
      try new.takeDataDirectory()
    }
    #expect(old.wait(for: "take back"))
    #expect(!offer.isSucceeded)
    let next = try Successor(askingAt: path)
    try next.takeDataDirectory()
    try next.takeOver()
    #expect(offer.isSucceeded)
  }

  @Test("a refusal reaches the successor with its reason")
  func refusal() throws {
    let old = OldServer(try someSockets(), refusal: "the disk is full")
    let offer = try Predecessor(at: path, source: old)
    defer { offer.stop() }
    let new = try Successor(askingAt: path)
    #expect(throws: HandoverError.refused("the disk is full")) { try new.takeDataDirectory() }
  }

  @Test("nobody there is told apart, and the socket's file is its owner's alone")
  func nobody() throws {
    #expect(throws: HandoverError.nobody(path)) { try Successor(askingAt: path) }
    let offer = try Predecessor(at: path, source: OldServer(try someSockets()))
    var status = stat()
    #expect(lstat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    offer.stop()
    #expect(access(path, F_OK) != 0)
  }

  @Test("what is no socket of one address is refused")
  func strangers() throws {
    let file = open("/dev/null", O_RDONLY)
    #expect(throws: InheritedSocketError.self) { try InheritedSocket(owning: file) }
    let sockets = ListenSockets()
    let anywhere = SocketEndpoint(address: IPAddress(ipv4: 0), port: 0)
    let wildcard = try sockets.udp(anywhere, wanted: 1)[0]
    #expect(throws: InheritedSocketError.self) {
      try InheritedSocket(owning: dup(wildcard.number))
    }
  }

  private func inode(_ descriptor: Int32) -> UInt64 {
    var status = stat()
    fstat(descriptor, &status)
    return UInt64(status.st_ino)
  }
}
