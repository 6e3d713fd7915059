public import DNSWire

/// Everything counted against abuse, shared by all threads of a server.
///
/// Made once: a reload changes limits (in `ServingState` and its views), never what was counted.
public final class AbuseGuard: Sendable {
  /// Default memory of the table of rates: 131,072 clients and names.
  public static let rateOctets = 1 << 20
  /// Places for what is under way: four times the default of `resolution.outstanding`.
  private static let outstandingPlaces = 16_384

  /// Key of the hashes of clients.
  public let hash: LimitHash
  /// Key of the hashes of names.
  public let nameKey: SipHash.Key
  /// Responses and queries a second.
  public let rates: RateTable
  /// Recursion under way.
  public let outstanding: OutstandingTable
  /// Names that fail, by zone.
  public let failures: FailureGuard
  /// Pairs of client and family whose first names are remembered: 512 KiB.
  private static let firstNamePlaces = 65_536
  /// The first names of families that clients ask for.
  let firstNames = FirstNames(capacity: firstNamePlaces)

  /// Makes empty tables with keys of their own.
  public init(rateOctets: Int = rateOctets, outstanding: Int = 4_096) {
    hash = LimitHash()
    nameKey = .random()
    rates = RateTable(octets: rateOctets)
    self.outstanding = OutstandingTable(capacity: max(Self.outstandingPlaces, outstanding * 4))
    failures = FailureGuard()
  }
}
