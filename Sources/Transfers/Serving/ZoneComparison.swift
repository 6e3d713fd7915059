import DNSWire
import ZoneRecords

/// Finds what differs between two versions of a zone.
enum ZoneComparison {
  /// The step from `old` to `new`; nil if it takes more than `limit` octets.
  ///
  /// Records are compared by a 128-bit hash with a key of its own each time: two that differ are
  /// taken for one with a probability below 2^-80 even in a zone of 10 million.
  static func difference(
    from old: any ZoneContent, to new: any ZoneContent, limit: Int
  ) throws -> RecordDifference? {
    let hasher = RecordHasher()
    var known: Set<SipHash.Value> = []
    var record = ZoneRecord()
    var cursor = try old.makeCursor()
    while try cursor.next(&record) { known.insert(hasher.hash(record)) }
    var octets = 0
    var additions: [ZoneRecord] = []
    cursor = try new.makeCursor()
    while try cursor.next(&record) {
      guard known.remove(hasher.hash(record)) == nil else { continue }
      additions.append(record)
      octets += Self.octets(record)
      guard octets <= limit else { return nil }
    }
    var deletions: [ZoneRecord] = []
    cursor = try old.makeCursor()
    while !known.isEmpty, try cursor.next(&record) {
      guard known.remove(hasher.hash(record)) != nil else { continue }
      deletions.append(record)
      octets += Self.octets(record)
      guard octets <= limit else { return nil }
    }
    return RecordDifference(
      oldSOA: old.soa, newSOA: new.soa, deletions: deletions, additions: additions)
  }

  static func octets(_ record: ZoneRecord) -> Int { record.owner.count + record.rdata.count + 64 }

  static func octets(_ difference: RecordDifference) -> Int {
    (difference.deletions + difference.additions).reduce(0) { $0 + octets($1) }
  }
}

/// Hashes whole records, letter case and TTL included.
private struct RecordHasher {
  private let key = SipHash.Key.random()

  func hash(_ record: ZoneRecord) -> SipHash.Value {
    var octets = record.owner
    octets.reserveCapacity(octets.count + record.rdata.count + 6)
    for shift in [8, 0] { octets.append(UInt8(truncatingIfNeeded: record.type.rawValue >> shift)) }
    for shift in [24, 16, 8, 0] { octets.append(UInt8(truncatingIfNeeded: record.ttl >> shift)) }
    octets.append(contentsOf: record.rdata)
    return SipHash.hash(octets.span, from: 0, key: key)
  }
}
