/// A query as the server sees it: the question, and what EDNS says, in fixed storage.
public struct Request: Sendable {
  /// What the OPT record of a query says (RFC 6891 §6.1).
  public struct EDNS: Sendable, Equatable {
    /// Largest UDP answer the client takes, in octets; values below 512 count as 512 (§6.2.5).
    public var udpSize = Limits.udpWithoutEDNS
    /// EDNS version, of which only 0 exists.
    public var version: UInt8 = 0
    /// Whether the client wants DNSSEC records (RFC 3225).
    public var dnssecOK = false
    /// Whether the client asked who we are (RFC 5001).
    public var wantsNSID = false
    /// Whether the query is padded, so that the answer is to be (RFC 7830 §4).
    public var wantsPadding = false
    /// Whether the client asked how long a connection may be idle (RFC 7828).
    public var wantsKeepalive = false
    /// The cookie, nil when none came.
    public var cookie: Cookie?
    /// Where the options stand in the packet, for the few that are read only of some clients.
    public var options = 0..<0

    /// Creates the EDNS state of a plain query.
    public init() {}
  }

  /// The COOKIE option of a query (RFC 7873 §4).
  public struct Cookie: Sendable, Equatable {
    /// The client's cookie, big-endian.
    public var client: UInt64
    /// Octets of the server cookie: 0, or 8 … 32.
    public var serverOctets: Int
    /// First eight octets of a server cookie of 16 octets, big-endian; else 0.
    public var serverHigh: UInt64 = 0
    /// Last eight octets of a server cookie of 16 octets, big-endian; else 0.
    public var serverLow: UInt64 = 0
  }

  /// How reading a packet ended.
  public enum Outcome: Sendable, Equatable {
    /// A query that can be answered.
    case query
    /// No question, but a cookie: the client only wants ours (RFC 7873 §5.4).
    case cookieOnly
    /// A notification that a zone has changed (RFC 1996).
    case notification
    /// Nothing may be sent back: a response, or too short to hold a header.
    case ignore
    /// The question (or the message) is damaged or not offered: answer with this code.
    case error(ResponseCode)
  }

  /// Message ID, copied into the answer.
  public private(set) var id: UInt16 = 0
  /// Header bits.
  public private(set) var flags = HeaderFlags()
  /// The name asked for.
  public private(set) var qname = NameBuffer()
  /// The type asked for.
  public private(set) var qtype = RRType(rawValue: 0)
  /// The class asked for.
  public private(set) var qclass = RRClass(rawValue: 0)
  /// Offset just behind the question; 0 when no question could be read.
  public private(set) var questionEnd = 0
  /// The EDNS state, nil without an OPT record.
  public private(set) var edns: EDNS?

  /// Offset of the TSIG record, which is the last one; 0 without one (RFC 8945 §5.1).
  public private(set) var signatureStart = 0
  /// Octets the answer keeps free for its signature; set by who checks the one of the request.
  public var signatureRoom = 0

  /// Creates an empty request to be filled by `parse`.
  public init() {}

  /// Reads a packet.
  ///
  /// Responses are never answered, so that two servers cannot be set on each other.
  public mutating func parse(_ packet: Span<UInt8>) -> Outcome {
    questionEnd = 0
    edns = nil
    signatureStart = 0
    signatureRoom = 0
    guard packet.count >= Limits.headerOctets else { return .ignore }
    id = packet.word(at: 0)
    flags = HeaderFlags(rawValue: packet.word(at: 2))
    guard !flags.contains(.response) else { return .ignore }
    guard flags.opcode == 0 || flags.opcode == Self.notify else { return .error(.notImplemented) }
    let questions = packet.word(at: 4)
    guard questions == 1 || questions == 0 && flags.opcode == 0 else {
      return .error(.formatError)
    }
    do throws(WireError) {
      if questions == 1 { try readQuestion(packet) }
      let outcome = try readRecords(packet)
      guard questions == 0, outcome == .query else { return outcome }
      // RFC 7873 §5.4: an empty question section is a query when a cookie comes with it.
      return edns?.cookie == nil ? .error(.formatError) : .cookieOnly
    } catch {
      return .error(.formatError)
    }
  }

  /// RFC 1996 §3.1.
  private static let notify: UInt8 = 4

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
    var reader = WireReader(packet, at: max(questionEnd, Limits.headerOctets))
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
        if type == .tsig {
          // RFC 8945 §5.1: one, the last record of the additional section.
          guard additionals > 0, index == answers + authorities + additionals - 1 else {
            throw WireError(.badValue, at: nameStart)
          }
          signatureStart = nameStart
        }
        try reader.skip(6)
        try reader.skip(Int(reader.readUInt16()))
      }
    }
    guard reader.remaining == 0 else { throw WireError(.trailingOctets, at: reader.offset) }
    if let edns, edns.version > 0 { return .error(.badVersion) }
    return flags.opcode == Self.notify ? .notification : .query
  }

  private mutating func readOPT(_ reader: inout WireReader) throws(WireError) {
    var found = EDNS()
    found.udpSize = max(Limits.udpWithoutEDNS, Int(try reader.readUInt16()))
    try reader.skip(1)
    found.version = try reader.readUInt8()
    found.dnssecOK = try reader.readUInt16() & 0x8000 != 0
    let end = reader.offset + 2 + Int(try reader.readUInt16())
    guard end <= reader.bytes.count else { throw WireError(.truncated, at: reader.offset) }
    found.options = reader.offset..<end
    var badCookie: WireError?
    while reader.offset < end {
      let code = try reader.readUInt16()
      let length = Int(try reader.readUInt16())
      let start = reader.offset
      try reader.skip(length)
      switch code {
      case EDNSOptionCode.nsid: found.wantsNSID = true
      case EDNSOptionCode.padding: found.wantsPadding = true
      case EDNSOptionCode.tcpKeepalive: found.wantsKeepalive = true
      // RFC 7873 §5.2: of several cookies only the first counts.
      case EDNSOptionCode.cookie where found.cookie == nil && badCookie == nil:
        found.cookie = Cookie(reader.bytes, at: start, length: length)
        if found.cookie == nil { badCookie = WireError(.badValue, at: start) }
      default: break
      }
    }
    guard reader.offset == end else { throw WireError(.badValue, at: reader.offset) }
    // The rest of OPT is sound: the refusal still speaks EDNS (RFC 6891 §7).
    edns = found
    if let badCookie { throw badCookie }
  }
}

extension Request.Cookie {
  /// Reads the option's data, which lies inside of `bytes`; nil unless it has 8 octets, or 16 to 40
  /// (RFC 7873 §5.2.2 wants FORMERR then).
  init?(_ bytes: Span<UInt8>, at offset: Int, length: Int) {
    guard length == 8 || (16...40).contains(length) else { return nil }
    client = bytes.doubleWord(at: offset)
    serverOctets = length - 8
    guard serverOctets == 16 else { return }
    serverHigh = bytes.doubleWord(at: offset + 8)
    serverLow = bytes.doubleWord(at: offset + 16)
  }
}

/// Numbers of EDNS options (IANA "DNS EDNS0 Option Codes").
public enum EDNSOptionCode {
  /// Name server identifier (RFC 5001).
  public static let nsid: UInt16 = 3
  /// Client subnet (RFC 7871).
  public static let clientSubnet: UInt16 = 8
  /// Cookie (RFC 7873).
  public static let cookie: UInt16 = 10
  /// TCP keepalive (RFC 7828).
  public static let tcpKeepalive: UInt16 = 11
  /// Padding (RFC 7830).
  public static let padding: UInt16 = 12
  /// Extended DNS error (RFC 8914).
  public static let extendedError: UInt16 = 15
}

extension Span where Element == UInt8 {
  /// The 16 bits at `offset`, big-endian; the caller has checked the bounds.
  @inlinable public func word(at offset: Int) -> UInt16 {
    UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }

  /// The 64 bits at `offset`, big-endian; the caller has checked the bounds.
  public func doubleWord(at offset: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<8 { value = value << 8 | UInt64(self[offset + index]) }
    return value
  }
}
