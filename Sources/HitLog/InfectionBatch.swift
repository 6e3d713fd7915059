import Evidence

/// Gathers what one batch says about infections, so that the database is asked once per client
/// and generator and once per touched chunk of names, not once per hit.
struct InfectionBatch {
  /// A client and a generator.
  struct Key: Hashable, Comparable {
    let high: UInt64
    let low: UInt64
    let generator: Int64
    /// Known bits of the address; 0 = all.
    let prefix: UInt8
    let device: [UInt8]

    static func < (left: Key, right: Key) -> Bool {
      if left.low != right.low { return left.low < right.low }
      if left.high != right.high { return left.high < right.high }
      if left.generator != right.generator { return left.generator < right.generator }
      if left.prefix != right.prefix { return left.prefix < right.prefix }
      return left.device.lexicographicallyPrecedes(right.device)
    }
  }

  /// What the batch adds to one infection.
  struct Change {
    let key: Key
    var hits: Int64 = 0
    var verified: Int64 = 0
    /// Lookups answered TC=1; counted as hits when the batch is complete.
    var challenged: Int64 = 0
    var first: Int64 = .max
    var last: Int64 = .min
    var qtypes: [UInt16] = []
    var transports: Int64 = 0
    var lastPort: UInt16 = 0
    var lastServer: Int64 = 0
    /// Both halves 0 when the client itself asked.
    var lastRelay: (high: UInt64, low: UInt64) = (0, 0)
    var lastRelayPort: UInt16 = 0
  }

  /// One name of an infection's generator that was looked up.
  struct NameMark: Comparable {
    /// The infection: a position in `changes`.
    var change: Int32
    let ordinal: UInt32
    let period: Int64

    static func < (left: NameMark, right: NameMark) -> Bool {
      if left.change != right.change { return left.change < right.change }
      if left.period != right.period { return left.period < right.period }
      return left.ordinal < right.ordinal
    }
  }

  private(set) var changes: ContiguousArray<Change> = []
  private(set) var names: ContiguousArray<NameMark> = []
  private var indices: [Key: Int32] = [:]
  private var lastIndex: Int32 = -1

  mutating func removeAll() {
    changes.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    indices.removeAll(keepingCapacity: true)
    lastIndex = -1
  }

  /// Orders changes and names by client and generator, so that neighbours in the database are
  /// touched together; ends the adding.
  mutating func sort() {
    // A challenged lookup and the verified one it brought about are one; forged ones bring none.
    for index in changes.indices where changes[index].challenged > 0 {
      changes[index].hits += max(0, changes[index].challenged - changes[index].verified)
    }
    let order = changes.indices.sorted { changes[$0].key < changes[$1].key }
    var places = ContiguousArray<Int32>(repeating: 0, count: changes.count)
    for (place, former) in order.enumerated() { places[former] = Int32(place) }
    changes = ContiguousArray(order.lazy.map { [changes] in changes[$0] })
    for index in names.indices { names[index].change = places[Int(names[index].change)] }
    names.sort()
  }

  /// Adds one folded hit for one of its generators.
  mutating func add(
    _ entry: HitFold.Entry, event: HitEvent, server: Int64, mark: ProvenanceTable.Mark
  ) {
    let key = Key(
      high: event.clientHigh, low: event.clientLow, generator: mark.generator,
      prefix: event.clientPrefix, device: entry.record.device)
    let index = self.index(key)
    let isVerified = event.flags & HitEvent.addressVerified != 0
    let transport = Int64(1) << Int64(event.transport & 3)
    changes.withUnsafeMutableBufferPointer { buffer in
      let at = Int(index)
      if event.flags & HitEvent.challenged != 0 {
        buffer[at].challenged += entry.count
      } else {
        buffer[at].hits += entry.count
      }
      if isVerified { buffer[at].verified += entry.count }
      buffer[at].first = min(buffer[at].first, entry.first)
      if entry.last >= buffer[at].last {
        buffer[at].last = entry.last
        buffer[at].lastPort = event.clientPort
        buffer[at].lastServer = server
        buffer[at].lastRelay = (event.relayHigh, event.relayLow)
        buffer[at].lastRelayPort = event.relayPort
      }
      buffer[at].transports |= transport
      if !buffer[at].qtypes.contains(event.qtype) { buffer[at].qtypes.append(event.qtype) }
    }
    let ordinal = mark.ordinal ?? entry.record.matchedNameHash
    names.append(NameMark(change: index, ordinal: ordinal, period: mark.period))
  }

  private mutating func index(_ key: Key) -> Int32 {
    if lastIndex >= 0, changes[Int(lastIndex)].key == key { return lastIndex }
    if let known = indices[key] {
      lastIndex = known
      return known
    }
    let index = Int32(changes.count)
    changes.append(Change(key: key))
    indices[key] = index
    lastIndex = index
    return index
  }
}
