package import Addressing
package import Evidence

/// Somebody who is told of infections, and of which.
///
/// An empty list of networks, systems or families stands for all of them. If both networks and
/// systems are named a client belongs to the recipient when either does.
package struct Recipient: Equatable, Sendable {
  /// Name in settings, status and file names.
  package var name: String
  /// Networks whose clients are the recipient's.
  package var prefixes: [IPPrefix] = []
  /// Autonomous systems whose clients are the recipient's; known only with an address database.
  package var systems: Set<UInt32> = []
  /// Families it wants, `family` or `family/variant`; nil = all.
  package var families: Set<String>?
  /// Least gate it is told of.
  package var leastGate = InfectionRecord.Gate.suspected
  /// Narrowest traffic light it may see.
  package var ceiling = TrafficLight.amber
  /// Whether it may see which subscriber line a client was.
  package var seesSubscribers = false
  /// Whether it sees pseudonyms in place of addresses.
  package var seesPseudonyms = false
  /// Whether everything it is told is a rehearsal.
  package var isTest = false

  /// A recipient of everything suspected.
  package init(name: String) { self.name = name }
}

/// Why a recipient is not told of a record: words that are counted, so always the same.
package enum SkipReason: String, CaseIterable, Sendable {
  /// The client is in none of its networks or systems.
  case notTheirs = "client of another network"
  /// It does not want the family.
  case family = "family not wanted"
  /// The score is too low.
  case gate = "below the least gate"
  /// It may not see what is marked so narrowly.
  case trafficLight = "traffic light too narrow"
  /// The record ends or corrects something it was never told of.
  case neverTold = "end of what was never told"
  /// It is older than the sink.
  case tooOld = "older than the sink"
  /// It was told of this revision, or a later one, before.
  case toldBefore = "told before"
  /// It ends an episode of which a document has told already.
  case noNews = "end of what a document told"
  /// It was erased, or is too old to be kept, before it could be sent.
  case erased = "erased before it was sent"
  /// Its address cannot be read, so that nobody knows whose client it is.
  case badAddress = "address cannot be read"
}

/// Whether a recipient is told of a record.
package enum RoutingDecision: Equatable, Sendable {
  /// It is, of this: without what it may not see.
  case send(InfectionRecord)
  /// It is not.
  case skip(SkipReason)
}

extension Recipient {
  /// Decides about one record.
  ///
  /// - Parameter told: the revision the recipient was told before; nil = nothing.
  package func decide(_ record: InfectionRecord, told: Int?) -> RoutingDecision {
    if let told, told >= record.revision { return .skip(.toldBefore) }
    // What was told once is followed up, whatever has become of score and settings since.
    if told == nil {
      if record.change == .withdrawn || record.change == .closed { return .skip(.neverTold) }
      if record.gate < leastGate { return .skip(.gate) }
    }
    if !wants(record) { return .skip(.family) }
    if let reason = foreign(record.client) { return .skip(reason) }
    // Words that are none are taken for the narrowest.
    if TrafficLight(record.tlp) ?? .red > ceiling { return .skip(.trafficLight) }
    return .send(redacted(record))
  }

  private func wants(_ record: InfectionRecord) -> Bool {
    guard let families else { return true }
    return families.contains(record.family)
      || families.contains("\(record.family)/\(record.variant)")
  }

  private func foreign(_ client: InfectionRecord.Client) -> SkipReason? {
    if prefixes.isEmpty && systems.isEmpty { return nil }
    if let asn = client.asn, systems.contains(asn) { return nil }
    guard !prefixes.isEmpty else { return .notTheirs }
    guard let address = IPAddress(client.address) else { return .badAddress }
    // A client known only by its network belongs to whom the whole network does.
    let known = client.prefixLength.map { address.isIPv4 ? $0 + 96 : $0 } ?? 128
    let isTheirs = prefixes.contains { $0.length <= known && $0.contains(address) }
    return isTheirs ? nil : .notTheirs
  }

  private func redacted(_ record: InfectionRecord) -> InfectionRecord {
    var record = record
    if !seesSubscribers { record.subscriber = nil }
    if isTest { record.isTest = true }
    return record
  }
}
