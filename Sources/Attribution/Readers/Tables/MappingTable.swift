import Addressing

/// Reads configurations of translators with a computed mapping (RFC 7422), one a row, with the times
/// they held: a change of configuration is a new row.
///
/// Columns by name: `inside`, `outside` (a prefix or `first-last`), `compression`, and if they differ
/// from the defaults `reserved_ports` (1024), `dynamic` (0), `algorithm` (sequential),
/// `valid_from_utc`, `valid_to_utc`.
package struct MappingTable: SourceReader {
  private static let columns = [
    "inside", "outside", "compression", "reserved_ports", "dynamic", "algorithm",
    "valid_from_utc", "valid_to_utc",
  ]
  /// Ports below the registered ones, which translators leave out (RFC 6335 §6).
  private static let reservedPorts: Int64 = 1024

  private var table = HeaderedTable(Self.columns, required: Array(Self.columns.prefix(3)))

  /// Makes a reader.
  package init() {}

  package mutating func beginFile(_ output: inout ReaderOutput) { table.beginFile() }

  package mutating func read(_ line: [UInt8], _ output: inout ReaderOutput) {
    switch table.read(line) {
    case .nothing: return
    case .flaw(let what):
      output.countRow()
      output.malformed(what)
    case .fields:
      output.countRow()
      readRow(&output)
    }
  }

  private func readRow(_ output: inout ReaderOutput) {
    guard let inside = table[0].flatMap(Self.range), let outside = table[1].flatMap(Self.range)
    else {
      return output.malformed("inside and outside must be IPv4 prefixes or ranges first-last")
    }
    guard let compression = table[2]?.decimal, let dynamic = number(4, 0),
      let reserved = number(3, Self.reservedPorts), max(compression, dynamic, reserved) < 1 << 20
    else { return output.malformed("compression, reserved_ports or dynamic is no number") }
    let name = table[5]?.text.lowercased() ?? "sequential"
    guard let algorithm = DeterministicMapping.Algorithm.allCases.first(where: { $0.name == name })
    else {
      return output.malformed("algorithm \(shown(table[5] ?? [])) is not sequential or staggered")
    }
    guard let from = instant(6, .min), let to = instant(7, .max) else {
      return output.malformed("valid_from_utc and valid_to_utc are no times")
    }
    guard
      let rule = DeterministicMapping(
        inside: inside, outside: outside, reservedPorts: Int(reserved),
        compression: Int(compression), dynamicBlocks: Int(dynamic), algorithm: algorithm,
        from: from, to: to, source: output.source)
    else {
      return output.malformed(
        "the numbers contradict each other: too many inside addresses, no ports or no time")
    }
    if from != .min { output.saw(from) }
    if to != .max { output.saw(to) }
    output.add(rule)
  }

  private func number(_ column: Int, _ missing: Int64) -> Int64? {
    guard let field = table[column] else { return missing }
    return field.decimal
  }

  private func instant(_ column: Int, _ missing: Int64) -> Int64? {
    guard let field = table[column] else { return missing }
    return InstantText.parse(field)
  }

  /// IPv4 addresses of a prefix or of `first-last`.
  private static func range(_ text: Octets) -> ClosedRange<UInt32>? {
    if let (first, last) = text.cut(at: UInt8(ascii: "-")) {
      guard let low = first.trimmed.address?.ipv4, let high = last.trimmed.address?.ipv4,
        low <= high
      else { return nil }
      return low...high
    }
    guard let prefix = text.prefix, prefix.length >= 96, let low = prefix.address.ipv4,
      let high = prefix.lastAddress.ipv4
    else { return nil }
    return low...high
  }
}
