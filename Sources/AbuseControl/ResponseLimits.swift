public import Addressing

/// Limits on the rate of responses over UDP to one block of clients (RRL).
///
/// Forged queries turn a server into a reflector; a victim's network is recognised by getting the
/// same answers over and over. Over TCP, and with a DNS cookie, nobody can forge.
public struct ResponseLimits: Sendable {
  /// What a response is, and with what it shares a limit.
  public enum Category: Int, CaseIterable, Sendable {
    /// Data, per name and type.
    case answer
    /// The name has no such data, per zone.
    case nodata
    /// The name does not exist, per zone.
    case nxdomain
    /// REFUSED, SERVFAIL, FORMERR and the like, all together.
    case error
  }

  /// Limits by category; nil = none.
  public var byCategory = InlineArray<4, RateLimit?>(repeating: nil)
  /// Limit on all responses together; nil = none.
  public var all: RateLimit?
  /// Which clients share a limit.
  public var blocks = ClientBlocks(ipv4: 24, ipv6: 56)
  /// Clients without limit.
  public var exempt = AddressSet([])
  /// Whether limits are only counted, not enforced.
  public var isTrial = false

  /// No limits.
  public init() {}

  /// Whether there is a limit at all.
  public var isActive: Bool {
    Category.allCases.contains { byCategory[$0.rawValue] != nil } || all != nil
  }

  /// Sets the limit of a category.
  public mutating func set(_ category: Category, _ limit: RateLimit?) {
    byCategory[category.rawValue] = limit
  }
}

/// A limit on the queries of one block of clients, over all transports.
public struct QueryLimit: Sendable {
  /// What happens to a query over the limit.
  public enum Effect: Sendable, Equatable {
    /// It is answered REFUSED.
    case refuse
    /// It is not answered.
    case drop
  }

  /// How many.
  public var rate: RateLimit
  /// What happens to the others.
  public var effect: Effect
  /// Which clients share a limit.
  public var blocks: ClientBlocks
  /// Clients without limit.
  public var exempt: AddressSet

  /// Describes a limit.
  public init(rate: RateLimit, effect: Effect, blocks: ClientBlocks, exempt: AddressSet) {
    self.rate = rate
    self.effect = effect
    self.blocks = blocks
    self.exempt = exempt
  }
}

extension AbuseGuard {
  /// Whether a query is over its client's limit.
  public func isOver(_ limit: QueryLimit, _ client: IPAddress, at now: Int64) -> Bool {
    guard !limit.exempt.contains(client) else { return false }
    let key = hash.hash(.query, limit.blocks.block(of: client))
    return rates.charge(key, limit.rate, at: now) != .within
  }

  /// Judges a response.
  ///
  /// - Parameter subject: hash of what the response shares its limit with: name and type of an
  ///   answer, zone of a denial, 0 for errors.
  public func judge(
    _ category: ResponseLimits.Category, subject: UInt64, _ limits: borrowing ResponseLimits,
    to client: IPAddress, at now: Int64
  ) -> RateVerdict {
    guard !limits.exempt.contains(client) else { return .within }
    let block = limits.blocks.block(of: client)
    // As in BIND, the limit on all responses never slips.
    if let all = limits.all, rates.charge(hash.hash(.all, block), all, at: now) != .within {
      return .over
    }
    guard let limit = limits.byCategory[category.rawValue] else { return .within }
    return rates.charge(hash.hash(category.kind, block, extra: subject), limit, at: now)
  }
}

extension ResponseLimits.Category {
  var kind: LimitHash.Kind {
    switch self {
    case .answer: .answer
    case .nodata: .nodata
    case .nxdomain: .nxdomain
    case .error: .error
    }
  }
}
