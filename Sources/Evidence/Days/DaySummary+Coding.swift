/// The binary form of a day, version 1.
///
/// ```
/// octet  version
/// signed day, first; signed last − first
/// number answered, challenged, verified
/// flag   whether the sketch is full; list of keys, each as its distance from the one before
/// list   lookups
/// …      client, origin, ports, transport, server, variant, seed, kind, subscriber
/// ```
extension DaySummary {
  /// Version of the binary form.
  static let codingVersion: UInt8 = 1
  /// Longest text that is stored, octets of UTF-8.
  private static let textLimit = 255
  /// Longest octets of a device identity that are read.
  private static let deviceLimit = 255

  /// The binary form.
  package func encoded() -> [UInt8] {
    var writer = StateWriter()
    writer.octet(Self.codingVersion)
    writer.signed(day)
    writer.signed(first)
    writer.signed(last, from: first)
    writer.number(answered)
    writer.number(challenged)
    writer.number(verified)
    writer.flag(names.isEstimate)
    writer.count(names.keys.count)
    var base: UInt64 = 0
    for key in names.keys {
      writer.number(key &- base)
      base = key
    }
    writer.list(lookups) { Self.write($1, from: first, to: &$0) }
    writeClient(to: &writer)
    return writer.octets
  }

  private static func write(_ lookup: Lookup, from base: Int64, to writer: inout StateWriter) {
    writer.signed(lookup.microseconds, from: base)
    writer.bytes(lookup.qname)
    writer.count(lookup.matchedOffset)
    writer.number(UInt64(lookup.qtype))
    writer.number(UInt64(lookup.port))
    writer.octet(lookup.transport.rawValue)
    writer.octet(lookup.action.rawValue)
    writer.optional(lookup.validFrom)
    writer.optional(lookup.validTo)
    writer.optional(lookup.ordinal.map { Int64($0) })
  }

  private func writeClient(to writer: inout StateWriter) {
    writer.bytes(client.octets)
    writer.count(origin.prefixLength ?? 0)
    writer.bytes(origin.device.octets)
    writer.bytes(origin.relay?.octets ?? [])
    writer.number(UInt64(origin.relayPort))
    writer.number(UInt64(port))
    writer.octet(transport.rawValue)
    writer.bytes(server.octets)
    writer.number(UInt64(serverPort))
    writer.bytes(Self.cut(variant))
    writer.bytes(Self.cut(seed))
    writer.octet(kind.rawValue)
    writer.flag(subscriber != nil)
    guard let subscriber else { return }
    writer.bytes(Self.cut(subscriber.state.rawValue))
    writer.bytes(Self.cut(subscriber.key ?? ""))
    writer.bytes(Self.cut(subscriber.source ?? ""))
  }

  private static func cut(_ text: String) -> [UInt8] {
    guard text.utf8.count > textLimit else { return Array(text.utf8) }
    var octets = Array(text.utf8.prefix(textLimit))
    while String(validating: octets, as: UTF8.self) == nil { octets.removeLast() }
    return octets
  }

  // MARK: - Reading

  /// Reads the binary form; nil for anything that is none.
  package init?(decoding octets: [UInt8]) {
    var reader = StateReader(octets)
    do throws(StateReader.Malformed) {
      try self.init(&reader)
    } catch {
      return nil
    }
    guard reader.isAtEnd else { return nil }
  }

  private init(_ reader: inout StateReader) throws(StateReader.Malformed) {
    guard try reader.octet() == Self.codingVersion else { throw StateReader.Malformed() }
    self.init(day: try reader.signed())
    first = try reader.signed()
    last = try reader.signed(from: first)
    answered = try reader.number()
    challenged = try reader.number()
    verified = try reader.number()
    names = try Self.names(&reader)
    let base = first
    lookups = try reader.list(atMost: InfectionRecord.maximumLookups) {
      reader throws(StateReader.Malformed) in try Self.lookup(&reader, from: base)
    }
    try readClient(&reader)
  }

  private static func names(
    _ reader: inout StateReader
  ) throws(StateReader.Malformed) -> DistinctNames {
    let isFull = try reader.flag()
    var base: UInt64 = 0
    let keys = try reader.list(atMost: DistinctNames.exactLimit) {
      reader throws(StateReader.Malformed) in
      base = base &+ (try reader.number())
      return base
    }
    guard let names = DistinctNames(keys: keys, isFull: isFull) else {
      throw StateReader.Malformed()
    }
    return names
  }

  private static func lookup(
    _ reader: inout StateReader, from base: Int64
  ) throws(StateReader.Malformed) -> Lookup {
    let time = try reader.signed(from: base)
    let qname = try reader.bytes(atMost: ListedName.maximumLength)
    let offset = try reader.count(atMost: qname.count)
    let qtype = try number16(&reader)
    let port = try number16(&reader)
    guard let transport = HitTransport(rawValue: try reader.octet()),
      let action = HitAction(rawValue: try reader.octet())
    else { throw StateReader.Malformed() }
    let validFrom = try reader.optional()
    let validTo = try reader.optional()
    let ordinal = try reader.optional()
    return Lookup(
      microseconds: time, qname: qname, matchedOffset: offset, qtype: qtype, port: port,
      transport: transport, action: action, validFrom: validFrom, validTo: validTo,
      ordinal: ordinal.map { UInt32(truncatingIfNeeded: $0) })
  }

  private mutating func readClient(_ reader: inout StateReader) throws(StateReader.Malformed) {
    client = try Self.address(&reader)
    let prefix = try reader.count(atMost: 128)
    let device = try reader.bytes(atMost: Self.deviceLimit)
    let relay = try reader.bytes(atMost: 16)
    origin = ClientOrigin(
      prefix: Int64(prefix), device: device, relay: relay,
      relayPort: Int64(try Self.number16(&reader)))
    port = try Self.number16(&reader)
    guard let transport = HitTransport(rawValue: try reader.octet()) else {
      throw StateReader.Malformed()
    }
    self.transport = transport
    server = try Self.address(&reader)
    serverPort = try Self.number16(&reader)
    variant = try reader.text(atMost: Self.textLimit)
    seed = try reader.text(atMost: Self.textLimit)
    guard let kind = Provenance.Kind(rawValue: try reader.octet()) else {
      throw StateReader.Malformed()
    }
    self.kind = kind
    guard try reader.flag() else { return }
    let state = InfectionRecord.Subscriber.State(
      rawValue: try reader.text(atMost: Self.textLimit))
    let key = try reader.text(atMost: Self.textLimit)
    let source = try reader.text(atMost: Self.textLimit)
    guard let state else { throw StateReader.Malformed() }
    subscriber = InfectionRecord.Subscriber(
      state: state, key: key.isEmpty ? nil : key, source: source.isEmpty ? nil : source)
  }

  private static func address(
    _ reader: inout StateReader
  ) throws(StateReader.Malformed) -> ClientAddress {
    guard let address = ClientAddress(octets: try reader.bytes(atMost: 16)) else {
      throw StateReader.Malformed()
    }
    return address
  }

  private static func number16(_ reader: inout StateReader) throws(StateReader.Malformed) -> UInt16
  {
    UInt16(try reader.count(atMost: Int(UInt16.max)))
  }
}
