public import DNSWire

/// Walks records one by one; each walk has its own.
public protocol RecordCursor {
  /// Fills `record` with the next record.
  ///
  /// - Returns: false, and `record` left in any state, when there is none left.
  /// - Throws: when the records cannot be read to the end; what was read before must not be taken
  ///   for the whole.
  mutating func next(_ record: inout ZoneRecord) throws -> Bool
}

/// One immutable version of a zone.
public protocol ZoneContent: Sendable {
  /// The name of the zone.
  var apex: Name { get }
  /// The SOA record of this version.
  var soa: ZoneRecord { get }
  /// A walk over all other records, in any order; called once per transfer, on any thread, and
  /// used on one thread at a time. Reading must not wait for anything but local memory or disk.
  func makeCursor() throws -> any RecordCursor
  /// The steps from the version with `serial` to this one, oldest first; nil when they are not
  /// known, so that the whole zone is sent instead.
  func differences(since serial: UInt32) -> [any ZoneDifference]?
}

extension ZoneContent {
  /// The serial number of this version.
  public var serial: UInt32 { soa.serial ?? 0 }

  /// No differences are known.
  public func differences(since serial: UInt32) -> [any ZoneDifference]? { nil }
}

/// One step from a version of a zone to a later one (RFC 1995 §4).
public protocol ZoneDifference: Sendable {
  /// The SOA record before.
  var oldSOA: ZoneRecord { get }
  /// The SOA record after.
  var newSOA: ZoneRecord { get }
  /// A walk over the records that go, the SOA record not among them.
  func makeDeletions() throws -> any RecordCursor
  /// A walk over the records that come, the SOA record not among them.
  func makeAdditions() throws -> any RecordCursor
}

/// A zone that can be transferred.
public protocol TransferSource: Sendable {
  /// The name of the zone.
  var apex: Name { get }
  /// The version to hand out now; nil while there is none, which is answered SERVFAIL.
  func current() -> (any ZoneContent)?
}
