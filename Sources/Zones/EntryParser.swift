package import DNSWire
package import ZoneRecords

/// What directives and earlier entries of a master file mean for the next entry.
package struct EntryState: Sendable {
  /// What relative names are relative to.
  package var origin: Name
  /// The owner of the entry before.
  package var previous: Name?
  /// What `$TTL` said.
  package var defaultTTL: UInt32?
  /// The TTL stated last.
  package var lastTTL: UInt32?

  /// The state at the start of a file.
  package init(origin: Name) { self.origin = origin }
}

/// Why an entry of a master file gives no record.
package enum EntryProblem: Error, Sendable, Equatable {
  /// It is of another class than IN.
  case notInternet
  /// A name or label is too long.
  case tooLong
  /// Anything else, in words.
  case syntax(String)
}

/// Reads single entries of a master file (RFC 1035 §5.1), for readers that find the entries
/// themselves because a file is too large, or too faulty, for `ZoneSet`.
///
/// `$INCLUDE` is refused: such files come from strangers.
package final class EntryParser {
  private let rdataParser = RdataParser()

  /// Makes a parser; it belongs to one thread.
  package init() {}

  /// Reads one entry: a record, or a directive, which gives none.
  ///
  /// - Parameter text: the entry with its line ends, comments and parentheses.
  package func parse(
    _ text: [UInt8], _ state: inout EntryState
  ) throws(EntryProblem) -> ZoneRecord? {
    do throws(MasterFileFault) {
      var lines = LogicalLines(text)
      guard let entry = try lines.next() else { return nil }
      var fields = EntryFields(entry.text)
      if entry.text.first == UInt8(ascii: "$") {
        try direct(&fields, &state)
        return nil
      }
      return try record(entry, &fields, &state)
    } catch {
      throw problem(error)
    }
  }

  private func problem(_ fault: MasterFileFault) -> EntryProblem {
    if fault.problem.hasPrefix("class ") { return .notInternet }
    let isLong = ["labelTooLong", "nameTooLong"].contains { fault.problem.contains($0) }
    return isLong ? .tooLong : .syntax(fault.problem)
  }

  private func direct(
    _ fields: inout EntryFields, _ state: inout EntryState
  ) throws(MasterFileFault) {
    let name = fields.next().map(MasterFileParser.quoted) ?? ""
    switch name.uppercased() {
    case "$ORIGIN":
      state.origin = try MasterFileParser.name(fields.next(), origin: state.origin)
    case "$TTL":
      guard let text = fields.next(), let ttl = try MasterFileParser.ttl(text) else {
        throw MasterFileFault(problem: "$TTL without a time", advice: "write $TTL 1h")
      }
      state.defaultTTL = ttl
    default:
      throw MasterFileFault(
        problem: "directive \(name) is not offered", advice: "use $ORIGIN and $TTL")
    }
  }

  private func record(
    _ entry: LogicalLine, _ fields: inout EntryFields, _ state: inout EntryState
  ) throws(MasterFileFault) -> ZoneRecord {
    let owner: Name
    if LogicalLines.isBlank(entry.text[0]) {
      guard let previous = state.previous else {
        throw MasterFileFault(problem: "the first record has no owner", advice: "write one")
      }
      owner = previous
    } else {
      owner = try MasterFileParser.name(fields.next(), origin: state.origin)
      state.previous = owner
    }
    let stated = try MasterFileParser.readTTLAndClass(&fields)
    if let stated { state.lastTTL = stated }
    let parsed = try rdataParser.parse(fields.rest, origin: state.origin)
    // Policy zones without any TTL are met; their records get what their SOA would be given.
    let ttl = stated ?? state.defaultTTL ?? state.lastTTL ?? 0
    return ZoneRecord(owner: owner.wire, type: parsed.type, ttl: ttl, rdata: parsed.rdata)
  }
}
