/// The sections of a response that can be taken over octet for octet.
///
/// An encoder such as libunbound's writes the question at octet 12 and lets compression pointers
/// count from there, as our replies do. Its octets are therefore right behind any question for the
/// same name, and copying them beats writing each name anew, several times over.
///
/// Records that go (OPT, which belongs to one hop, and DNSSEC records for a client without DO) are
/// left out where nothing points at or behind them: what is kept behind a gap has to be owned by
/// the name asked for.
public struct VerbatimSections: Sendable {
  /// Answer, authority and additional section.
  public private(set) var octets: [UInt8] = []
  /// Records in the answer section.
  public var answerCount: UInt16 { counts[0] }
  /// Records in the authority section.
  public var authorityCount: UInt16 { counts[1] }
  /// Records in the additional section.
  public var additionalCount: UInt16 { counts[2] }
  /// Where each TTL stands in `octets`.
  public private(set) var ttlOffsets: [UInt16] = []
  /// The lowest TTL, seconds.
  public private(set) var minimumTTL = Self.largestTTL

  private var counts = InlineArray<3, UInt16>(repeating: 0)

  /// RFC 2181 §8: larger TTLs count as 0, which takes rewriting.
  private static let largestTTL: UInt32 = 0x7FFF_FFFF
  /// A compression pointer to the name asked for (RFC 1035 §4.1.4).
  private static let pointerToQuestion = 0xC000 | UInt16(Limits.headerOctets)

  /// Takes over the sections of a positive answer without aliases.
  ///
  /// nil for everything else: damaged or negative messages, aliases, records with names that are to
  /// be checked, questions for DNSSEC records. `MessageRewriter` takes those.
  public init?(_ response: Span<UInt8>, keepDNSSEC: Bool) {
    guard response.count >= Limits.headerOctets, response.count <= Int(UInt16.max),
      response.word(at: 2) & 0x8000 != 0, response.word(at: 2) & 0x000F == 0,
      response.word(at: 4) == 1, response.word(at: 6) > 0
    else { return nil }
    do throws(WireError) {
      guard try take(response, keepDNSSEC: keepDNSSEC), answerCount > 0 else { return nil }
    } catch {
      return nil
    }
  }

  /// - Returns: whether all records could be taken over or left out.
  private mutating func take(
    _ response: Span<UInt8>, keepDNSSEC: Bool
  ) throws(WireError) -> Bool {
    var reader = WireReader(response, at: Limits.headerOctets)
    try reader.skipName()
    let qtype = RRType(rawValue: try reader.readUInt16())
    guard keepDNSSEC || qtype != .any && Self.fate(of: qtype, keepDNSSEC: false) == .kept else {
      return false
    }
    try reader.skip(2)
    octets.reserveCapacity(reader.remaining)
    ttlOffsets.reserveCapacity(
      Int(response.word(at: 6)) + Int(response.word(at: 8)) + Int(response.word(at: 10)))
    var runStart = reader.offset
    var hasGap = false
    for section in 0..<3 {
      for _ in 0..<response.word(at: 6 + 2 * section) {
        let start = reader.offset
        try reader.skipName()
        let type = RRType(rawValue: try reader.readUInt16())
        try reader.skip(2)
        let ttlAt = reader.offset
        let ttl = try reader.readUInt32()
        try reader.skip(Int(try reader.readUInt16()))
        switch Self.fate(of: type, keepDNSSEC: keepDNSSEC) {
        case .unclear: return false
        case .dropped:
          append(response.extracting(runStart..<start))
          runStart = reader.offset
          hasGap = true
        case .kept:
          guard ttl <= Self.largestTTL,
            !hasGap || response.word(at: start) == Self.pointerToQuestion
          else { return false }
          ttlOffsets.append(UInt16(truncatingIfNeeded: octets.count + ttlAt - runStart))
          minimumTTL = min(minimumTTL, ttl)
          counts[section] += 1
        }
      }
    }
    append(response.extracting(runStart..<reader.offset))
    return reader.remaining == 0
  }

  private mutating func append(_ run: Span<UInt8>) {
    unsafe run.withUnsafeBufferPointer { unsafe octets.append(contentsOf: $0) }
  }

  private enum Fate { case kept, dropped, unclear }

  /// Kept are types whose rdata is the same in every message: names in it are left to the rewriter,
  /// which checks them, but for signatures, whose names are never compressed (RFC 4034 §3.1.7).
  private static func fate(of type: RRType, keepDNSSEC: Bool) -> Fate {
    switch type {
    case .a, .aaaa, .txt, .caa: .kept
    case .opt: .dropped
    case .rrsig: keepDNSSEC ? .kept : .dropped
    // RFC 4035 §3.2.1, as in the rewriter.
    case .nsec, .nsec3: keepDNSSEC ? .unclear : .dropped
    default: .unclear
    }
  }
}
