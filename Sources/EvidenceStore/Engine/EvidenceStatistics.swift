package import Evidence

/// How far the engine is, and what it found.
package struct EvidenceStatistics: Equatable, Sendable {
  /// Number of the newest hit that is scored, in the present database of hits.
  package var cursor: Int64 = 0
  /// Hits folded in since the start.
  package var folded: UInt64 = 0
  /// Records added to the feed since the start.
  package var records: UInt64 = 0
  /// Open episodes by gate: recorded, suspected, likely, confirmed.
  package var open = [0, 0, 0, 0]
  /// Names in quarantine.
  package var quarantined = 0
  /// Newest sequence of the feed.
  package var newestSequence: Int64 = 0
  /// Why nothing is scored at present; nil while it is.
  package var lastError: String?
  /// Since when, microseconds since 1970.
  package var failingSince: Int64?
  /// When the last step was done, microseconds since 1970.
  package var lastStep: Int64?
  /// Whether the past is being computed again.
  package var isRebuilding = false
  /// Damaged databases set aside.
  package var damagedDatabases = 0
  /// Hits whose line was asked for since the start, by answer.
  package var attributed: [InfectionRecord.Subscriber.State: UInt64] = [:]
  /// Why attribution does not answer; nil while it does, or is not used.
  package var attributionProblem: String?

  /// An engine that has done nothing yet.
  package init() {}

  /// Takes up what attribution said of a batch.
  mutating func add(_ joined: JoinedHits, _ problem: String?) {
    for line in joined.lines.values { attributed[line.state, default: 0] += 1 }
    attributionProblem = problem
  }
}
