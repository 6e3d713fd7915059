import AnswerCache
import DNSWire
import Recursion

/// Turns what recursion says into what is cached and served.
enum ResolvedAnswer {
  /// What of the question decides the form of the answer.
  struct Traits: Sendable {
    var dnssecOK: Bool
    var checkingDisabled: Bool
    var qtype: RRType
    /// nil where there is nothing to guard against.
    var rebinding: RebindingGuard?
  }

  static func entry(
    _ traits: Traits, response: Span<UInt8>, rcode: ResponseCode, status: ValidationStatus,
    reason: String?
  ) -> AnswerCache.Entry {
    // RFC 4035 §5.5: data that failed validation is SERVFAIL, unless the client set CD.
    if status == .bogus, !traits.checkingDisabled {
      return failure(rcode: rcode, status: status, reason: reason)
    }
    guard !response.isEmpty, rcode == .noError || rcode == .nameError else {
      return failure(rcode: rcode, status: status, reason: reason)
    }
    // With DNSSEC data or without: what a client must not use is not given to it.
    if let guardian = traits.rebinding, guardian.refuses(response, qtype: traits.qtype) {
      return filtered
    }
    if let sections = VerbatimSections(response, keepDNSSEC: traits.dnssecOK) {
      return entry(sections, isSecure: status == .secure)
    }
    let rewriter = MessageRewriter(keepDNSSEC: traits.dnssecOK)
    guard let rewritten = try? rewriter.rewrite(response) else {
      return failure(rcode: .serverFailure, status: .insecure, reason: nil)
    }
    return entry(rewritten, isSecure: status == .secure)
  }

  private static func entry(
    _ sections: VerbatimSections, isSecure: Bool
  ) -> AnswerCache.Entry {
    var info = AnswerInfo()
    info.answerCount = sections.answerCount
    info.authorityCount = sections.authorityCount
    info.additionalCount = sections.additionalCount
    info.isSecure = isSecure
    return AnswerCache.Entry(
      octets: sections.octets, ttlOffsets: sections.ttlOffsets, info: info,
      timeToLive: sections.minimumTTL)
  }

  private static func entry(_ answer: RewrittenAnswer, isSecure: Bool) -> AnswerCache.Entry {
    var info = AnswerInfo()
    info.rcode = answer.rcode
    info.answerCount = answer.answerCount
    info.authorityCount = answer.authorityCount
    info.additionalCount = answer.additionalCount
    info.isSecure = isSecure
    var life = answer.isNegative ? answer.negativeTTL ?? 0 : answer.minimumTTL ?? 0
    for link in AliasTargets.locate(answer) where !info.appendLink(link) {
      // A chain that cannot be judged whole is not kept.
      life = 0
    }
    return AnswerCache.Entry(
      octets: answer.octets, ttlOffsets: answer.ttlOffsets, info: info, timeToLive: life)
  }

  /// No data, because of the addresses in it.
  private static var filtered: AnswerCache.Entry {
    var info = AnswerInfo()
    info.extendedError = ExtendedError.filtered.rawValue
    return AnswerCache.Entry(octets: [], ttlOffsets: [], info: info, timeToLive: 60)
  }

  private static func failure(
    rcode: ResponseCode, status: ValidationStatus, reason: String?
  ) -> AnswerCache.Entry {
    var info = AnswerInfo()
    info.rcode = .serverFailure
    info.extendedError =
      ExtendedError.explaining(rcode, status, reason: reason)?.rawValue
    return AnswerCache.Entry(octets: [], ttlOffsets: [], info: info, timeToLive: 300)
  }
}

/// Finds where the targets of a CNAME chain stand in the octets of an answer.
enum AliasTargets {
  static func locate(_ answer: RewrittenAnswer) -> [AnswerInfo.ChainLink] {
    guard !answer.chain.isEmpty else { return [] }
    let base = Limits.headerOctets + answer.question.name.wire.count + 4
    // Pointers count from the start of a message, so the octets are read behind a stand-in for it.
    let message =
      [UInt8](repeating: 0, count: Limits.headerOctets) + answer.question.name.wire
      + [0, 0, 0, 0] + answer.octets
    var links: [AnswerInfo.ChainLink] = []
    var reader = WireReader(message.span, at: base)
    for link in answer.chain {
      var target: Int?
      while reader.offset < base + Int(link.end) {
        do throws(WireError) {
          target = try nextRecord(&reader) ?? target
        } catch {
          return links
        }
      }
      guard let target else { continue }
      links.append(
        .init(
          target: UInt16(truncatingIfNeeded: target - base), end: link.end,
          recordCount: link.recordCount))
    }
    return links
  }

  /// Moves past a record; the offset of its rdata if it is a CNAME.
  private static func nextRecord(_ reader: inout WireReader) throws(WireError) -> Int? {
    try reader.skipName()
    let type = RRType(rawValue: try reader.readUInt16())
    try reader.skip(6)
    let length = Int(try reader.readUInt16())
    let start = reader.offset
    try reader.skip(length)
    return type == .cname ? start : nil
  }
}
