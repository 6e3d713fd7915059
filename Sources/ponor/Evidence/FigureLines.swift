import Evidence
import EvidenceStore
import Exporters

/// A case on one line.
enum CaseLines {
  static func text(_ report: EpisodeReport) -> String {
    [
      report.caseNumber.description, report.facts.state.name, report.score.gate.rawValue,
      SafeText.terminal(report.family), SafeText.terminal(report.suspect),
      UTCTime.rfc3339(microseconds: report.last),
    ].joined(separator: "  ")
  }
}

/// Figures of cases by family and month.
enum FigureLines {
  private static let columns = [
    ("OPENED", "opened"), ("LIKELY", "likely"), ("CONFIRMED", "confirmed"),
    ("NOTIFIED", "notified"), ("CLEANED", "verified"), ("RECURRED", "recurred"),
    ("FALSE", "false-positive"),
  ]

  static let head = line(
    "MONTH", "FAMILY", columns.map(\.0), "DAYS TO CLEAN (MEDIAN)")

  static func text(_ figures: CaseFigures) -> String {
    line(
      figures.month, SafeText.terminal(figures.family),
      columns.map { "\(figures.counts[$0.1] ?? 0)" },
      figures.medianDaysToClean.map { "\($0)" } ?? "-")
  }

  static func json(_ figures: CaseFigures) -> String {
    let counts = figures.counts.sorted { $0.key < $1.key }
      .map { "\(SafeText.json($0.key)):\($0.value)" }.joined(separator: ",")
    let median = figures.medianDaysToClean.map { "\($0)" } ?? "null"
    return "{\"family\":\(SafeText.json(figures.family)),\"month\":\"\(figures.month)\","
      + "\"median_days_to_clean\":\(median),\"counts\":{\(counts)}}"
  }

  private static func line(
    _ month: String, _ family: String, _ counts: [String], _ days: String
  ) -> String {
    pad(month, 9) + pad(family, 20) + counts.map { pad($0, 11) }.joined() + days
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.utf8.count))
  }
}
