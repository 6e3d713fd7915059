import DNSWire
import Dispatch
import Recursion
import Synchronization

/// An answer as a client was given it.
struct Answer: Sendable {
  var rcode: ResponseCode
  var packet: [UInt8]
  var status: ValidationStatus
  var reason: String?

  /// AD in the header.
  var isAuthentic: Bool { packet.count > 3 && packet[3] & 0x20 != 0 }
  /// Records in the answer section.
  var answerCount: Int { packet.count > 7 ? Int(packet[6]) << 8 | Int(packet[7]) : 0 }
  /// Whether `octets` occur in the packet.
  func contains(_ octets: [UInt8]) -> Bool { packet.firstRange(of: octets) != nil }
  /// What explains it.
  var explanation: ExtendedError? { .explaining(rcode, status, reason: reason) }
}

/// A client that waits for one answer.
private final class OneAnswer: RecursionClient {
  let continuation: CheckedContinuation<Answer, Never>
  init(_ continuation: CheckedContinuation<Answer, Never>) { self.continuation = continuation }

  func recursionFinished(
    rcode: ResponseCode, packet: Span<UInt8>, status: ValidationStatus, reason: String?
  ) {
    var octets: [UInt8] = []
    for index in packet.indices { octets.append(packet[index]) }
    continuation.resume(
      returning: Answer(rcode: rcode, packet: octets, status: status, reason: reason))
  }
}

/// A client that looks at the counters as it is given its answer: later they go on.
private final class CountedAnswer: RecursionClient {
  private let resolver: Resolver
  private let continuation: CheckedContinuation<(Answer, ThreadStatistics), Never>

  init(
    _ resolver: Resolver, _ continuation: CheckedContinuation<(Answer, ThreadStatistics), Never>
  ) {
    self.resolver = resolver
    self.continuation = continuation
  }

  func recursionFinished(
    rcode: ResponseCode, packet: Span<UInt8>, status: ValidationStatus, reason: String?
  ) {
    let octets = packet.indices.map { packet[$0] }
    let answer = Answer(rcode: rcode, packet: octets, status: status, reason: reason)
    continuation.resume(returning: (answer, resolver.statistics.total))
  }
}

/// A client that notes its calls in order.
final class LateClient: RecursionClient {
  private let noted = Mutex<[String]>([])

  /// The calls so far.
  var calls: [String] { noted.withLock { $0 } }

  func recursionFinished(
    rcode: ResponseCode, packet: Span<UInt8>, status: ValidationStatus, reason: String?
  ) {
    noted.withLock { $0.append("answer") }
  }

  func recursionIsLate() { noted.withLock { $0.append("late") } }
}

/// A client that counts its answers.
final class CountingClient: RecursionClient {
  private let answers = Atomic(0)

  /// Answers so far.
  var count: Int { answers.load(ordering: .relaxed) }

  func recursionFinished(
    rcode: ResponseCode, packet: Span<UInt8>, status: ValidationStatus, reason: String?
  ) {
    answers.add(1, ordering: .relaxed)
  }
}

extension Resolver {
  /// Asks and waits; a checked continuation traps on a second answer.
  func ask(_ name: String, _ type: RRType = .a) async throws -> Answer {
    let qname = try Name(name)
    return await withCheckedContinuation { continuation in
      if !submit(qname, type, client: OneAnswer(continuation)) {
        continuation.resume(
          returning: Answer(rcode: .refused, packet: [], status: .insecure, reason: "refused"))
      }
    }
  }

  /// Asks and waits; with the answer come the counters as they stood when it was given.
  func askAndCount(_ name: String) async throws -> (Answer, ThreadStatistics) {
    let qname = try Name(name)
    return await withCheckedContinuation { continuation in
      _ = submit(qname, .a, client: CountedAnswer(self, continuation))
    }
  }

  /// Submits with a simple hash over the name.
  func submit(_ name: Name, _ type: RRType, client: any RecursionClient) -> Bool {
    let octets = name.canonical
    let hash = octets.reduce(UInt64(14_695_981_039_346_656_037)) {
      ($0 ^ UInt64($1)) &* 1_099_511_628_211
    }
    return submit(
      qname: octets.span, qtype: type, qclass: .internet, nameHash: hash >> 7, client: client)
  }
}

/// A client that a thread can wait for.
final class WaitingClient: RecursionClient {
  private let answer = Mutex<Answer?>(nil)
  private let done = DispatchSemaphore(value: 0)

  func recursionFinished(
    rcode: ResponseCode, packet: Span<UInt8>, status: ValidationStatus, reason: String?
  ) {
    var octets: [UInt8] = []
    for index in packet.indices { octets.append(packet[index]) }
    answer.withLock {
      $0 = Answer(rcode: rcode, packet: octets, status: status, reason: reason)
    }
    done.signal()
  }

  /// Waits for the answer.
  func wait() -> Answer? {
    done.wait()
    return answer.withLock { $0 }
  }
}

/// A flag that several threads may touch.
final class Flag: Sendable {
  private let value = Atomic(false)
  /// Whether it is set.
  var isSet: Bool { value.load(ordering: .acquiring) }
  /// Sets it.
  func set() { value.store(true, ordering: .releasing) }
}
