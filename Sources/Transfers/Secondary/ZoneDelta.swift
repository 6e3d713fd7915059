import DNSWire
import ZoneRecords

/// What an incremental transfer changes in all, over all its steps.
///
/// A record may go only if it is there, else the primary's idea of our version is not ours and the
/// whole zone has to be fetched. One that comes may be there already, as BIND takes it too: what is
/// right afterwards is certain, and NSD 4.6 sends records whose names have upper-case letters again.
struct ZoneDelta {
  private var removed: [Key: ZoneRecord] = [:]
  private var added: [Key: ZoneRecord] = [:]
  /// Records that came and went again: they may have been there before.
  private var passing: Set<Key> = []
  private var octets = 0
  private let limit: Int

  /// What makes two records the same: owner, type and data, without regard to letter case in names
  /// (RFC 2136 §1.1.1, RFC 4034 §6.2), and not the TTL.
  struct Key: Hashable {
    private let octets: [UInt8]

    init(_ record: borrowing ZoneRecord) {
      var octets: [UInt8] = []
      octets.reserveCapacity(record.owner.count + record.rdata.count + 2)
      for octet in record.owner { octets.append(octet.asciiLowercased) }
      octets.append(UInt8(truncatingIfNeeded: record.type.rawValue >> 8))
      octets.append(UInt8(truncatingIfNeeded: record.type.rawValue))
      RDataLayout.appendCanonical(record.type, record.rdata, to: &octets)
      self.octets = octets
    }
  }

  /// A delta of at most `limit` octets.
  init(limit: Int = TransferLimits.differenceOctets) { self.limit = limit }

  /// Notes that a record goes.
  mutating func delete(_ record: ZoneRecord) throws(TransferFault) {
    let key = Key(record)
    if added.removeValue(forKey: key) != nil {
      passing.insert(key)
      return
    }
    guard removed.updateValue(record, forKey: key) == nil else {
      throw .doesNotFit("a record is deleted twice")
    }
    try count(record)
  }

  /// Notes that a record comes.
  mutating func add(_ record: ZoneRecord) throws(TransferFault) {
    guard added.updateValue(record, forKey: Key(record)) == nil else {
      throw .doesNotFit("a record is added twice")
    }
    try count(record)
  }

  private mutating func count(_ record: ZoneRecord) throws(TransferFault) {
    octets += record.owner.count + record.rdata.count + 16
    guard octets <= limit else { throw .tooLarge("differences of more than \(limit) octets") }
  }

  /// Writes the new version: the records of the old one that stay, then those that come.
  func apply(
    to old: RecordFile, soa: ZoneRecord, into writer: inout RecordFileWriter
  ) throws -> Void {
    try writer.add(soa)
    var cursor = try old.makeCursor()
    var record = ZoneRecord()
    var gone = 0
    while try cursor.next(&record) {
      let key = Key(record)
      if removed[key] != nil {
        gone += 1
        continue
      }
      // What comes again is written below, with the TTL it has now.
      if added[key] == nil, !passing.contains(key) { try writer.add(record) }
    }
    guard gone == removed.count else {
      throw TransferFault.doesNotFit("a record that goes is not there")
    }
    for record in added.values { try writer.add(record) }
  }
}
