import Addressing
import AnswerCache
import DNSServer
import DNSWire
import Recursion
import ResponsePolicy
import Synchronization

/// Finds the name servers of a name's zone and of the zones above it, and their addresses.
///
/// Asks the resolver like any client would, so that nothing is asked twice and everything is
/// validated. What cannot be found does not match, as in BIND. Zones of fewer than two labels are
/// left alone: nobody means to block a registry's servers (BIND's `min-ns-dots 1`).
final class ServerLookup: Sendable {
  /// Most zone cuts looked at for one name.
  private static let cutLimit = 8
  /// Most servers whose addresses are looked up for one name.
  private static let serverLimit = 16
  /// Fewest labels of a zone whose servers count.
  private static let fewestLabels = 2
  /// Seconds for which facts are kept; the servers of a zone change rarely.
  private static let lifetimes: ClosedRange<Int64> = 30...3600

  private struct State {
    var remaining: [(name: Name, hash: SipHash.Value)]
    var asked = 0
    var outstanding = 0
    var servers: [Name] = []
    var addresses: [IPAddress] = []
    var lifetime = ServerLookup.lifetimes.upperBound
  }

  private let state: Mutex<State>
  private let facts: ServerFactsCache
  private let recursor: Recursor
  private let cache: AnswerCache
  private let wantsAddresses: Bool
  private let finished: @Sendable () -> Void

  /// Prepares a look-up of names whose servers are not known.
  ///
  /// - Parameter finished: called once, on a thread of the resolver, when `start` gave true.
  init(
    _ names: [(name: Name, hash: SipHash.Value)], facts: ServerFactsCache, recursor: Recursor,
    cache: AnswerCache, wantsAddresses: Bool, finished: @escaping @Sendable () -> Void
  ) {
    state = Mutex(State(remaining: names))
    self.facts = facts
    self.recursor = recursor
    self.cache = cache
    self.wantsAddresses = wantsAddresses
    self.finished = finished
  }

  /// Starts; false when the resolver takes no more questions.
  func start() -> Bool {
    guard let first = state.withLock({ $0.remaining.last?.name }) else { return false }
    return ask(first, .ns) { self.gotServers(of: first, $0) }
  }

  // MARK: - Name servers

  private func gotServers(of name: Name, _ message: Message?) {
    let found = (message?.answers ?? []).filter { $0.type == .ns && $0.owner == name }
    if found.isEmpty, let soa = message?.authorities.first(where: { $0.type == .soa }),
      name.isEqualOrBelow(soa.owner), soa.owner.labelCount < name.labelCount
    {
      // No cut here: the SOA says where the zone starts.
      return goOn(at: soa.owner)
    }
    state.withLock { state in
      for record in found {
        state.lifetime = min(state.lifetime, Int64(record.ttl))
        if case .ns(let server) = record.rdata, !state.servers.contains(server) {
          state.servers.append(server)
        }
      }
    }
    guard let parent = Self.parent(of: name) else { return lookUpAddresses() }
    goOn(at: parent)
  }

  private static func parent(of name: Name) -> Name? {
    let offsets = name.labelOffsets
    guard offsets.count > 1 else { return nil }
    return try? Name(wire: Array(name.wire[offsets[1]...]))
  }

  private func goOn(at name: Name) {
    let mayAsk = state.withLock { state in
      state.asked += 1
      return state.asked < Self.cutLimit
    }
    guard mayAsk, name.labelCount >= Self.fewestLabels,
      ask(name, .ns, { self.gotServers(of: name, $0) })
    else { return lookUpAddresses() }
  }

  // MARK: - Their addresses

  private func lookUpAddresses() {
    let servers = state.withLock { state in
      let servers = wantsAddresses ? Array(state.servers.prefix(Self.serverLimit)) : []
      // One more keeps the last answer from coming before the last question has been asked.
      state.outstanding = servers.count * 2 + 1
      return servers
    }
    for server in servers {
      for type in [RRType.a, .aaaa] where !ask(server, type, { self.gotAddresses($0) }) {
        countDown()
      }
    }
    countDown()
  }

  private func gotAddresses(_ message: Message?) {
    state.withLock { state in
      for record in message?.answers ?? [] {
        switch record.rdata {
        case .a(let bits): state.addresses.append(IPAddress(ipv4: bits))
        case .aaaa(let octets): state.addresses.append(Self.address(octets))
        default: continue
        }
        state.lifetime = min(state.lifetime, Int64(record.ttl))
      }
    }
    countDown()
  }

  private func countDown() {
    let isLast = state.withLock { state in
      state.outstanding -= 1
      return state.outstanding == 0
    }
    if isLast { finishName() }
  }

  private func finishName() {
    let next = state.withLock { state -> Name? in
      guard let done = state.remaining.popLast() else { return nil }
      let life = min(max(state.lifetime, Self.lifetimes.lowerBound), Self.lifetimes.upperBound)
      facts.store(
        ServerFacts(names: state.servers, addresses: state.addresses), for: done.hash,
        until: UTCClock.seconds() + life)
      let rest = state.remaining
      state = State(remaining: rest)
      return rest.last?.name
    }
    guard let next else { return finished() }
    // A resolver that is full leaves the other names without facts: no rule matches them.
    if !ask(next, .ns, { self.gotServers(of: next, $0) }) { lookUpAddresses() }
  }

  // MARK: - Asking

  private func ask(
    _ name: Name, _ type: RRType, _ body: @escaping @Sendable (Message?) -> Void
  ) -> Bool {
    var buffer = NameBuffer()
    guard (try? buffer.load(from: name.wire.span, at: 0, allowCompression: false)) != nil else {
      return false
    }
    let key = cache.key(
      buffer.canonicalBytes, qtype: type, qclass: .internet, dnssecOK: false,
      checkingDisabled: false)
    return recursor.submit(
      buffer.canonicalBytes,
      Recursor.Question(
        qtype: type, qclass: .internet, nameHash: key.nameHash, checkingDisabled: false),
      client: ServerQuestion(body))
  }

  private static func address(_ octets: [UInt8]) -> IPAddress {
    IPAddress(
      high: octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
      low: octets.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) })
  }
}

/// One question of a look-up.
private final class ServerQuestion: RecursionClient {
  private let body: @Sendable (Message?) -> Void

  init(_ body: @escaping @Sendable (Message?) -> Void) { self.body = body }

  func recursionFinished(
    rcode: ResponseCode, packet response: Span<UInt8>, status: ValidationStatus, reason: String?
  ) {
    guard rcode == .noError || rcode == .nameError, status != .bogus, !response.isEmpty else {
      return body(nil)
    }
    body(try? Message(decoding: response))
  }
}
