/// The binary form of a record, version 1: what lies in the feed.
///
/// A third of the JSON's size, and written and read some fifty times faster, which is what a million
/// infected clients need. Every property in the order of declaration; texts are counted UTF-8,
/// numbers of variable length, fractions their 64 bits.
extension InfectionRecord {
  private static let codingVersion: UInt8 = 1
  /// Longest text that is read, octets of UTF-8; longer ones are cut when written.
  private static let textLimit = 4096
  /// Most terms, reasons and probabilities that are read.
  private static let listLimit = 1024

  /// The record as octets.
  package func encoded() -> [UInt8] {
    var writer = StateWriter()
    writer.octet(Self.codingVersion)
    writer.signed(Int64(schema))
    writer.text(id)
    writer.signed(Int64(revision))
    writer.text(change.rawValue)
    writer.text(episode)
    writer.text(caseNumber)
    writer.text(day)
    writer.signed(firstMicroseconds)
    writer.signed(lastMicroseconds, from: firstMicroseconds)
    writer.signed(episodeFirstMicroseconds, from: firstMicroseconds)
    writer.number(count)
    writer.number(distinctNames)
    writer.client(client)
    writer.flag(subscriber != nil)
    if let subscriber {
      writer.text(subscriber.state.rawValue)
      writer.text(optional: subscriber.key)
      writer.text(optional: subscriber.source)
    }
    for text in [serverAddress, resolver, family, variant, seed, kind] { writer.text(text) }
    writer.number(UInt64(serverPort))
    writer.list(lookups) { $0.lookup($1, from: firstMicroseconds) }
    writeConclusions(to: &writer)
    return writer.octets
  }

  private func writeConclusions(to writer: inout StateWriter) {
    writer.text(gate.rawValue)
    writer.fraction(confidence)
    writer.list(probabilities.sorted { $0.key < $1.key }) {
      $0.text($1.key)
      $0.fraction($1.value)
    }
    writer.list(terms) {
      $0.text($1.name)
      $0.fraction($1.value)
    }
    writer.list(reasons) { $0.text($1) }
    writer.flag(isVerified)
    writer.optional(clockSkewDays.map { Int64($0) })
    writer.signed(Int64(infectedDevicesAtLeast))
    writer.flag(stoppedEarly)
    for text in [severity, tlp, parameters] { writer.text(text) }
    writer.flag(isTest)
  }

  // MARK: - Reading

  /// The record that octets stand for; nil when they are not what `encoded()` makes.
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
    let schema = Int(try reader.signed())
    let id = try reader.text(atMost: Self.textLimit)
    let revision = Int(try reader.signed())
    guard let change = Change(rawValue: try reader.text(atMost: Self.textLimit)) else {
      throw StateReader.Malformed()
    }
    let episode = try reader.text(atMost: Self.textLimit)
    let caseNumber = try reader.text(atMost: Self.textLimit)
    let day = try reader.text(atMost: Self.textLimit)
    let first = try reader.signed()
    let last = try reader.signed(from: first)
    let begun = try reader.signed(from: first)
    let count = try reader.number()
    let names = try reader.number()
    let client = try reader.client(textLimit: Self.textLimit)
    let subscriber = try Self.subscriber(&reader)
    var texts: [String] = []
    for _ in 0..<6 { texts.append(try reader.text(atMost: Self.textLimit)) }
    let port = try reader.number16()
    let lookups = try reader.list(atMost: Self.maximumLookups) {
      reader throws(StateReader.Malformed) in
      try reader.lookup(from: first, textLimit: Self.textLimit)
    }
    guard let gate = Gate(rawValue: try reader.text(atMost: Self.textLimit)) else {
      throw StateReader.Malformed()
    }
    self.init(
      id: id, revision: revision, change: change, episode: episode, caseNumber: caseNumber,
      day: day, firstMicroseconds: first, lastMicroseconds: last, episodeFirstMicroseconds: begun,
      count: count, distinctNames: names, client: client, serverAddress: texts[0],
      serverPort: port, family: texts[2], lookups: lookups, gate: gate,
      confidence: try reader.fraction())
    self.schema = schema
    self.subscriber = subscriber
    (resolver, variant, seed, kind) = (texts[1], texts[3], texts[4], texts[5])
    try readConclusions(&reader)
  }

  private static func subscriber(
    _ reader: inout StateReader
  ) throws(StateReader.Malformed) -> Subscriber? {
    guard try reader.flag() else { return nil }
    guard let state = Subscriber.State(rawValue: try reader.text(atMost: textLimit)) else {
      throw StateReader.Malformed()
    }
    let key = try reader.text(optionalAtMost: textLimit)
    return Subscriber(state: state, key: key, source: try reader.text(optionalAtMost: textLimit))
  }

  private mutating func readConclusions(
    _ reader: inout StateReader
  ) throws(StateReader.Malformed) {
    let shares = try reader.list(atMost: Self.listLimit) {
      reader throws(StateReader.Malformed) in
      (try reader.text(atMost: Self.textLimit), try reader.fraction())
    }
    for (name, share) in shares { probabilities[name] = share }
    terms = try reader.list(atMost: Self.listLimit) { reader throws(StateReader.Malformed) in
      Term(name: try reader.text(atMost: Self.textLimit), value: try reader.fraction())
    }
    reasons = try reader.list(atMost: Self.listLimit) { reader throws(StateReader.Malformed) in
      try reader.text(atMost: Self.textLimit)
    }
    isVerified = try reader.flag()
    clockSkewDays = try reader.optional().map { Int($0) }
    infectedDevicesAtLeast = Int(try reader.signed())
    stoppedEarly = try reader.flag()
    severity = try reader.text(atMost: Self.textLimit)
    tlp = try reader.text(atMost: Self.textLimit)
    parameters = try reader.text(atMost: Self.textLimit)
    isTest = try reader.flag()
  }
}

// MARK: - Pieces

extension StateWriter {
  /// Counted UTF-8, cut at 4,096 octets.
  fileprivate mutating func text(_ text: String) {
    guard text.utf8.count > 4096 else { return bytes(text.utf8) }
    var octets = Array(text.utf8.prefix(4096))
    while String(validating: octets, as: UTF8.self) == nil { octets.removeLast() }
    bytes(octets)
  }

  fileprivate mutating func text(optional text: String?) {
    flag(text != nil)
    if let text { self.text(text) }
  }

  fileprivate mutating func fraction(_ value: Double) {
    let bits = value.bitPattern
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      octet(UInt8(truncatingIfNeeded: bits >> shift))
    }
  }

  fileprivate mutating func client(_ client: InfectionRecord.Client) {
    text(client.address)
    optional(client.prefixLength.map { Int64($0) })
    number(UInt64(client.port))
    text(client.transport)
    text(optional: client.device)
    text(optional: client.relay)
    optional(client.relayPort.map { Int64($0) })
    text(client.scope.rawValue)
    optional(client.asn.map { Int64($0) })
    for name in [client.asName, client.country, client.city] { text(optional: name) }
  }

  fileprivate mutating func lookup(_ lookup: InfectionRecord.Lookup, from base: Int64) {
    signed(lookup.microseconds, from: base)
    for name in [lookup.qname, lookup.listedName, lookup.qtype, lookup.transport, lookup.action] {
      text(name)
    }
    number(UInt64(lookup.port))
    optional(lookup.validFrom)
    optional(lookup.validTo)
    optional(lookup.ordinal.map { Int64($0) })
  }
}

extension StateReader {
  fileprivate mutating func text(optionalAtMost limit: Int) throws(Malformed) -> String? {
    try flag() ? try text(atMost: limit) : nil
  }

  fileprivate mutating func fraction() throws(Malformed) -> Double {
    var bits: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 8) { bits |= UInt64(try octet()) << shift }
    return Double(bitPattern: bits)
  }

  fileprivate mutating func number16() throws(Malformed) -> UInt16 {
    UInt16(try count(atMost: Int(UInt16.max)))
  }

  fileprivate mutating func client(
    textLimit: Int
  ) throws(Malformed) -> InfectionRecord.Client {
    let address = try text(atMost: textLimit)
    let prefix = try optional()
    let port = try number16()
    let transport = try text(atMost: textLimit)
    let device = try text(optionalAtMost: textLimit)
    let relay = try text(optionalAtMost: textLimit)
    let relayPort = try optional()
    guard let scope = InfectionRecord.Scope(rawValue: try text(atMost: textLimit)) else {
      throw Malformed()
    }
    var client = InfectionRecord.Client(
      address: address, port: port, transport: transport, scope: scope)
    client.prefixLength = prefix.map { Int($0) }
    client.device = device
    client.relay = relay
    client.relayPort = relayPort.map { UInt16(truncatingIfNeeded: $0) }
    client.asn = try optional().map { UInt32(truncatingIfNeeded: $0) }
    client.asName = try text(optionalAtMost: textLimit)
    client.country = try text(optionalAtMost: textLimit)
    client.city = try text(optionalAtMost: textLimit)
    return client
  }

  fileprivate mutating func lookup(
    from base: Int64, textLimit: Int
  ) throws(Malformed) -> InfectionRecord.Lookup {
    let time = try signed(from: base)
    var texts: [String] = []
    for _ in 0..<5 { texts.append(try text(atMost: textLimit)) }
    let port = try number16()
    let validFrom = try optional()
    let validTo = try optional()
    return InfectionRecord.Lookup(
      microseconds: time, qname: texts[0], listedName: texts[1], qtype: texts[2], port: port,
      transport: texts[3], action: texts[4], validFrom: validFrom, validTo: validTo,
      ordinal: try optional().map { UInt32(truncatingIfNeeded: $0) })
  }
}
