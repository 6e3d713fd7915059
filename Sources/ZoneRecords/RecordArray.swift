/// A walk over records that stand in an array.
package struct RecordArrayCursor: RecordCursor {
  private let records: [ZoneRecord]
  private var position = 0

  /// Walks `records`.
  package init(_ records: [ZoneRecord]) { self.records = records }

  package mutating func next(_ record: inout ZoneRecord) -> Bool {
    guard position < records.count else { return false }
    record = records[position]
    position += 1
    return true
  }
}

/// A difference that stands in memory.
package struct RecordDifference: ZoneDifference {
  package let oldSOA: ZoneRecord
  package let newSOA: ZoneRecord
  /// The records that go.
  package let deletions: [ZoneRecord]
  /// The records that come.
  package let additions: [ZoneRecord]

  /// Puts a difference together.
  package init(
    oldSOA: ZoneRecord, newSOA: ZoneRecord, deletions: [ZoneRecord], additions: [ZoneRecord]
  ) {
    self.oldSOA = oldSOA
    self.newSOA = newSOA
    self.deletions = deletions
    self.additions = additions
  }

  package func makeDeletions() -> any RecordCursor { RecordArrayCursor(deletions) }
  package func makeAdditions() -> any RecordCursor { RecordArrayCursor(additions) }
}
