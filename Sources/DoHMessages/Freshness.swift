import DNSWire

/// How long HTTP caches may keep an answer (RFC 8484 §5.1).
public enum Freshness {
  /// Seconds: the smallest TTL of the answer section, and where an SOA says that there is no more,
  /// what it allows (RFC 2308 §5); 0 for failures and for whatever cannot be read.
  public static func seconds(of message: Span<UInt8>) -> UInt32 {
    guard message.count >= Limits.headerOctets else { return 0 }
    let rcode = message[3] & 0x0F
    guard rcode == 0 || rcode == 3 else { return 0 }
    do throws(WireError) {
      return try smallest(message)
    } catch {
      return 0
    }
  }

  private static func smallest(_ message: Span<UInt8>) throws(WireError) -> UInt32 {
    var reader = WireReader(message, at: Limits.headerOctets)
    for _ in 0..<message.word(at: 4) {
      try reader.skipName()
      try reader.skip(4)
    }
    let answers = Int(message.word(at: 6))
    var smallest: UInt32 = .max
    for index in 0..<(answers + Int(message.word(at: 8))) {
      try reader.skipName()
      let type = RRType(rawValue: try reader.readUInt16())
      try reader.skip(2)
      let ttl = try reader.readUInt32()
      let length = Int(try reader.readUInt16())
      try reader.skip(length)
      if index < answers {
        smallest = min(smallest, ttl)
      } else if type == .soa {
        smallest = min(smallest, ttl, lastWord(message, reader.offset, length))
      }
    }
    return smallest == .max ? 0 : smallest
  }

  /// The MINIMUM field: the last four octets of a SOA record's data, which end at `end`.
  private static func lastWord(_ message: Span<UInt8>, _ end: Int, _ length: Int) -> UInt32 {
    guard length >= 4 else { return 0 }
    return UInt32(message.word(at: end - 4)) << 16 | UInt32(message.word(at: end - 2))
  }
}
