internal import Evidence

/// What becomes of cases, as counts by family and month: figures that outlive the cases.
package enum CaseOutcome {
  private static let day = UTCTime.secondsPerDay * UTCTime.microsecondsPerSecond
  /// Times to clean are counted in days up to this; longer ones count as this.
  package static let longestDays = 366
  /// Prefix of the counts of times to clean, followed by days.
  package static let cleanPrefix = "clean-days-"

  /// Month in which a case was opened, `2026-11`.
  package static func month(of row: CaseRow) -> String {
    String(UTCTime.day(microseconds: row.opened).prefix(7))
  }

  /// The words under which a case counts.
  package static func counts(
    of row: CaseRow, transitions: [CaseTransition], lastSeen: Int64
  ) -> [String] {
    let reached = Set(transitions.map(\.to)).union([row.facts.state])
    var counts = ["opened", row.bestGate.rawValue]
    if row.facts.notices > 0 { counts.append("notified") }
    if reached.contains(.cleanedClaimed) { counts.append("cleaned-claimed") }
    if reached.contains(.verified) { counts.append("verified") }
    if reached.contains(.reopened) { counts.append("recurred") }
    if row.facts.state == .falsePositive { counts.append("false-positive") }
    if let days = daysToClean(row, transitions: transitions, lastSeen: lastSeen) {
      counts.append(cleanPrefix + String(days))
    }
    return counts
  }

  /// Days from the first notice (or the first lookup, if there was none) to the last lookup of a
  /// client that was then found to be clean; nil when it was not.
  package static func daysToClean(
    _ row: CaseRow, transitions: [CaseTransition], lastSeen: Int64
  ) -> Int? {
    guard row.facts.state == .verified else { return nil }
    let start = transitions.first { $0.to == .notified }?.time ?? row.opened
    return Int(min(max(0, (lastSeen - start) / day), Int64(longestDays)))
  }
}

/// Figures of one family and month.
package struct CaseFigures: Equatable, Sendable {
  /// Family id.
  package var family: String
  /// Month of opening, `2026-11`.
  package var month: String
  /// Cases by what became of them; the words of `CaseOutcome.counts`.
  package var counts: [String: Int]

  /// Median of the days to clean; nil when none was cleaned.
  package var medianDaysToClean: Int? {
    let days = counts.compactMap { what, count -> (Int, Int)? in
      guard what.hasPrefix(CaseOutcome.cleanPrefix) else { return nil }
      return Int(what.dropFirst(CaseOutcome.cleanPrefix.count)).map { ($0, count) }
    }.sorted { $0.0 < $1.0 }
    let total = days.reduce(0) { $0 + $1.1 }
    var seen = 0
    for (day, count) in days {
      seen += count
      if 2 * seen >= total { return day }
    }
    return nil
  }
}
