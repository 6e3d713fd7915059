package import FoundationEssentials

/// One response policy zone.
package struct PolicyZoneStatus: Codable, Sendable, Equatable {
  /// Its name, without the final dot.
  package var name: String
  /// The file or address it comes from.
  package var source: String
  /// When the version in force was loaded, nil while there is none.
  package var loaded: Date?
  /// The serial of its SOA record.
  package var serial: UInt32?
  /// Records read, those left out included.
  package var records = 0
  /// Rules in force.
  package var rules = 0
  /// Memory they take.
  package var bytes = 0
  /// Records left out, by reason.
  package var skipped: [String: Int] = [:]
  /// The first records left out.
  package var examples: [String] = []
  /// Matches since the start, by action.
  package var matches: [String: Int] = [:]
  /// How the copy stands, nil for zones that are not transferred.
  package var transfer: SecondaryZoneStatus?
  /// What went wrong last, nil if nothing has.
  package var error: String?

  /// A zone that has not been loaded.
  package init(name: String, source: String) {
    self.name = name
    self.source = source
  }
}

extension StatusText {
  static func policyZone(_ zone: PolicyZoneStatus) -> [String] {
    let copy = zone.transfer.map { "; \($0.state)" } ?? ""
    guard zone.loaded != nil else { return ["\(zone.name) not loaded\(copy)"] }
    let serial = zone.serial.map { "serial \($0), " } ?? ""
    var lines = ["\(zone.name) \(serial)\(grouped(zone.rules)) rules, \(bytes(zone.bytes))\(copy)"]
    if !zone.matches.isEmpty { lines.append("matches: \(words(zone.matches))") }
    if !zone.skipped.isEmpty { lines.append("skipped: \(words(zone.skipped))") }
    return lines
  }

  private static func words(_ counts: [String: Int]) -> String {
    counts.sorted { $0.key < $1.key }.map { "\($0.key) \(grouped($0.value))" }
      .joined(separator: ", ")
  }
}
