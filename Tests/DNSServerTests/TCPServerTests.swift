import Addressing
import DNSServer
import Testing

@Suite("TCP server on real sockets", .serialized)
struct TCPServerTests {
  @Test("queries in one segment are answered in order, large answers whole")
  func pipelining() async throws {
    try await withServer { server in
      let client = try server.connect()
      client.send((1...100).flatMap { TestClient.query($0) })
      for id in UInt16(1)...100 { #expect(client.answerID() == id) }
      client.ask(7, .large)
      #expect(client.answer()?.count == 65_535)
      client.ask(8, .drop)
      client.ask(9)
      #expect(client.answerID() == 9)
      let statistics = server.tcp.statistics
      #expect(statistics.queries == 103)
      #expect(statistics.answers == 102)
      #expect(statistics.open == 1)
    }
  }

  @Test("large answers to queries in one segment all arrive, however slowly they are read")
  func largeAnswers() async throws {
    try await withServer { server in
      let client = try server.connect(receiveBuffer: 8_192)
      client.send((1...40).flatMap { TestClient.query($0, .large) })
      for _ in 1...40 { #expect(client.answer()?.count == 65_535) }
      client.ask(41)
      #expect(client.answerID() == 41)
    }
  }

  @Test("random chunking on the wire gives the same answers")
  func chunking() async throws {
    try await withServer { server in
      var random = SplitMix(seed: 1)
      let client = try server.connect()
      var stream = (1...200).flatMap { TestClient.query($0) }[...]
      while !stream.isEmpty {
        let size = Int.random(in: 1...40, using: &random)
        client.send(Array(stream.prefix(size)))
        stream = stream.dropFirst(size)
      }
      for id in UInt16(1)...200 { #expect(client.answerID() == id) }
    }
  }

  @Test("pending answers go out as they come, in any order, between others")
  func outOfOrder() async throws {
    try await withServer { server in
      let client = try server.connect()
      for id in UInt16(1)...10 { client.ask(id, .later) }
      client.ask(11)
      #expect(client.answerID() == 11)
      #expect(await server.kept.wait(for: 10))
      for query in server.kept.takeAll().reversed() { query.answer() }
      for id in (UInt16(1)...10).reversed() { #expect(client.answerID() == id) }
    }
  }

  @Test("a sink sends once, and one that is given up frees its place")
  func sinks() async throws {
    var settings = TCPSettings()
    settings.outstandingQueries = 4
    try await withServer(settings) { server in
      let client = try server.connect()
      for id in UInt16(1)...40 { client.ask(id, .forget) }
      client.ask(41, .twice)
      client.ask(42)
      var answers = [client.answerID(), client.answerID()]
      answers.sort { ($0 ?? 0) < ($1 ?? 0) }
      #expect(answers == [41, 42])
      #expect(server.tcp.statistics.answers == 2)
    }
  }

  @Test("reading stops at the limit of outstanding queries and goes on with the answers")
  func outstanding() async throws {
    var settings = TCPSettings()
    settings.outstandingQueries = 3
    try await withServer(settings) { server in
      let client = try server.connect()
      for id in UInt16(1)...9 { client.ask(id, .later) }
      var seen = 0
      while seen < 9 {
        #expect(await server.kept.wait(for: 3))
        let batch = server.kept.takeAll()
        #expect(batch.count == 3)
        seen += batch.count
        for query in batch { query.answer() }
        for _ in batch { #expect(client.answerID() != nil) }
      }
    }
  }

  @Test("the handler is told both ends of the connection, over IPv4 and IPv6")
  func endpoints() async throws {
    for host in ["127.0.0.1", "::1"] {
      try await withServer(on: host) { server in
        let client = try server.connect()
        client.ask(1, .whoAmI)
        let text = String(decoding: client.answer()?.dropFirst(13) ?? [], as: UTF8.self)
        let remote = SocketEndpoint(address: server.endpoint.address, port: client.localPort)
        #expect(text == "\(remote) \(server.endpoint) tcp")
      }
    }
  }

  @Test("IPv4 and IPv6 listen on the same port, and a taken address is refused in one line")
  func listening() async throws {
    try await withServer(on: "0.0.0.0") { server in
      let six = try #require(IPAddress("::"))
      let other = TestServer.make(TCPSettings(), kept: Kept())
      let endpoint = SocketEndpoint(address: six, port: server.endpoint.port)
      #expect(try await other.start(on: [endpoint]) == [endpoint])
      await other.stop()
      let third = TestServer.make(TCPSettings(), kept: Kept())
      let error = await #expect(throws: TCPServerError.self) {
        try await third.start(on: [server.endpoint])
      }
      #expect(error?.endpoint == server.endpoint)
      #expect(error?.description.contains("Address already in use") == true)
    }
  }

  @Test("a client that closes its side gets what is in flight, then the end")
  func halfClose() async throws {
    try await withServer { server in
      let client = try server.connect()
      client.ask(1, .later)
      client.ask(2)
      client.finish()
      #expect(client.answerID() == 2)
      #expect(await server.kept.wait(for: 1))
      for query in server.kept.takeAll() { query.answer() }
      #expect(client.answerID() == 1)
      #expect(client.isAtEnd())
    }
  }

  @Test("a client that leaves while its answers are pending does no harm")
  func disconnect() async throws {
    try await withServer { server in
      for id in UInt16(1)...20 {
        let client = try server.connect()
        client.ask(id, .later)
        #expect(await server.kept.wait(for: Int(id)))
        client.reset()
      }
      #expect(await server.wait { $0.open == 0 })
      for query in server.kept.takeAll() { query.answer() }
      #expect(await server.wait { $0.late == 20 })
      let client = try server.connect()
      client.ask(1)
      #expect(client.answerID() == 1)
    }
  }
}
