import Addressing
import DNSServer
import DNSWire
import Synchronization

/// What a query asks the test handler to do: the octet behind its header.
enum Order: UInt8 {
  case echo
  case later
  case drop
  case large
  case forget
  case whoAmI
  case twice
}

/// Queries the test handler keeps for later.
final class Kept: Sendable {
  struct Query: Sendable {
    var message: [UInt8]
    var client: Client
    var sink: any ReplySink
  }

  private let queries = Mutex<[Query]>([])

  var count: Int { queries.withLock { $0.count } }

  func keep(_ query: Query) { queries.withLock { $0.append(query) } }

  func takeAll() -> [Query] {
    queries.withLock { queries in
      defer { queries = [] }
      return queries
    }
  }

  /// Waits until `wanted` queries are kept; false if that takes longer than ten seconds.
  func wait(for wanted: Int) async -> Bool {
    for _ in 0..<2_000 {
      if count >= wanted { return true }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return false
  }
}

extension Kept.Query {
  /// Sends the query back as its own answer.
  func answer() {
    var reply = message
    reply[2] |= 0x80
    sink.send(reply.span, to: client)
  }
}

/// Sends each query back with QR set, or does what its first octet behind the header says.
final class TestHandler: QueryHandler {
  private let kept: Kept

  init(kept: Kept) { self.kept = kept }

  func handle(
    _ packet: Span<UInt8>, from client: Client, at now: Int64, reply: inout WireWriter,
    sink: any ReplySink
  ) -> HandlerOutcome {
    let order = packet.count > 12 ? Order(rawValue: packet[12]) ?? .echo : .echo
    switch order {
    case .echo:
      echo(packet, to: &reply)
      return .reply
    case .later:
      kept.keep(.init(message: packet.array, client: client, sink: sink))
      return .pending
    case .drop:
      return .drop
    case .large:
      echo(packet, to: &reply)
      while reply.count < Limits.messageOctets { reply.append(0xAA) }
      return .reply
    case .forget:
      return .pending
    case .whoAmI:
      echo(packet, to: &reply)
      reply.append(Array("\(client.remote) \(client.local) \(client.transport)".utf8))
      return .reply
    case .twice:
      let query = Kept.Query(message: packet.array, client: client, sink: sink)
      query.answer()
      query.answer()
      return .pending
    }
  }

  private func echo(_ packet: Span<UInt8>, to reply: inout WireWriter) {
    reply.append(packet)
    reply.patch(packet[2] | 0x80, at: 2)
  }
}

extension Span<UInt8> {
  var array: [UInt8] { indices.map { self[$0] } }
}
