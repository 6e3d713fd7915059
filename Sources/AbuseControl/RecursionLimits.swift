public import Addressing
public import DNSWire
public import Policy

/// Limits on handing questions to recursion, common to all views.
public struct RecursionLimits: Sendable {
  /// Which clients share a limit.
  public var blocks = ClientBlocks(ipv4: 32, ipv6: 56)
  /// Questions under way per block of clients; nil = no limit.
  public var perClient: Int?
  /// Questions under way per zone; nil = no limit.
  public var perZone: Int?
  /// Names that fail.
  public var failures = FailureLimits()
  /// How a name's zone is guessed.
  public var zones = ZoneGuess(suffixes: [])
  /// Zones that are never limited.
  public var exempt = NameSet([])

  /// No limits.
  public init() {}

  /// Whether there is anything to be counted per zone.
  var looksAtZones: Bool { perZone != nil || failures.isActive }
}

/// `RecursionLimits` in force: an object, because copying them for each question would count
/// references to all their lists.
public final class RecursionRules: Sendable {
  /// The limits.
  public let limits: RecursionLimits

  /// Puts limits in force.
  public init(_ limits: RecursionLimits) { self.limits = limits }
}

/// A question that was let into recursion, and what has to be taken back when it is answered.
public struct RecursionTicket: Sendable {
  let client: OutstandingTable.Admission
  let zone: OutstandingTable.Admission
  let nameHash: UInt64
  let zoneHash: UInt64?

  /// Counts nothing.
  public static let free = RecursionTicket(
    client: .uncounted, zone: .uncounted, nameHash: 0, zoneHash: nil)
}

/// Why a question was not let into recursion.
public enum RecursionRefusal: Error, Sendable, Equatable {
  /// The client has too many under way.
  case client
  /// The zone has too many under way.
  case zone
  /// The zone is drawing names that fail.
  case randomSubdomains
}

extension AbuseGuard {
  /// Lets a question into recursion, or says why not.
  ///
  /// - Parameter nameHash: a keyed hash of `name`.
  public func admit(
    _ name: borrowing NameBuffer, nameHash: UInt64, from client: IPAddress,
    _ rules: RecursionRules, at now: Int64
  ) -> Result<RecursionTicket, RecursionRefusal> {
    var zone: ZoneGuess.Zone?
    if rules.limits.looksAtZones {
      // No `&&`: its right side would capture the borrowed name.
      if !rules.limits.exempt.covers(name) { zone = rules.limits.zones.zone(of: name) }
    }
    if let zone, rules.limits.failures.isActive,
      !failures.admits(name: nameHash, zone: zone.hash, rules.limits.failures, at: now)
    {
      return .failure(.randomSubdomains)
    }
    var ofClient = OutstandingTable.Admission.uncounted
    if let limit = rules.limits.perClient {
      ofClient = outstanding.enter(
        hash.hash(.client, rules.limits.blocks.block(of: client)), limit: limit)
      guard ofClient != .refused else { return .failure(.client) }
    }
    var ofZone = OutstandingTable.Admission.uncounted
    if let zone, let limit = rules.limits.perZone {
      ofZone = outstanding.enter(hash.hash(.zone, extra: zone.hash), limit: limit)
      guard ofZone != .refused else {
        outstanding.leave(ofClient)
        return .failure(.zone)
      }
    }
    return .success(
      RecursionTicket(client: ofClient, zone: ofZone, nameHash: nameHash, zoneHash: zone?.hash))
  }

  /// Takes back what was counted for a question that is not under way any more.
  public func leave(_ ticket: RecursionTicket) {
    outstanding.leave(ticket.client)
    outstanding.leave(ticket.zone)
  }

  /// Takes note of the result of a resolution.
  public func note(
    _ result: ResolutionResult, of ticket: RecursionTicket, _ limits: FailureLimits, at now: Int64
  ) {
    guard limits.isActive, let zone = ticket.zoneHash else { return }
    failures.note(result, name: ticket.nameHash, zone: zone, limits, at: now)
  }
}
