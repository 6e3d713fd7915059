/// What was read of one source, as the index remembers it.
package struct SourceSummary: Equatable, Sendable {
  /// The kind of join the source allows, as records name it: `radius`, `kea`, `dhcpd`, `cgnat`,
  /// `intervals`.
  package var join: String
  /// Format, as the configuration names it.
  package var format: String
  /// Path, or the first of several.
  package var path: String
  /// Rows or records with data.
  package var rows = 0
  /// Those that could not be read.
  package var malformed = 0
  /// Intervals they gave.
  package var intervals = 0
  /// Earliest instant that was told, microseconds since 1970; nil = none.
  package var earliest: Int64?
  /// Latest instant that was told, microseconds since 1970; nil = none.
  package var latest: Int64?

  /// Most sources of one index: source numbers are one octet.
  package static let limit = 255

  /// Makes a summary of nothing read yet.
  package init(join: String, format: String, path: String) {
    self.join = join
    self.format = format
    self.path = path
  }

  /// The line of the index.
  var line: String {
    let fields = [
      join, format, String(path.map { $0 == "\t" || $0.isNewline ? "?" : $0 }), String(rows),
      String(malformed), String(intervals), earliest.map(String.init) ?? "",
      latest.map(String.init) ?? "",
    ]
    return fields.joined(separator: "\t")
  }

  /// Reads a line of the index.
  init?(line: Substring) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 8, let rows = Int(fields[3]), let malformed = Int(fields[4]),
      let intervals = Int(fields[5])
    else { return nil }
    self.init(join: fields[0], format: fields[1], path: fields[2])
    self.rows = rows
    self.malformed = malformed
    self.intervals = intervals
    earliest = Int64(fields[6])
    latest = Int64(fields[7])
  }
}
