/// A whole DNS message as a value: for the control plane and for tests, not for the query path.
public struct Message: Sendable, Hashable {
  /// What the OPT record says (RFC 6891 §6.1).
  public struct EDNS: Sendable, Hashable {
    /// Largest UDP message the sender takes, in octets.
    public var udpSize: UInt16
    /// EDNS version.
    public var version: UInt8
    /// The DO bit and 15 bits that have no meaning yet.
    public var flags: UInt16
    /// The options in wire order.
    public var options: [EDNSOption]

    /// Whether the sender wants DNSSEC records (RFC 3225).
    public var dnssecOK: Bool { flags & 0x8000 != 0 }

    /// Makes the EDNS state of a message.
    public init(
      udpSize: UInt16 = UInt16(Limits.udpRecommended), version: UInt8 = 0, dnssecOK: Bool = false,
      options: [EDNSOption] = []
    ) {
      self.udpSize = udpSize
      self.version = version
      flags = dnssecOK ? 0x8000 : 0
      self.options = options
    }
  }

  /// Message ID.
  public var id: UInt16 = 0
  /// Header bits without the response code.
  public var flags = HeaderFlags()
  /// Response code, up to 12 bits with EDNS.
  public var rcode = ResponseCode.noError
  /// Question section.
  public var questions: [Question] = []
  /// Answer section.
  public var answers: [ResourceRecord] = []
  /// Authority section.
  public var authorities: [ResourceRecord] = []
  /// Additional section without the OPT record.
  public var additionals: [ResourceRecord] = []
  /// What the OPT record says, nil without one.
  public var edns: EDNS?

  /// Makes an empty message.
  public init() {}

  /// Makes a query for one question.
  public init(
    query name: Name, _ type: RRType, rrClass: RRClass = .internet, id: UInt16 = 0,
    flags: HeaderFlags = .recursionDesired, edns: EDNS? = nil
  ) {
    self.id = id
    self.flags = flags
    self.edns = edns
    questions = [Question(name: name, type: type, rrClass: rrClass)]
  }
}

// MARK: - Reading

extension Message {
  /// Reads a whole message.
  ///
  /// - Throws: `WireError` with the offset of the octet at fault; also for rdata that does not have
  ///   the form of its type, for an OPT record out of place, and for octets behind the last record.
  public init(decoding bytes: Span<UInt8>) throws(WireError) {
    var reader = WireReader(bytes)
    id = try reader.readUInt16()
    let word = try reader.readUInt16()
    flags = HeaderFlags(rawValue: word & 0xFFF0)
    rcode = ResponseCode(rawValue: word & 0x000F)
    let questionCount = try reader.readUInt16()
    let answerCount = try reader.readUInt16()
    let authorityCount = try reader.readUInt16()
    let additionalCount = try reader.readUInt16()
    for _ in 0..<questionCount { questions.append(try Question(reading: &reader)) }
    answers = try Self.readRecords(answerCount, &reader)
    authorities = try Self.readRecords(authorityCount, &reader)
    for _ in 0..<additionalCount { try readAdditional(&reader) }
    guard reader.remaining == 0 else { throw WireError(.trailingOctets, at: reader.offset) }
  }

  private static func readRecords(
    _ count: UInt16, _ reader: inout WireReader
  ) throws(WireError) -> [ResourceRecord] {
    var records: [ResourceRecord] = []
    for _ in 0..<count {
      let start = reader.offset
      let record = try ResourceRecord(reading: &reader)
      // RFC 6891 §6.1.1: only in the additional section.
      guard record.type != .opt else { throw WireError(.badValue, at: start) }
      records.append(record)
    }
    return records
  }

  private mutating func readAdditional(_ reader: inout WireReader) throws(WireError) {
    let start = reader.offset
    let record = try ResourceRecord(reading: &reader)
    guard case .unknown(.opt, let data) = record.rdata else {
      additionals.append(record)
      return
    }
    // RFC 6891 §6.1.1: at most one, owned by the root.
    guard edns == nil, record.owner == .root else { throw WireError(.badValue, at: start) }
    var found = EDNS(
      udpSize: record.rrClass.rawValue, version: UInt8(truncatingIfNeeded: record.ttl >> 16))
    found.flags = UInt16(truncatingIfNeeded: record.ttl)
    rcode = ResponseCode(rawValue: UInt16(record.ttl >> 24) << 4 | rcode.rawValue)
    let dataEnd = reader.offset
    var options = WireReader(reader.bytes.extracting(0..<dataEnd), at: dataEnd - data.count)
    while options.remaining > 0 { found.options.append(try Self.readOption(&options)) }
    edns = found
  }

  private static func readOption(_ reader: inout WireReader) throws(WireError) -> EDNSOption {
    let code = try reader.readUInt16()
    let length = Int(try reader.readUInt16())
    let start = reader.offset
    try reader.skip(length)
    var inner = WireReader(reader.bytes.extracting(0..<(start + length)), at: start)
    return try EDNSOption(code: code, reading: &inner)
  }
}

// MARK: - Writing

extension Message {
  /// The wire form with compressed names, up to 65,535 octets; nil if it would be longer.
  ///
  /// The OPT record comes first in the additional section, so that a TSIG record stays last
  /// (RFC 8945 §5.1). Without `edns`, the upper bits of `rcode` are lost.
  public func encoded() -> [UInt8]? {
    var writer = CompressingWriter()
    writer.append16(id)
    writer.append16(flags.rawValue & 0xFFF0 | rcode.rawValue & 0x000F)
    let additionalCount = additionals.count + (edns == nil ? 0 : 1)
    for count in [questions.count, answers.count, authorities.count, additionalCount] {
      guard let count = UInt16(exactly: count) else { return nil }
      writer.append16(count)
    }
    for question in questions { question.write(to: &writer) }
    for record in answers + authorities { record.write(to: &writer) }
    if let edns { writeOPT(edns, to: &writer) }
    for record in additionals { record.write(to: &writer) }
    return writer.count <= Limits.messageOctets ? writer.octets : nil
  }

  private func writeOPT(_ edns: EDNS, to writer: inout CompressingWriter) {
    writer.append(0)
    writer.append16(RRType.opt.rawValue)
    writer.append16(edns.udpSize)
    writer.append(UInt8(truncatingIfNeeded: rcode.rawValue >> 4))
    writer.append(edns.version)
    writer.append16(edns.flags)
    writer.appendPrefixed { writer in
      for option in edns.options { option.write(to: &writer) }
    }
  }
}
