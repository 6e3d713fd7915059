/// What the hit log did since it was opened, and how it stands.
package struct HitLogStatistics: Equatable, Sendable {
  /// Hits appended to the rings.
  package var appended: UInt64 = 0
  /// Rows stored.
  package var storedRows: UInt64 = 0
  /// Hits those rows stand for.
  package var storedHits: UInt64 = 0
  /// Hits that became part of another row's count.
  package var folded: UInt64 = 0
  /// Hits refused because a ring was full, over the life of the ring files.
  package var dropped: UInt64 = 0
  /// Hits of an earlier process that could not be read any more.
  package var lost: UInt64 = 0
  /// Hits in the rings that are not stored yet.
  package var waiting: UInt64 = 0
  /// Hits held in memory because the database fails and the rings are nearly full.
  package var held: UInt64 = 0
  /// How full the fullest ring is, from 0 to 1.
  package var ringFill: Double = 0
  /// Rings that live in memory because their file could not be made.
  package var memoryRings = 0
  /// Damaged ring files set aside.
  package var damagedRings = 0
  /// Damaged databases set aside.
  package var damagedDatabases = 0
  /// Why hits are not stored at present; nil while they are.
  package var lastError: String?
  /// Since when hits are not stored, microseconds since 1970.
  package var failingSince: Int64?
  /// Number of the newest stored row; 0 when there is none or the database cannot be read.
  package var newestRow: Int64 = 0
  /// Last successful drain, microseconds since 1970.
  package var lastStored: Int64?

  /// Statistics of a log that did nothing yet.
  package init() {}
}
