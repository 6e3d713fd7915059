package import AbuseControl
import ClientIdentity
package import DNSWire
import DomainIndex
import Policy
import Synchronization
package import Transfers
package import Zones

/// Everything that decides how a query is answered, in one immutable value.
///
/// A reload or a new index makes a new one; `Published` hands it to the threads.
package final class ServingState: Sendable {
  /// The parts, as they are handed in.
  package struct Parts: Sendable {
    /// How clients are treated.
    package var views: ViewTable
    /// Zones served with authority.
    package var zones: ZoneSet
    /// What the server says of itself.
    package var identity: ServerIdentity
    /// Largest UDP answer, octets.
    package var udpPayload: Int
    /// The name that tells whether the server is fit, nil for none.
    package var health: HealthName?
    /// How long connections may be idle.
    package var idleTimes = IdleTimes()
    /// Where this server is found over TLS and HTTPS; nil tells nobody.
    package var designated: DesignatedResolver?
    /// Whose word about clients is taken.
    package var senders = TrustedSenders()
    /// DNS cookies.
    package var cookies = CookiePolicy(secrets: .random())
    /// Limits on handing questions to recursion.
    package var recursion = RecursionLimits()
    /// Special-use names that are resolved like others, with all below them.
    package var ordinaryNames: [Name] = []
    /// Which transports get one RRset instead of all for questions of type ANY.
    package var minimalAny = MinimalAny.always
    /// Zones offered for transfer, keys, and where notifications go.
    package var transfers = TransferState()
    /// Who is told of messages; nil for nobody.
    package var tap: (any MessageTapSource)?

    /// Puts the parts together.
    package init(views: ViewTable, zones: ZoneSet, identity: ServerIdentity, udpPayload: Int) {
      self.views = views
      self.zones = zones
      self.identity = identity
      self.udpPayload = udpPayload
    }
  }

  /// The parts.
  package let parts: Parts
  let views: ViewTable
  /// Looked at for each query, where `views` itself would count references.
  let standardView: View
  let hasSeveralViews: Bool
  /// Whether any balancer puts a header before what it passes on.
  let hasProxies: Bool
  let special: SpecialNames
  let identifier: [UInt8]
  let serial: UInt32
  let offered: OfferedZones
  let generation: UInt64
  let recursionRules: RecursionRules
  /// Tells it from all others there were since the start.
  let number: UInt64
  private static let lastNumber = Atomic<UInt64>(0)
  /// Octets of the health name, 0 for none: comparing a number spares other names its reference
  /// counts, which all threads would share.
  let healthOctets: Int
  /// Number of the tap, 0 for none: the one thing looked at per query when there is none.
  let tapSerial: Int

  /// Makes a state.
  package init(_ parts: Parts) {
    self.parts = parts
    number = Self.lastNumber.add(1, ordering: .relaxed).newValue
    recursionRules = RecursionRules(parts.recursion)
    views = parts.views
    standardView = parts.views.standard
    hasSeveralViews = !parts.views.others.isEmpty
    hasProxies = parts.senders.proxies != AccessList([])
    special = SpecialNames(except: parts.ordinaryNames)
    healthOctets = parts.health?.wire.count ?? 0
    tapSerial = parts.tap?.serial ?? 0
    offered = OfferedZones(parts.transfers.zones, besides: parts.zones)
    identifier = parts.identity.identifierOctets
    let index = parts.views.standard.parts.policy.index
    serial = UInt32(truncatingIfNeeded: index?.builtAt ?? 0)
    generation = index?.generation ?? 0
  }
}
