/// The number of a case as notices print it: `PN-2026-000123`, the year it was opened and a count.
package struct CaseNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Year of the first lookup, UTC.
  package let year: Int
  /// Count within the year, from 1.
  package let count: Int

  /// Counts of a year go up to this; more do not fit the stored number.
  static let maximumCount = 999_999_999
  private static let digits = 6

  /// Makes a number from its parts.
  package init(year: Int, count: Int) {
    self.year = year
    self.count = count
  }

  /// The number as it is stored: years first, so that later cases have larger numbers.
  package var stored: Int64 { Int64(year) * Int64(Self.maximumCount + 1) + Int64(count) }

  /// Takes a stored number.
  package init(stored: Int64) {
    year = Int(stored / Int64(Self.maximumCount + 1))
    count = Int(stored % Int64(Self.maximumCount + 1))
  }

  /// Reads `PN-2026-000123`, either case; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].uppercased() == "PN",
      parts[1].count == 4, parts[1].allSatisfy(\.isNumber), let year = Int(parts[1]),
      (Self.digits...9).contains(parts[2].count), let count = Int(parts[2]), count > 0,
      parts[2].allSatisfy(\.isNumber)
    else { return nil }
    self.init(year: year, count: count)
  }

  /// Orders by year, then by count.
  package static func < (left: CaseNumber, right: CaseNumber) -> Bool { left.stored < right.stored }

  /// `PN-2026-000123`.
  package var description: String {
    let count = String(self.count)
    let zeros = String(repeating: "0", count: max(0, Self.digits - count.utf8.count))
    return "PN-\(year)-\(zeros)\(count)"
  }
}
