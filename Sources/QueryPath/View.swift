package import AbuseControl
package import Addressing
package import DNSServer
package import Policy

/// How one group of clients is treated: which policy, which answers, which services.
package final class View: Sendable {
  /// The parts, as they are handed in.
  package struct Parts: Sendable {
    /// The name the operator gave; `default` for everybody no other view takes.
    package var name = "default"
    /// Index, actions and allow list.
    package var policy: Policy
    /// What the sinkhole answers.
    package var sinkhole: SinkholeAnswers
    /// Who may recurse.
    package var recursionAccess: AccessList
    /// Who gets sinkhole answers.
    package var sinkholeAccess: AccessList
    /// Whether names are resolved for these clients at all.
    package var offersRecursion: Bool
    /// Response policy zones, nil when none is for these clients.
    package var responsePolicy: PolicyStage?
    /// Whether listed names are swallowed for these clients; nil = for those in `sinkholeAccess`.
    package var appliesPolicy: Bool?
    /// Whether lookups of listed names are recorded.
    package var recordsHits = true
    /// Whether a listed name is answered TC=1 until the client's address is verified.
    package var challenges = false
    /// Names of a family in `observe-then-sinkhole` that are denied to a client each hour.
    package var deniedNames = 3
    /// Clients for whom nothing is swallowed or recorded.
    package var optOuts: [AddressSet] = []
    /// Limits on responses over UDP.
    package var responses = ResponseLimits()
    /// Limit on queries; nil = none.
    package var queries: QueryLimit?

    /// Puts the parts together.
    package init(
      policy: Policy, sinkhole: SinkholeAnswers, recursionAccess: AccessList,
      sinkholeAccess: AccessList, offersRecursion: Bool
    ) {
      self.policy = policy
      self.sinkhole = sinkhole
      self.recursionAccess = recursionAccess
      self.sinkholeAccess = sinkholeAccess
      self.offersRecursion = offersRecursion
    }
  }

  /// The parts.
  package let parts: Parts
  let limitsResponses: Bool
  let limitsQueries: Bool

  /// Makes a view.
  package init(_ parts: Parts) {
    self.parts = parts
    limitsResponses = parts.responses.isActive
    limitsQueries = parts.queries != nil
  }

  /// Whether names are resolved for a client.
  func offersRecursion(to client: Client) -> Bool {
    parts.offersRecursion && parts.recursionAccess.contains(client.asker.address)
  }

  /// Whether a client gets sinkhole answers and its lookups are recorded.
  func sinkholes(_ client: Client) -> Bool {
    parts.appliesPolicy ?? parts.sinkholeAccess.contains(client.asker.address)
  }

  /// Whether a client wants nothing swallowed or recorded.
  func isOptedOut(_ client: Client) -> Bool {
    // By index: taking a list out would count references to its arrays.
    for index in parts.optOuts.indices where parts.optOuts[index].contains(client.remote.address) {
      return true
    }
    return false
  }

  /// What happens to a query because its client asks too much; nil for nothing.
  func excess(of client: Client, _ abuse: AbuseGuard, at now: Int64) -> QueryLimit.Effect? {
    guard let limit = parts.queries, abuse.isOver(limit, client.remote.address, at: now) else {
      return nil
    }
    return limit.effect
  }
}

/// Which view a client has: the first one that takes it.
///
/// For each listening address, the clients of all views that listen there are one table of ranges.
package struct ViewTable: Sendable {
  /// A view and whom it takes.
  package struct Entry: Sendable {
    /// The view.
    package var view: View
    /// Clients it takes; none = all.
    package var clients: [IPPrefix]
    /// Numbers of the listening addresses it takes; nil = all.
    package var listeners: Set<UInt8>?

    /// Describes an entry.
    package init(view: View, clients: [IPPrefix], listeners: Set<UInt8>?) {
      self.view = view
      self.clients = clients
      self.listeners = listeners
    }
  }

  /// Listening addresses that can be told apart.
  private static let listeners = Int(UInt8.max) + 1
  private static let everybody = [
    IPPrefix(address: IPAddress(ipv4: 0), length: 96),
    IPPrefix(address: IPAddress(high: 0, low: 0), length: 0),
  ]

  /// The view of everybody no other view takes.
  package let standard: View
  /// The others, in order.
  package let others: [View]
  private let tables: [PrefixTable]
  /// Number of the table of each listening address; empty when there are no other views.
  private let tableOfListener: [UInt8]

  /// Makes a table; of entries that take a client the first decides.
  package init(standard: View, entries: [Entry] = []) {
    self.standard = standard
    others = entries.map(\.view)
    guard !entries.isEmpty else {
      (tables, tableOfListener) = ([], [])
      return
    }
    var tables: [PrefixTable] = []
    var tableOfListener: [UInt8] = []
    // Listening addresses with the same views share a table.
    var known: [[Int]: UInt8] = [:]
    for listener in 0..<Self.listeners {
      let present = entries.indices.filter {
        entries[$0].listeners?.contains(UInt8(clamping: listener)) ?? true
      }
      if known[present] == nil {
        known[present] = UInt8(clamping: tables.count)
        tables.append(PrefixTable(Self.prefixes(of: present, entries)))
      }
      tableOfListener.append(known[present] ?? 0)
    }
    self.tables = tables
    self.tableOfListener = tableOfListener
  }

  private static func prefixes(
    of present: [Int], _ entries: [Entry]
  ) -> [(prefix: IPPrefix, value: UInt16)] {
    present.flatMap { number in
      let clients = entries[number].clients
      return (clients.isEmpty ? everybody : clients).map { ($0, UInt16(clamping: number)) }
    }
  }

  /// The view of a client.
  @inline(__always)
  package func view(for client: Client) -> View {
    guard !tables.isEmpty else { return standard }
    let table = Int(tableOfListener[Int(client.listener)])
    let number = tables[table].value(of: client.remote.address)
    return number == PrefixTable.none ? standard : others[Int(number)]
  }
}
