/// The records of a response, located and with their owners expanded, rdata left where it is.
struct ResponseScan {
  /// The section a record stands in.
  enum Section { case answer, authority, additional }

  /// One record.
  struct Record {
    /// The section it stands in.
    let section: Section
    /// Its owner name.
    let owner: Name
    /// Its type.
    let type: RRType
    /// Its class.
    let rrClass: RRClass
    /// Its TTL as sent.
    let ttl: UInt32
    /// Where its rdata stands in the message.
    let rdata: Range<Int>
    /// The target of a CNAME or DNAME record.
    let alias: Name?
    /// The type an RRSIG record covers.
    let covered: RRType?
    /// The MINIMUM field of a SOA record.
    let soaMinimum: UInt32?
  }

  /// Header bits.
  let flags: HeaderFlags
  /// Questions in the message.
  let questionCount: Int
  /// The question, if there is exactly one.
  private(set) var question: Question?
  /// The response code, with the upper bits from an OPT record (RFC 6891 §6.1.3).
  private(set) var rcode: ResponseCode
  /// All records in message order.
  var records: [Record] = []

  /// Locates everything in `message`.
  init(_ message: Span<UInt8>) throws(WireError) {
    guard message.count >= Limits.headerOctets else {
      throw WireError(.truncated, at: message.count)
    }
    flags = HeaderFlags(rawValue: message.word(at: 2))
    rcode = ResponseCode(rawValue: UInt16(flags.rcode))
    questionCount = Int(message.word(at: 4))
    var reader = WireReader(message, at: Limits.headerOctets)
    for _ in 0..<questionCount {
      let read = try Question(reading: &reader)
      question = questionCount == 1 ? read : nil
    }
    let sections: [(Section, Int)] = [(.answer, 6), (.authority, 8), (.additional, 10)]
    for (section, offset) in sections {
      for _ in 0..<message.word(at: offset) { try readRecord(&reader, section) }
    }
    guard reader.remaining == 0 else { throw WireError(.trailingOctets, at: reader.offset) }
  }

  private mutating func readRecord(
    _ reader: inout WireReader, _ section: Section
  ) throws(WireError) {
    let owner = try reader.readName()
    let type = RRType(rawValue: try reader.readUInt16())
    let rrClass = RRClass(rawValue: try reader.readUInt16())
    let ttl = try reader.readUInt32()
    let length = Int(try reader.readUInt16())
    let start = reader.offset
    try reader.skip(length)
    let end = start + length
    if type == .opt {
      rcode = ResponseCode(rawValue: UInt16(ttl >> 24) << 4 | UInt16(flags.rcode))
    }
    var inner = WireReader(reader.bytes.extracting(0..<end), at: start)
    var alias: Name?
    var covered: RRType?
    var soaMinimum: UInt32?
    switch type {
    case .cname, .dname:
      alias = try inner.readName()
    case .rrsig:
      covered = RRType(rawValue: try inner.readUInt16())
    case .soa:
      guard length >= 4 else { throw WireError(.truncated, at: end) }
      try inner.skip(length - 4)
      soaMinimum = try inner.readUInt32()
    default: break
    }
    records.append(
      Record(
        section: section, owner: owner, type: type, rrClass: rrClass, ttl: ttl,
        rdata: start..<end, alias: alias, covered: covered, soaMinimum: soaMinimum))
  }
}
