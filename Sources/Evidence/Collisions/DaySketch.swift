/// Which names the clients of one day asked for, kept just long enough to count: at the day's end
/// only numbers remain.
///
/// A client is a keyed hash (the key is drawn for the day and forgotten with it). Memory is bounded
/// by sampling clients: when the table is full, half of all hashes are left out from then on, and
/// counts are doubled. The sample depends on hashes alone, so that the order of hits does not matter.
package struct DaySketch: Sendable {
  /// What one client asked for.
  private struct Client {
    var name: UInt64
    var isInside: Bool
    var hasSeveralNames: Bool
  }

  /// Numbers of one name on one day.
  package struct NameCounts: Equatable, Sendable {
    /// Clients that asked for this listed name only, outside its validity.
    package var outside: UInt64 = 0
    /// The same within its validity.
    package var inside: UInt64 = 0

    /// Makes counts.
    package init(outside: UInt64 = 0, inside: UInt64 = 0) {
      self.outside = outside
      self.inside = inside
    }
  }

  /// Clients kept unless said otherwise: some 64 MB.
  package static let defaultCapacity = 1 << 20

  private let capacity: Int
  private var clients: [UInt64: Client] = [:]
  private var shift: UInt64 = 0

  /// An empty sketch for at most `capacity` clients.
  package init(capacity: Int = DaySketch.defaultCapacity) { self.capacity = max(1, capacity) }

  /// One in this many clients is counted.
  package var sampling: UInt64 { 1 << shift }

  /// Notes that a client asked for a name.
  ///
  /// - Parameters:
  ///   - client: hash of the suspect under the key of the day.
  ///   - name: `ListedName.key`.
  ///   - isInside: whether the name was valid then, grace included.
  ///   - isKnown: whether the client has other evidence: it is not counted at all.
  package mutating func add(client: UInt64, name: UInt64, isInside: Bool, isKnown: Bool) {
    guard isSampled(client) else { return }
    if let seen = clients[client] {
      if seen.name != name || isKnown { clients[client]?.hasSeveralNames = true }
      if isInside { clients[client]?.isInside = true }
      return
    }
    clients[client] = Client(name: name, isInside: isInside, hasSeveralNames: isKnown)
    while clients.count > capacity, shift < 63 {
      shift += 1
      clients = clients.filter { isSampled($0.key) }
    }
  }

  private func isSampled(_ client: UInt64) -> Bool {
    shift == 0 || client >> (64 - shift) == 0
  }

  /// The numbers by name, of clients that asked for one listed name only.
  package func counts() -> [UInt64: NameCounts] {
    var counts: [UInt64: NameCounts] = [:]
    for client in clients.values where !client.hasSeveralNames {
      if client.isInside {
        counts[client.name, default: NameCounts()].inside += sampling
      } else {
        counts[client.name, default: NameCounts()].outside += sampling
      }
    }
    return counts
  }
}

extension BenignRates {
  /// Learns what a day's sketch counted outside validities.
  ///
  /// - Parameters:
  ///   - listedOutside: names that were in the index that day but not valid. Those alone that were
  ///     ever counted will do: the others keep what is assumed of them, which is no less.
  ///   - clients: clients that asked the resolver anything that day, about.
  package mutating func learn(
    _ day: [UInt64: DaySketch.NameCounts], listedOutside: some Sequence<UInt64>, clients: UInt64
  ) {
    for name in listedOutside {
      var entry = counts[name] ?? Counts()
      entry.clients = Self.sum(entry.clients, day[name]?.outside ?? 0)
      entry.clientDays = Self.sum(entry.clientDays, clients)
      counts[name] = entry
    }
  }

  private static func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }
}
