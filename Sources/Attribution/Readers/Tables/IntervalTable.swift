/// Reads our own interval CSV, which any operator can write from what they have.
///
/// Columns by name: `subscriber_key`, `ip_or_prefix`, `port_start`, `port_end`, `proto`,
/// `valid_from_utc`, `valid_to_utc`, `source`. Empty ports and protocol mean all, an empty start since
/// ever, an empty end still; `source` is for people.
package struct IntervalTable: SourceReader {
  private enum Column: Int, CaseIterable {
    case key, prefix, firstPort, lastPort, transport, from, to
    var name: String {
      switch self {
      case .key: "subscriber_key"
      case .prefix: "ip_or_prefix"
      case .firstPort: "port_start"
      case .lastPort: "port_end"
      case .transport: "proto"
      case .from: "valid_from_utc"
      case .to: "valid_to_utc"
      }
    }
  }

  private var table = HeaderedTable(
    Column.allCases.map(\.name), required: ["subscriber_key", "ip_or_prefix"])

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

  private subscript(column: Column) -> Octets? { table[column.rawValue] }

  private func readRow(_ output: inout ReaderOutput) {
    guard let key = self[.key], SubscriberKey.isValid(key) else {
      return output.malformed("subscriber_key is missing or has control characters")
    }
    guard let prefix = self[.prefix]?.prefix else {
      return output.malformed("ip_or_prefix \(shown(self[.prefix] ?? [])) is none")
    }
    guard let ports = PortText.range(self[.firstPort], self[.lastPort]) else {
      return output.malformed("port_start and port_end are no range of ports")
    }
    guard let transport = PortText.transport(self[.transport]) else {
      return output.malformed("proto \(shown(self[.transport] ?? [])) is unknown")
    }
    guard let from = instant(.from, open: .min), let to = instant(.to, open: .max), from < to else {
      return output.malformed("valid_from_utc and valid_to_utc are no interval of time")
    }
    if from != .min { output.saw(from) }
    if to != .max { output.saw(to) }
    output.add(
      AddressInterval(prefix: prefix, ports: ports, transport: transport, from: from, to: to),
      .subscriber(key))
  }

  private func instant(_ column: Column, open: Int64) -> Int64? {
    guard let field = self[column] else { return open }
    return InstantText.parse(field)
  }
}
