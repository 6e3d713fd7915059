package import FoundationEssentials

/// What became of stored hits.
package struct EvidenceStatus: Codable, Sendable, Equatable {
  /// Hits stored but not scored yet.
  package var pending = 0
  /// Hits scored since the start.
  package var scored = 0
  /// Records added to the feed since the start.
  package var records = 0
  /// Newest sequence of the feed.
  package var newestSequence = 0
  /// Open episodes by gate.
  package var open: [String: Int] = [:]
  /// Names in quarantine.
  package var quarantined = 0
  /// Whether stored hits are being scored again.
  package var isRebuilding = false
  /// Damaged databases that were set aside.
  package var damagedDatabases = 0
  /// Hits by what attribution said of them since the start: `unique`, `ambiguous`, `unknown`.
  package var attributed: [String: Int] = [:]
  /// Why attribution does not answer, nil while it does or is not used.
  package var attributionProblem: String?
  /// When the engine last did something without failing.
  package var lastStep: Date?
  /// Why hits are not scored at present, nil while they are.
  package var lastError: String?

  /// Nothing was scored.
  package init() {}
}
