import Evidence

/// The rule numbers Ponor uses, all within Suricata's range for local rules (1,000,000–1,999,999).
enum SuricataIDs {
  /// First number of rules made for single names.
  static let firstRule = 1_900_100
  /// Last number of the local range.
  static let lastRule = 1_999_999
  /// The rule that asks a list of names (docs/exports-siem.md).
  static let datasetRule = 1_900_050
  private static let alerts: Int64 = 1_900_000

  /// The number of a record's alert: by gate from `recorded` to `confirmed`, then withdrawals.
  static func signature(_ facts: RecordFacts) -> Int64 {
    alerts + (facts.isWithdrawn ? 9 : Int64(facts.record.gate.rank))
  }
}
