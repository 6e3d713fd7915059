/// Tells random-subdomain attacks from ordinary failures ("water torture", PRSD).
///
/// An attack asks for ever new names below one zone, each of which has to be resolved, until the
/// zone's servers or we give in. Counted per zone are names that end in a failure (SERVFAIL,
/// time-outs), and if wished those that do not exist, each name once a while: a popular name that
/// fails for a thousand clients counts once. A zone over its limit has no *unknown* names resolved
/// until its count has gone down again; answers in the cache, and names that have resolved lately,
/// are served as ever.
public struct FailureLimits: Sendable {
  /// Names that fail, nil = not limited.
  public var failing: RateLimit?
  /// Names that do not exist, nil = not limited.
  public var nonexistent: RateLimit?

  /// Sets both limits.
  public init(failing: RateLimit? = nil, nonexistent: RateLimit? = nil) {
    self.failing = failing
    self.nonexistent = nonexistent
  }

  /// Whether there is a limit at all.
  public var isActive: Bool { failing != nil || nonexistent != nil }
}

/// What came of a resolution, as far as attacks are concerned.
public enum ResolutionResult: Sendable, Equatable {
  /// The name exists.
  case exists
  /// NXDOMAIN.
  case nonexistent
  /// SERVFAIL, whatever the reason.
  case failed
}

/// The state behind `FailureLimits`, shared by all threads.
public final class FailureGuard: Sendable {
  /// Seconds in which a name that fails again is not counted again.
  public static let repeatSeconds: Int64 = 120
  /// Seconds for which a name that resolved is taken for existing: a day, the usual longest TTL.
  public static let knownSeconds: Int64 = 86_400
  /// Names remembered of each kind: 1 MiB.
  private static let names = 1 << 17
  /// Octets for the zones' counts: 8,192 zones.
  private static let zoneOctets = 1 << 16

  private let hash: LimitHash
  private let zones: RateTable
  private let known = RecentNames(capacity: names)
  private let failed = RecentNames(capacity: names)

  /// Makes a guard that has seen nothing.
  public init(hash: LimitHash = LimitHash()) {
    self.hash = hash
    zones = RateTable(octets: Self.zoneOctets)
  }

  /// Whether a name that is not in the cache may be resolved.
  ///
  /// - Parameters:
  ///   - name: a keyed hash of the name.
  ///   - zone: its zone's, from `ZoneGuess`.
  public func admits(
    name: UInt64, zone: UInt64, _ limits: FailureLimits, at now: Int64
  ) -> Bool {
    let key = hash.hash(.zone, extra: zone)
    let isOver =
      limits.failing.map { zones.isOver(key, $0, at: now) } == true
      || limits.nonexistent.map { zones.isOver(~key, $0, at: now) } == true
    return !isOver || known.contains(name, within: Self.knownSeconds, at: now)
  }

  /// Takes note of a finished resolution.
  public func note(
    _ result: ResolutionResult, name: UInt64, zone: UInt64, _ limits: FailureLimits, at now: Int64
  ) {
    let key = hash.hash(.zone, extra: zone)
    switch result {
    case .exists:
      known.note(name, at: now)
    case .failed:
      guard let limit = limits.failing, isNew(name, now) else { return }
      _ = zones.charge(key, limit, at: now)
    case .nonexistent:
      guard let limit = limits.nonexistent, isNew(name, now) else { return }
      _ = zones.charge(~key, limit, at: now)
    }
  }

  private func isNew(_ name: UInt64, _ now: Int64) -> Bool {
    guard !failed.contains(name, within: Self.repeatSeconds, at: now) else { return false }
    failed.note(name, at: now)
    return true
  }
}
