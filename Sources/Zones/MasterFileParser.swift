import DNSWire

/// Reads a master file and the files it includes, entry by entry.
///
/// `$ORIGIN`, `$TTL` (RFC 2308 §4) and `$INCLUDE` are followed; `$GENERATE`, which no RFC defines,
/// is refused. A record without TTL takes `$TTL`, or else the last one stated (RFC 1035 §5.1), or
/// else, for the SOA record, its own minimum; an RRSIG takes its original TTL (RFC 4034 §3).
struct MasterFileParser {
  /// Most nested `$INCLUDE`s; a file that includes itself ends here.
  static let maximumIncludes = 8
  /// Faults after which reading stops: the first ones tell the story.
  static let maximumFaults = 20
  /// Largest TTL (RFC 2181 §8).
  static let maximumTTL: UInt32 = 1 << 31 - 1

  /// A fault and the file it stands in.
  struct Located: Error {
    var file: String
    var fault: MasterFileFault
  }

  /// A record and where it stands.
  struct Position {
    /// Index into `stamps`.
    var file: UInt16
    var line: UInt32
  }

  private(set) var stamps: [FileStamp] = []
  private(set) var faults: [Located] = []
  private var defaultTTL: UInt32?
  private var lastTTL: UInt32?
  private let rdataParser = RdataParser()

  /// Reads `path`, giving each record to `consume`, whose faults are collected too.
  mutating func read(
    path: String, origin: Name,
    _ consume: (ParsedRecord, Position) throws(MasterFileFault) -> Void
  ) {
    var context = Context(origin: origin, previous: nil, depth: 0)
    read(path: path, &context, consume)
  }

  /// What changes within a file and is restored behind an included one (RFC 1035 §5.1).
  private struct Context {
    var origin: Name
    var previous: Name?
    var depth: Int
  }

  private mutating func read(
    path: String, _ context: inout Context,
    _ consume: (ParsedRecord, Position) throws(MasterFileFault) -> Void
  ) {
    let content: FileContent
    do throws(MasterFileFault) {
      content = try FileContent(path: path)
    } catch {
      stamps.append(FileStamp(path: path))
      report(path, error)
      return
    }
    guard let file = UInt16(exactly: stamps.count) else {
      report(path, MasterFileFault(problem: "too many files", advice: "include fewer"))
      return
    }
    stamps.append(content.stamp)
    var lines = LogicalLines(content.octets)
    while faults.count < Self.maximumFaults {
      do throws(MasterFileFault) {
        guard let entry = try lines.next() else { return }
        do throws(MasterFileFault) {
          let position = Position(file: file, line: UInt32(clamping: entry.line))
          try take(entry, at: position, path: path, &context, consume)
        } catch {
          var fault = error
          fault.line = fault.line ?? entry.line
          throw fault
        }
      } catch {
        report(path, error)
      }
    }
  }

  private mutating func report(_ path: String, _ fault: MasterFileFault) {
    faults.append(Located(file: path, fault: fault))
  }

  private mutating func take(
    _ entry: LogicalLine, at position: Position, path: String, _ context: inout Context,
    _ consume: (ParsedRecord, Position) throws(MasterFileFault) -> Void
  ) throws(MasterFileFault) {
    var fields = EntryFields(entry.text)
    if entry.text.first == UInt8(ascii: "$") {
      let name = fields.next().map(Self.quoted) ?? ""
      switch name.uppercased() {
      case "$ORIGIN":
        context.origin = try Self.name(fields.next(), origin: context.origin)
        try Self.expectEnd(&fields)
      case "$TTL":
        guard let text = fields.next(), let ttl = try Self.ttl(text) else {
          throw MasterFileFault(problem: "$TTL without a time", advice: "write $TTL 1h")
        }
        defaultTTL = ttl
        try Self.expectEnd(&fields)
      case "$INCLUDE":
        try include(&fields, path: path, context, consume)
      default:
        throw MasterFileFault(
          problem: "directive \(name) is not known",
          advice: "use $ORIGIN, $TTL and $INCLUDE; write generated records out")
      }
      return
    }
    try consume(try record(entry, &fields, &context), position)
  }

  private mutating func include(
    _ fields: inout EntryFields, path: String, _ context: Context,
    _ consume: (ParsedRecord, Position) throws(MasterFileFault) -> Void
  ) throws(MasterFileFault) {
    guard let file = fields.next() else {
      throw MasterFileFault(problem: "$INCLUDE without a file", advice: "name one")
    }
    guard context.depth < Self.maximumIncludes else {
      throw MasterFileFault(
        problem: "more than \(Self.maximumIncludes) nested $INCLUDEs",
        advice: "check that no file includes itself")
    }
    var inner = context
    inner.depth += 1
    if let origin = fields.next() { inner.origin = try Self.name(origin, origin: context.origin) }
    try Self.expectEnd(&fields)
    // Its name stands in messages, which are one line each.
    guard file.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw MasterFileFault(
        problem: "control characters in the file name '\(Self.quoted(file))'",
        advice: "rename the file")
    }
    var name = String(decoding: file, as: UTF8.self)
    if name.hasPrefix("\""), name.hasSuffix("\""), name.count > 2 {
      name = String(name.dropFirst().dropLast())
    }
    // Relative to the including file, so that a zone's files can be moved together.
    if !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") { name = path[...slash] + name }
    read(path: name, &inner, consume)
  }

  private mutating func record(
    _ entry: LogicalLine, _ fields: inout EntryFields, _ context: inout Context
  ) throws(MasterFileFault) -> ParsedRecord {
    let owner: Name
    if LogicalLines.isBlank(entry.text[0]) {
      guard let previous = context.previous else {
        throw MasterFileFault(
          problem: "the first record has no owner", advice: "start the line with a name or @")
      }
      owner = previous
    } else {
      owner = try Self.name(fields.next(), origin: context.origin)
      context.previous = owner
    }
    let stated = try Self.readTTLAndClass(&fields)
    let parsed = try rdataParser.parse(fields.rest, origin: context.origin)
    let ttl = try self.ttl(of: parsed, stated: stated)
    return ParsedRecord(owner: owner, type: parsed.type, ttl: ttl, rdata: parsed.rdata)
  }

  /// Reads what may stand between owner and type, in either order (RFC 1035 §5.1).
  static func readTTLAndClass(
    _ fields: inout EntryFields
  ) throws(MasterFileFault) -> UInt32? {
    var ttl: UInt32?
    var sawClass = false
    while let field = fields.peek() {
      if ttl == nil, let value = try Self.ttl(field) {
        ttl = value
      } else if !sawClass, let isInternet = Self.isInternetClass(field) {
        guard isInternet else {
          throw MasterFileFault(
            problem: "class \(Self.quoted(field))",
            advice: "only class IN is served from zones")
        }
        sawClass = true
      } else {
        return ttl
      }
      fields.skip()
    }
    throw MasterFileFault(
      problem: "record without type", advice: "write owner [TTL] [class] type data")
  }

  private mutating func ttl(
    of parsed: ParsedRdata, stated: UInt32?
  ) throws(MasterFileFault) -> UInt32 {
    if let stated {
      lastTTL = stated
      return stated
    }
    if parsed.type == .rrsig, parsed.rdata.count >= 8 {
      return parsed.rdata[4..<8].reduce(0) { $0 << 8 | UInt32($1) }
    }
    if let known = defaultTTL ?? lastTTL { return known }
    guard parsed.type == .soa, parsed.rdata.count >= 4 else {
      throw MasterFileFault(
        problem: "record without TTL", advice: "start the file with a line such as $TTL 1h")
    }
    let minimum = parsed.rdata.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
    lastTTL = min(minimum, Self.maximumTTL)
    return min(minimum, Self.maximumTTL)
  }
}
