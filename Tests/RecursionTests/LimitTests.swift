import Addressing
import DNSWire
import Recursion
import Testing

/// Limits and time-outs, against an upstream that never answers.
@Suite struct LimitTests {
  private let silent: SilentServer
  private var options = RecursionOptions()

  init() throws {
    silent = try SilentServer()
    options.mode = .forward([try #require(SocketEndpoint("127.0.0.1:\(silent.port)"))])
    options.validate = false
  }

  @Test("A dead upstream gives SERVFAIL, counted as a time-out")
  func deadUpstream() async throws {
    var options = options
    options.answerTimeoutMilliseconds = 200
    let resolver = try Resolver(options)
    let (answer, total) = try await resolver.askAndCount("www.example.")
    #expect(answer.rcode == .serverFailure)
    #expect(answer.packet.isEmpty)
    #expect(answer.reason == RecursionFailure.timedOut)
    #expect(answer.explanation == .noReachableAuthority)
    #expect(total.timedOut == 1)
    #expect(total.unanswered == 0)
    // libunbound still tries, and the place stays taken.
    #expect(total.inFlight == 1)
    resolver.stop(drain: .seconds(60))
    #expect(resolver.statistics.total.inFlight == 0)
  }

  @Test("A client that waits long is told once, before its answer")
  func lateness() async throws {
    var options = options
    options.answerTimeoutMilliseconds = 600
    options.lateMilliseconds = 200
    let resolver = try Resolver(options)
    let client = LateClient()
    #expect(try resolver.submit(Name("www.example."), .a, client: client))
    resolver.stop(drain: .seconds(60))
    #expect(client.calls == ["late", "answer"])
  }

  @Test("The refresher has a place of its own, and is none without being asked for")
  func refresher() throws {
    let client = CountingClient()
    let name = try Name("www.example.").canonical
    let without = try Resolver(options)
    let isRefused = !without.refresh(
      qname: name.span, qtype: .a, qclass: .internet, client: client)
    #expect(isRefused)
    without.stop(drain: .zero)
    var options = options
    options.refreshes = true
    let resolver = try Resolver(options)
    let isTaken = resolver.refresh(
      qname: name.span, qtype: .a, qclass: .internet, client: client)
    #expect(isTaken)
    #expect(resolver.statistics.perThread.count == 2)
    resolver.stop(drain: .zero)
    #expect(client.count == 1)
  }

  @Test("A closed port gives SERVFAIL")
  func closedPort() async throws {
    var options = options
    // By itself libunbound tries a dead forwarder for some 17 s before it gives up.
    options.answerTimeoutMilliseconds = 300
    options.mode = .forward([try #require(SocketEndpoint("127.0.0.1:\(try freePort())"))])
    let resolver = try Resolver(options)
    let answer = try await resolver.ask("www.example.")
    resolver.stop(drain: .zero)
    #expect(answer.rcode == .serverFailure)
    #expect(answer.explanation == .noReachableAuthority)
  }

  @Test(
    "10,000 questions over the limit are refused and counted; the others answered once each",
    arguments: [1, 3])
  func overload(threads: Int) throws {
    var options = options
    options.threads = threads
    options.outstandingPerThread = 500
    let resolver = try Resolver(options)
    var clients: [(client: CountingClient, accepted: Bool)] = []
    for number in 0..<10_000 + 500 * threads {
      let client = CountingClient()
      let name = try Name("n\(number).example.")
      clients.append((client, resolver.submit(name, .a, client: client)))
    }
    resolver.stop(drain: .milliseconds(200))
    let total = resolver.statistics.total
    let accepted = clients.count { $0.accepted }
    #expect(clients.allSatisfy { $0.client.count == ($0.accepted ? 1 : 0) })
    #expect(accepted >= 500)
    #expect(total.submitted == UInt64(accepted))
    #expect(total.refused == UInt64(clients.count - accepted))
    #expect(total.answered == total.submitted)
    #expect(total.lost == 0)
    #expect(total.inFlight == 0)
    #expect(resolver.statistics.perThread.allSatisfy { $0.submitted > 0 })
  }

  @Test("Equal questions under way at once are each answered")
  func duplicates() throws {
    let resolver = try Resolver(options)
    let client = CountingClient()
    let name = try Name("same.example.")
    for _ in 0..<1000 { #expect(resolver.submit(name, .a, client: client)) }
    resolver.stop(drain: .milliseconds(100))
    #expect(client.count == 1000)
    #expect(resolver.statistics.total.lost == 0)
  }

  @Test("After stopping, questions are refused, and stopping again does nothing")
  func afterStop() throws {
    let resolver = try Resolver(options)
    resolver.stop(drain: .zero)
    resolver.stop(drain: .zero)
    let client = CountingClient()
    #expect(try !resolver.submit(Name("late.example."), .a, client: client))
    #expect(client.count == 0)
    #expect(resolver.statistics.total.refused == 1)
  }

  @Test("A resolver that is let go answers what it has")
  func letGo() throws {
    let client = CountingClient()
    do {
      let resolver = try Resolver(options)
      for number in 0..<100 {
        _ = try resolver.submit(Name("n\(number).example."), .a, client: client)
      }
    }
    #expect(client.count == 100)
  }
}
