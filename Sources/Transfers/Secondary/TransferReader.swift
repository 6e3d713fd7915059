package import DNSWire
package import ZoneRecords

/// What a transfer consists of, in the order in which it comes.
package enum TransferEvent: Sendable, Equatable {
  /// The version in hand is the newest.
  case current
  /// The primary has a newer version but sent nothing of it: ask for the whole zone.
  case newer
  /// The whole zone follows; its SOA record is this.
  case whole(ZoneRecord)
  /// A record of the whole zone.
  case record(ZoneRecord)
  /// Differences follow that lead to the version with this SOA record.
  case incremental(ZoneRecord)
  /// A record that goes.
  case deletion(ZoneRecord)
  /// A record that comes.
  case addition(ZoneRecord)
  /// The transfer is whole.
  case end
}

/// Understands the messages of an AXFR or IXFR answer (RFC 5936 §2.2, RFC 1995 §4).
///
/// Pure: no sockets, no files. It believes nothing: every message must belong to the request, every
/// record to the zone, every SOA record to its place, and nothing may follow the end.
package struct TransferReader: Sendable {
  /// What was asked for.
  package enum Request: Sendable, Equatable {
    /// The whole zone.
    case whole
    /// What has changed since the version with this serial number.
    case since(UInt32)
  }

  private enum Place: Equatable {
    case start
    case afterFirstSOA
    case whole
    case deletions
    case additions(serial: UInt32)
    case done
  }

  private let apex: Name
  private let request: Request
  private let id: UInt16
  private var place = Place.start
  private var newest = ZoneRecord()
  private var newestSerial: UInt32 = 0
  private var steps = 0

  /// Reads the answer to a request for `apex` that had the ID `id`.
  package init(apex: Name, request: Request, id: UInt16) {
    self.apex = apex
    self.request = request
    self.id = id
  }

  /// Whether the transfer is complete.
  package var isDone: Bool { place == .done }

  /// Takes one message.
  ///
  /// - Parameter consume: gets each event, and may refuse it.
  package mutating func take(
    _ message: Span<UInt8>,
    _ consume: (TransferEvent) throws(TransferFault) -> Void
  ) throws(TransferFault) {
    guard place != .done else { throw .disorder("a message behind the end") }
    var walk = AnswerRecords(message)
    try walk.readHead(id: id, apex: apex)
    guard walk.remaining > 0 else { throw .unreadable("a message without records") }
    while walk.remaining > 0 {
      try take(try walk.next(in: apex), consume)
    }
    // RFC 1995 §2: one SOA record says "this is my version" and nothing more.
    guard place == .afterFirstSOA, case .since(let known) = request else { return }
    place = .done
    let isNewer = SerialNumber.isNewer(newestSerial, than: known)
    try consume(isNewer ? .newer : .current)
  }

  private mutating func take(
    _ record: ZoneRecord, _ consume: (TransferEvent) throws(TransferFault) -> Void
  ) throws(TransferFault) {
    let serial = record.type == .soa ? try Self.serial(record, apex) : nil
    switch place {
    case .start:
      guard let serial else { throw .disorder("does not start with the SOA record") }
      (newest, newestSerial, place) = (record, serial, .afterFirstSOA)
      if request == .whole { try beginWhole(consume) }
    case .afterFirstSOA:
      try takeSecond(record, serial, consume)
    case .whole:
      try takeWhole(record, serial, consume)
    case .deletions:
      guard let serial else { return try consume(.deletion(record)) }
      steps += 1
      guard steps <= TransferLimits.differenceSteps else { throw .tooLarge("too many versions") }
      place = .additions(serial: serial)
    case .additions(let step):
      try takeAddition(record, serial, step, consume)
    case .done:
      throw .disorder("a record behind the end")
    }
  }

  private mutating func beginWhole(
    _ consume: (TransferEvent) throws(TransferFault) -> Void
  ) throws(TransferFault) {
    place = .whole
    try consume(.whole(newest))
  }

  /// The second record of an answer to IXFR tells whether it is one in the form of AXFR
  /// (RFC 1995 §4).
  private mutating func takeSecond(
    _ record: ZoneRecord, _ serial: UInt32?,
    _ consume: (TransferEvent) throws(TransferFault) -> Void
  ) throws(TransferFault) {
    if case .since(let known) = request, let serial, serial == known, serial != newestSerial {
      place = .deletions
      return try consume(.incremental(newest))
    }
    try beginWhole(consume)
    try takeWhole(record, serial, consume)
  }

  private mutating func takeWhole(
    _ record: ZoneRecord, _ serial: UInt32?,
    _ consume: (TransferEvent) throws(TransferFault) -> Void
  ) throws(TransferFault) {
    guard let serial else { return try consume(.record(record)) }
    guard serial == newestSerial else { throw .disorder("another SOA record in the middle") }
    place = .done
    try consume(.end)
  }

  private mutating func takeAddition(
    _ record: ZoneRecord, _ serial: UInt32?, _ step: UInt32,
    _ consume: (TransferEvent) throws(TransferFault) -> Void
  ) throws(TransferFault) {
    guard let serial else { return try consume(.addition(record)) }
    // The step that has been completed is either the last one or where the next one starts.
    guard serial == step else { throw .disorder("steps that do not follow each other") }
    guard step == newestSerial else {
      place = .deletions
      return
    }
    place = .done
    try consume(.end)
  }

  private static func serial(
    _ record: ZoneRecord, _ apex: Name
  ) throws(TransferFault) -> UInt32 {
    guard let serial = record.serial else { throw .unreadable("malformed SOA record") }
    guard (try? Name(wire: record.owner)) == apex else {
      throw .disorder("a SOA record below the apex")
    }
    return serial
  }
}
