import Addressing
import DNSServer
import Testing

@Suite("TCP server limits on real sockets", .serialized)
struct TCPServerLimitTests {
  @Test("a thousand connections are served at once")
  func thousand() async throws {
    var settings = TCPSettings()
    settings.connectionsPerClient = 1_000
    // A busy machine may take its time to open them all.
    settings.idleTimeout = .seconds(300)
    settings.messageTimeout = .seconds(300)
    try await withServer(settings) { server in
      let clients = try (0..<1_000).map { _ in try server.connect() }
      for (index, client) in clients.enumerated() { client.ask(UInt16(index)) }
      for (index, client) in clients.enumerated() { #expect(client.answerID() == UInt16(index)) }
      #expect(server.tcp.statistics.open == 1_000)
      let refused = try server.connect()
      #expect(refused.isAtEnd())
      #expect(server.tcp.statistics.refusedPerClient == 1)
      // Optimised code would otherwise close them after their last use.
      withExtendedLifetime(clients) {}
    }
  }

  @Test("one client's limit does not touch another client")
  func perClient() async throws {
    var settings = TCPSettings()
    settings.connectionsPerClient = 3
    try await withServer(settings) { server in
      var held = try (0..<3).map { _ in try server.connect(from: "127.0.0.2") }
      for client in held { client.ask(1) }
      for client in held { #expect(client.answerID() == 1) }
      #expect(try server.connect(from: "127.0.0.2").isAtEnd())
      let other = try server.connect(from: "127.0.0.3")
      other.ask(2)
      #expect(other.answerID() == 2)
      held.removeLast()
      #expect(await server.wait { $0.open == 3 })
      let again = try server.connect(from: "127.0.0.2")
      again.ask(3)
      #expect(again.answerID() == 3)
      #expect(server.tcp.statistics.refusedPerClient == 1)
    }
  }

  @Test("the longest silent connection makes room; one that waits for an answer does not")
  func total() async throws {
    var settings = TCPSettings()
    settings.connections = 2
    try await withServer(settings, eventLoops: 1) { server in
      let busy = try server.connect()
      busy.ask(1, .later)
      #expect(await server.kept.wait(for: 1))
      let silent = try server.connect()
      silent.ask(2)
      #expect(silent.answerID() == 2)
      let third = try server.connect()
      third.ask(3, .later)
      #expect(await server.kept.wait(for: 2))
      #expect(silent.isAtEnd())
      #expect(try server.connect().isAtEnd())
      #expect(await server.wait { $0.evicted == 1 && $0.refusedTotal == 1 })
      for query in server.kept.takeAll() { query.answer() }
      #expect(busy.answerID() == 1)
      #expect(third.answerID() == 3)
    }
  }

  @Test("idle connections and unfinished messages are closed in time")
  func timeouts() async throws {
    var settings = TCPSettings()
    settings.idleTimeout = .milliseconds(80)
    settings.messageTimeout = .milliseconds(80)
    try await withServer(settings) { server in
      let idle = try server.connect()
      let slow = try server.connect()
      slow.send([0, 40, 1])
      let waiting = try server.connect()
      waiting.ask(1, .later)
      #expect(idle.isAtEnd())
      #expect(slow.isAtEnd())
      #expect(await server.wait { $0.timeouts == 2 })
      #expect(await server.kept.wait(for: 1))
      for query in server.kept.takeAll() { query.answer() }
      #expect(waiting.answerID() == 1)
      #expect(waiting.isAtEnd())
    }
  }

  @Test("a wrong length ends the connection and is counted", arguments: [0, 1, 11])
  func malformed(length: UInt8) async throws {
    try await withServer { server in
      let client = try server.connect()
      client.send(TestClient.query(1) + [0, length, 1, 2, 3])
      #expect(client.answerID() == 1)
      #expect(client.isAtEnd())
      #expect(await server.wait { $0.malformed == 1 && $0.open == 0 })
    }
  }

  @Test("garbage never stops the server", arguments: 0..<20)
  func garbage(seed: UInt64) async throws {
    try await withServer { server in
      var random = SplitMix(seed: seed)
      for _ in 0..<20 {
        let client = try server.connect()
        let size = Int.random(in: 1...3_000, using: &random)
        // The order octet is kept from asking for pending answers that nobody will give.
        client.send((0..<size).map { _ in UInt8.random(in: 8...255, using: &random) })
        client.finish()
        while client.answer() != nil {}
      }
      let client = try server.connect()
      client.ask(1)
      #expect(client.answerID() == 1)
      #expect(await server.wait { $0.open == 1 })
    }
  }

  @Test("a client that never reads is slowed down, then closed")
  func neverReads() async throws {
    var settings = TCPSettings()
    settings.answerTimeout = .milliseconds(200)
    try await withServer(settings) { server in
      let client = try server.connect(receiveBuffer: 4_096)
      for id in UInt16(1)...60 { client.ask(id, .large) }
      #expect(await server.wait { $0.timeouts == 1 && $0.open == 0 })
      let statistics = server.tcp.statistics
      // 60 answers are 3.9 MB; reading stopped long before the last.
      #expect(statistics.queries < 60)
    }
  }

  @Test("pending answers beyond what may be unread close the connection")
  func overload() async throws {
    try await withServer { server in
      let client = try server.connect(receiveBuffer: 4_096)
      for id in UInt16(1)...60 { client.ask(id, .later) }
      #expect(await server.kept.wait(for: 60))
      let large = [UInt8](repeating: 1, count: 65_535)
      for query in server.kept.takeAll() { query.sink.send(large.span, to: query.client) }
      #expect(await server.wait { $0.open == 0 && $0.overloaded == 1 })
    }
  }

  @Test("stopping sends the answers in flight, and keeps to its bound")
  func drain() async throws {
    var settings = TCPSettings()
    settings.drainTimeout = .milliseconds(300)
    let kept = Kept()
    let server = try await TestServer(settings, kept: kept)
    let client = try server.connect()
    let stuck = try server.connect()
    client.ask(1, .later)
    #expect(await kept.wait(for: 1))
    stuck.ask(2, .later)
    #expect(await kept.wait(for: 2))
    let queries = kept.takeAll()
    async let stopped: Void = server.tcp.stop()
    queries[0].answer()
    #expect(client.answerID() == 1)
    #expect(await client.reachesEnd())
    await stopped
    #expect(await stuck.reachesEnd())
    queries[1].answer()
    #expect(throws: TestClient.Failure.self) { try server.connect() }
  }
}
