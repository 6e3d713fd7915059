/// A record in the order in which records became known: what delivery reads.
package struct FeedEntry: Equatable, Sendable {
  /// Grows by each entry, never used twice; a cursor is the last sequence that was dealt with.
  package let sequence: Int64
  /// When the entry was added, microseconds since 1970.
  package let added: Int64
  /// The record, with the subscriber if there is one: the reader takes away what a recipient may
  /// not see.
  package let record: InfectionRecord

  /// Makes an entry.
  package init(sequence: Int64, added: Int64, record: InfectionRecord) {
    self.sequence = sequence
    self.added = added
    self.record = record
  }
}

/// The durable feed of records.
package protocol RecordFeed: Sendable {
  /// Entries after a sequence, in order, at most `limit`.
  func entries(after sequence: Int64, limit: Int) throws -> [FeedEntry]
  /// The newest sequence; 0 when there is none.
  func newestSequence() throws -> Int64
}
