/// A query as the server sees it: the question, and what EDNS says, in fixed storage.
package struct Request: Sendable {
  /// What the OPT record of a query says (RFC 6891 §6.1).
  package struct EDNS: Sendable, Equatable {
    /// Largest UDP answer the client takes, in octets; values below 512 count as 512 (§6.2.5).
    package var udpSize = Limits.udpWithoutEDNS
    /// EDNS version, of which only 0 exists.
    package var version: UInt8 = 0
    /// Whether the client wants DNSSEC records (RFC 3225).
    package var dnssecOK = false
    /// Whether the client asked who we are (RFC 5001).
    package var wantsNSID = false

    /// Creates the EDNS state of a plain query.
    package init() {}
  }

  /// How reading a packet ended.
  package enum Outcome: Sendable, Equatable {
    /// A query that can be answered.
    case query
    /// Nothing may be sent back: a response, or too short to hold a header.
    case ignore
    /// The question (or the message) is damaged or not offered: answer with this code.
    case error(ResponseCode)
  }

  /// Message ID, copied into the answer.
  package private(set) var id: UInt16 = 0
  /// Header bits.
  package private(set) var flags = HeaderFlags()
  /// The name asked for.
  package private(set) var qname = NameBuffer()
  /// The type asked for.
  package private(set) var qtype = RRType(rawValue: 0)
  /// The class asked for.
  package private(set) var qclass = RRClass(rawValue: 0)
  /// Offset just behind the question; 0 when no question could be read.
  package private(set) var questionEnd = 0
  /// The EDNS state, nil without an OPT record.
  package private(set) var edns: EDNS?

  /// Creates an empty request to be filled by `parse`.
  package init() {}

  /// Reads a packet.
  ///
  /// Responses are never answered, so that two servers cannot be set on each other.
  package mutating func parse(_ packet: Span<UInt8>) -> Outcome {
    questionEnd = 0
    edns = nil
    guard packet.count >= Limits.headerOctets else { return .ignore }
    id = packet.word(at: 0)
    flags = HeaderFlags(rawValue: packet.word(at: 2))
    guard !flags.contains(.response) else { return .ignore }
    guard flags.opcode == 0 else { return .error(.notImplemented) }
    guard packet.word(at: 4) == 1 else { return .error(.formatError) }
    do throws(WireError) {
      try readQuestion(packet)
      return try readRecords(packet)
    } catch {
      return .error(.formatError)
    }
  }

  private mutating func readQuestion(_ packet: Span<UInt8>) throws(WireError) {
    let end = try qname.load(from: packet, at: Limits.headerOctets, allowCompression: false)
    guard end + 4 <= packet.count else { throw WireError(.truncated, at: end) }
    qtype = RRType(rawValue: packet.word(at: end))
    qclass = RRClass(rawValue: packet.word(at: end + 2))
    questionEnd = end + 4
  }

  private mutating func readRecords(_ packet: Span<UInt8>) throws(WireError) -> Outcome {
    let answers = Int(packet.word(at: 6))
    let authorities = Int(packet.word(at: 8))
    let additionals = Int(packet.word(at: 10))
    var reader = WireReader(packet, at: questionEnd)
    for index in 0..<(answers + authorities + additionals) {
      let nameStart = reader.offset
      try reader.skipName()
      let ownerIsRoot = reader.offset == nameStart + 1
      let type = RRType(rawValue: try reader.readUInt16())
      if type == .opt {
        // RFC 6891 §6.1.1: at most one, in the additional section, owned by the root.
        guard index >= answers + authorities, ownerIsRoot, edns == nil else {
          throw WireError(.badValue, at: nameStart)
        }
        try readOPT(&reader)
      } else {
        try reader.skip(6)
        try reader.skip(Int(reader.readUInt16()))
      }
    }
    guard reader.remaining == 0 else { throw WireError(.trailingOctets, at: reader.offset) }
    if let edns, edns.version > 0 { return .error(.badVersion) }
    return .query
  }

  private mutating func readOPT(_ reader: inout WireReader) throws(WireError) {
    var found = EDNS()
    found.udpSize = max(Limits.udpWithoutEDNS, Int(try reader.readUInt16()))
    try reader.skip(1)
    found.version = try reader.readUInt8()
    found.dnssecOK = try reader.readUInt16() & 0x8000 != 0
    let end = reader.offset + 2 + Int(try reader.readUInt16())
    guard end <= reader.bytes.count else { throw WireError(.truncated, at: reader.offset) }
    while reader.offset < end {
      let code = try reader.readUInt16()
      try reader.skip(Int(reader.readUInt16()))
      if code == EDNSOptionCode.nsid { found.wantsNSID = true }
    }
    guard reader.offset == end else { throw WireError(.badValue, at: reader.offset) }
    edns = found
  }
}

/// Numbers of EDNS options (IANA "DNS EDNS0 Option Codes").
package enum EDNSOptionCode {
  /// Name server identifier (RFC 5001).
  package static let nsid: UInt16 = 3
  /// Client subnet (RFC 7871).
  package static let clientSubnet: UInt16 = 8
  /// Cookie (RFC 7873).
  package static let cookie: UInt16 = 10
  /// TCP keepalive (RFC 7828).
  package static let tcpKeepalive: UInt16 = 11
  /// Padding (RFC 7830).
  package static let padding: UInt16 = 12
  /// Extended DNS error (RFC 8914).
  package static let extendedError: UInt16 = 15
}

extension Span where Element == UInt8 {
  /// The 16 bits at `offset`, big-endian; the caller has checked the bounds.
  package func word(at offset: Int) -> UInt16 {
    UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }
}
