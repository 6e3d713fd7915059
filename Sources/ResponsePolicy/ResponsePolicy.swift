public import Addressing
public import DNSWire

/// A rule that counts for a query.
public struct PolicyDecision: Sendable {
  /// Which zone it is from.
  public var zone: PolicyZone
  /// The zone's place in the order.
  public var position: Int
  /// What it looks at.
  public var trigger: PolicyTrigger
  /// What it says, before the zone's override.
  public var rule: PolicyRule
  /// Offset in the name where the rule's own name starts; 0 for rules about addresses.
  public var offset: Int
}

/// How far the rules can be judged before there is an answer.
public enum EarlyDecision: Sendable {
  /// No rule matches, and none can any more.
  case none
  /// This rule counts.
  case rule(PolicyDecision)
  /// The zone at this place has rules about the answer, and none before it matches.
  case needsAnswer(at: Int)

  /// The rule that counts, if that is known already.
  public var decision: PolicyDecision? {
    guard case .rule(let decision) = self else { return nil }
    return decision
  }
}

/// What the servers of a name's zones are: what NSDNAME and NSIP rules look at.
public struct ServerFacts: Sendable {
  /// Names of the servers in canonical wire form, in canonical order.
  public var names: [Name]
  /// Their addresses.
  public var addresses: [IPAddress]

  /// Puts facts together.
  public init(names: [Name] = [], addresses: [IPAddress] = []) {
    self.names = names.sorted { Self.precedes($0, $1) }
    self.addresses = addresses.sorted()
  }

  /// RFC 4034 §6.1: labels are compared from the right.
  private static func precedes(_ left: Name, _ right: Name) -> Bool {
    let (first, second) = (labels(left), labels(right))
    for (a, b) in zip(first, second) where a != b { return a.lexicographicallyPrecedes(b) }
    return first.count < second.count
  }

  private static func labels(_ name: Name) -> [ArraySlice<UInt8>] {
    let canonical = name.canonical
    return name.labelOffsets.reversed().map { start in
      canonical[(start + 1)...(start + Int(canonical[start]))]
    }
  }
}

/// Policy zones in their order, as one group of clients sees them.
///
/// The zone that comes first wins; within a zone the order is client address, name, answer address,
/// server name, server address; within one kind the longest prefix or the most specific name
/// (draft-vixie-dnsop-dns-rpz §5). Immutable; judging takes no lock and does not allocate.
public final class ResponsePolicy: Sendable {
  /// All zones, first those before the index, then those after it.
  public let zones: [PolicyZone]
  /// How many come before the index.
  public let beforeIndex: Int
  /// Whether any zone has rules about name servers.
  public let needsServers: Bool
  /// Whether any zone has rules about addresses of name servers.
  public let needsServerAddresses: Bool
  /// Key of the hashes of names.
  public let key: SipHash.Key

  /// Puts zones in order; those that come after the index move behind all others.
  ///
  /// - Parameter key: the key that all of them were built with.
  public init(zones: [PolicyZone], key: SipHash.Key) {
    let first = zones.filter { !$0.options.comesAfterIndex }
    self.zones = first + zones.filter(\.options.comesAfterIndex)
    beforeIndex = first.count
    needsServers = zones.contains(where: \.needsServers)
    needsServerAddresses = zones.contains(where: \.hasServerAddresses)
    self.key = key
  }

  /// The zones of the view `name`; nil when there is none.
  public func restricted(toView name: String) -> ResponsePolicy? {
    let chosen = zones.filter { $0.options.applies(toView: name) }
    return chosen.isEmpty ? nil : ResponsePolicy(zones: chosen, key: key)
  }

  // MARK: - Before there is an answer

  /// Judges a query by client and name, from zone `start` on.
  ///
  /// - Parameter end: the zone to stop before.
  public func judge(
    _ name: borrowing NameBuffer, _ hashes: inout SuffixHashes, client: IPAddress,
    from start: Int, upTo end: Int
  ) -> EarlyDecision {
    var position = start
    while position < end {
      let zone = zones[position]
      if let found = match(name, &hashes, client: client, zone, position) { return .rule(found) }
      if zone.needsAnswer { return .needsAnswer(at: position) }
      position += 1
    }
    return .none
  }

  @inline(__always)
  private func match(
    _ name: borrowing NameBuffer, _ hashes: inout SuffixHashes, client: IPAddress?,
    _ zone: PolicyZone, _ position: Int
  ) -> PolicyDecision? {
    if let client, let (rule, _) = zone.rules.clients.match(client) {
      return PolicyDecision(
        zone: zone, position: position, trigger: .client, rule: rule, offset: 0)
    }
    guard let (rule, offset) = zone.rules.names.match(name, &hashes) else { return nil }
    return PolicyDecision(
      zone: zone, position: position, trigger: .name, rule: rule, offset: offset)
  }

  // MARK: - With the answer

  /// What is known when an answer is judged.
  public struct Evidence: ~Copyable {
    /// Who asked; nil for names the answer's CNAME chain leads to.
    public var client: IPAddress?
    /// Servers of the name's zones, nil when they are not known.
    public var servers: ServerFacts?

    /// Puts evidence together.
    public init(client: IPAddress?, servers: ServerFacts?) {
      self.client = client
      self.servers = servers
    }
  }

  /// Judges an answer, from zone `start` on.
  ///
  /// - Parameter addresses: the addresses in the answer; none for a name that is not the end of the
  ///   answer's CNAME chain.
  public func judge(
    _ name: borrowing NameBuffer, _ hashes: inout SuffixHashes, _ evidence: borrowing Evidence,
    from start: Int, upTo end: Int, addresses: [IPAddress]
  ) -> PolicyDecision? {
    var position = start
    while position < end {
      let zone = zones[position]
      if let found = match(name, &hashes, client: evidence.client, zone, position) {
        return found
      }
      if !zone.rules.answers.isEmpty {
        var best: (rule: PolicyRule, length: Int, address: IPAddress)?
        for address in addresses { Self.improve(&best, zone.rules.answers, address) }
        if let best {
          return PolicyDecision(
            zone: zone, position: position, trigger: .answer, rule: best.rule, offset: 0)
        }
      }
      if zone.needsServers, let servers = evidence.servers,
        let found = match(servers, zone, position)
      {
        return found
      }
      position += 1
    }
    return nil
  }

  /// Takes a longer prefix, and of equally long ones that of the smaller address.
  private static func improve(
    _ best: inout (rule: PolicyRule, length: Int, address: IPAddress)?, _ table: PrefixTable,
    _ address: IPAddress
  ) {
    guard let (rule, length) = table.match(address) else { return }
    if let old = best, (old.length, address) >= (length, old.address) { return }
    best = (rule, length, address)
  }

  private func match(
    _ servers: ServerFacts, _ zone: PolicyZone, _ position: Int
  ) -> PolicyDecision? {
    if zone.hasServerNames {
      var buffer = NameBuffer()
      var hashes = SuffixHashes(key: key)
      for name in servers.names {
        hashes.reset()
        guard (try? buffer.load(from: name.wire.span, at: 0, allowCompression: false)) != nil,
          let (rule, _) = zone.rules.serverNames.match(buffer, &hashes)
        else { continue }
        return PolicyDecision(
          zone: zone, position: position, trigger: .serverName, rule: rule, offset: 0)
      }
    }
    guard zone.hasServerAddresses else { return nil }
    var best: (rule: PolicyRule, length: Int, address: IPAddress)?
    for address in servers.addresses {
      Self.improve(&best, zone.rules.serverAddresses, address)
    }
    return best.map {
      PolicyDecision(
        zone: zone, position: position, trigger: .serverAddress, rule: $0.rule, offset: 0)
    }
  }
}
