import DNSWire

/// Writes the answers for special-use names.
enum SpecialAnswers {
  /// RFC 6303 §3: locally served zones use these SOA values.
  private static let soaTimes: [UInt32] = [1, 3600, 1200, 604_800, 10_800]
  private static let ttl: UInt32 = 10_800
  private static let ipv4Loopback: [UInt8] = [127, 0, 0, 1]
  private static let ipv6Loopback: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
  private static let localhost: [UInt8] = [9] + Array("localhost".utf8) + [0]
  /// `nobody.invalid.`, the mailbox RFC 6303 §3 gives.
  private static let mailbox: [UInt8] =
    [6] + Array("nobody".utf8) + [7] + Array("invalid".utf8) + [0]

  /// Writes the sections; the question's name stands at octet 12.
  static func write(
    _ treatment: SpecialNames.Treatment, _ qtype: RRType, offset: Int,
    counts: inout SectionCounts, into writer: inout WireWriter
  ) -> ResponseCode {
    let zone = Limits.headerOctets + offset
    if treatment == .loopback, qtype == .a || qtype == .aaaa {
      let octets = qtype == .a ? ipv4Loopback : ipv6Loopback
      appendHead(Limits.headerOctets, qtype, into: &writer)
      writer.append16(UInt16(truncatingIfNeeded: octets.count))
      writer.append(octets)
      counts.answer += 1
      return .noError
    }
    if treatment == .loopbackPointer, qtype == .ptr, offset == 0 {
      appendHead(Limits.headerOctets, .ptr, into: &writer)
      writer.append16(UInt16(truncatingIfNeeded: localhost.count))
      writer.append(localhost)
      counts.answer += 1
      return .noError
    }
    let isZoneApex = offset == 0
    if isZoneApex, qtype == .ns {
      // RFC 6303 §3: the zone's own name is its only server.
      appendHead(zone, .ns, into: &writer)
      writer.append16(2)
      writer.append16(0xC000 | UInt16(truncatingIfNeeded: zone))
      counts.answer += 1
      return .noError
    }
    appendHead(zone, .soa, into: &writer)
    writer.append16(UInt16(truncatingIfNeeded: 2 + mailbox.count + 4 * soaTimes.count))
    writer.append16(0xC000 | UInt16(truncatingIfNeeded: zone))
    writer.append(mailbox)
    for value in soaTimes { writer.append32(value) }
    if isZoneApex, qtype == .soa { counts.answer += 1 } else { counts.authority += 1 }
    // The zone's own name exists, as it does wherever such a zone is served (RFC 6303 §3).
    return treatment == .nonexistent && !isZoneApex ? .nameError : .noError
  }

  private static func appendHead(_ owner: Int, _ type: RRType, into writer: inout WireWriter) {
    writer.append16(0xC000 | UInt16(truncatingIfNeeded: owner))
    writer.append16(type.rawValue)
    writer.append16(RRClass.internet.rawValue)
    writer.append32(ttl)
  }
}
