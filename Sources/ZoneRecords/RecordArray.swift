/// A walk over records that stand in an array.
public struct RecordArrayCursor: RecordCursor {
  private let records: [ZoneRecord]
  private var position = 0

  /// Walks `records`.
  public init(_ records: [ZoneRecord]) { self.records = records }

  /// Moves to the next record; false at the end.
  public mutating func next(_ record: inout ZoneRecord) -> Bool {
    guard position < records.count else { return false }
    record = records[position]
    position += 1
    return true
  }
}

/// A difference that stands in memory.
public struct RecordDifference: ZoneDifference {
  /// The SOA record before.
  public let oldSOA: ZoneRecord
  /// The SOA record after.
  public let newSOA: ZoneRecord
  /// The records that go.
  public let deletions: [ZoneRecord]
  /// The records that come.
  public let additions: [ZoneRecord]

  /// Puts a difference together.
  public init(
    oldSOA: ZoneRecord, newSOA: ZoneRecord, deletions: [ZoneRecord], additions: [ZoneRecord]
  ) {
    self.oldSOA = oldSOA
    self.newSOA = newSOA
    self.deletions = deletions
    self.additions = additions
  }

  /// The records that go.
  public func makeDeletions() -> any RecordCursor { RecordArrayCursor(deletions) }
  /// The records that come.
  public func makeAdditions() -> any RecordCursor { RecordArrayCursor(additions) }
}
