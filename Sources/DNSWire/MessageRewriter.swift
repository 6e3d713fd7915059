/// Turns a response into octets that can be sent behind every question of the same name and type.
///
/// Runs once per response that enters the cache, not per query. Aliases are moved into chain order
/// so that a server can cut a chain behind any of them; all else keeps its order.
public struct MessageRewriter: Sendable {
  /// Whether records that only serve DNSSEC validation are kept.
  public let keepDNSSEC: Bool
  /// Most octets the three sections may take.
  public let maximumOctets: Int

  /// Largest TTL; RFC 2181 §8 has values above it count as 0.
  private static let largestTTL: UInt32 = 0x7FFF_FFFF

  /// Creates a rewriter.
  ///
  /// - Parameter maximumOctets: limit for the three sections together, at most 65,535. What does
  ///   not fit costs first the additional section, then the authority section of an answer that
  ///   is not negative.
  public init(keepDNSSEC: Bool, maximumOctets: Int = Limits.messageOctets) {
    self.keepDNSSEC = keepDNSSEC
    self.maximumOctets = min(max(0, maximumOctets), Limits.messageOctets)
  }

  /// Rewrites one response.
  ///
  /// - Throws: `RewriteError` if the message is damaged, no response to one question, or too large.
  public func rewrite(_ response: Span<UInt8>) throws(RewriteError) -> RewrittenAnswer {
    var scan: ResponseScan
    do throws(WireError) {
      scan = try ResponseScan(response)
    } catch {
      throw .malformed(error)
    }
    guard scan.flags.contains(.response) else { throw .notAResponse }
    guard let question = scan.question else { throw .questionCount(scan.questionCount) }
    var result = RewrittenAnswer(question: question, flags: scan.flags, rcode: scan.rcode)
    let chain = AliasChain(from: question.name, in: scan.records)
    setNegative(&result, scan: scan, chain: chain)
    scan.records.removeAll { !isKept($0, question: question) }
    do throws(WireError) {
      try emit(scan.records, of: response, into: &result)
    } catch {
      throw .malformed(error)
    }
    let limit = limit(for: question)
    guard result.octets.count <= limit else {
      throw .tooLarge(octets: result.octets.count, limit: limit)
    }
    return result
  }

  /// RFC 4035 §3.2.1: without DO, DNSSEC records are left out unless the question asks for them.
  private func isKept(_ record: ResponseScan.Record, question: Question) -> Bool {
    switch record.type {
    case .opt, .tsig, .tkey:
      return false  // They belong to one hop (RFC 6891 §6.1.1, RFC 8945 §5).
    case .rrsig, .nsec, .nsec3, .ds:
      guard !keepDNSSEC else { return true }
      let asked = question.type == record.type || question.type == .any
      return asked && record.section == .answer
    default:
      return true
    }
  }

  private func setNegative(
    _ result: inout RewrittenAnswer, scan: ResponseScan, chain: AliasChain
  ) {
    let question = result.question
    let exists = scan.records.contains { record in
      record.section == .answer && chain.names.contains(record.owner)
        && (record.type == question.type || question.type == .any)
    }
    result.isNegative = scan.rcode == .nameError || (scan.rcode == .noError && !exists)
    guard result.isNegative else { return }
    let soa = scan.records.first { record in
      record.section == .authority && record.type == .soa
        && chain.lastName.isEqualOrBelow(record.owner)
    }
    guard let soa, let minimum = soa.soaMinimum else { return }
    result.negativeTTL = min(Self.effectiveTTL(soa.ttl), Self.effectiveTTL(minimum))
  }

  /// The whole message must fit its 16 bits of length.
  private func limit(for question: Question) -> Int {
    min(maximumOctets, Limits.messageOctets - Self.origin(question))
  }

  private static func origin(_ question: Question) -> Int {
    Limits.headerOctets + question.name.wire.count + 4
  }

  private static func effectiveTTL(_ ttl: UInt32) -> UInt32 { ttl > largestTTL ? 0 : ttl }
}

// MARK: - Writing

extension MessageRewriter {
  private func emit(
    _ records: [ResponseScan.Record], of response: Span<UInt8>,
    into result: inout RewrittenAnswer
  ) throws(WireError) {
    let question = result.question
    var writer = CompressingWriter(origin: Self.origin(question))
    writer.addTarget(question.name, at: Limits.headerOctets)
    let chain = AliasChain(from: question.name, in: records)

    var written = 0
    for step in chain.steps {
      for index in step.recordIndices {
        try write(records[index], of: response, with: &writer, into: &result)
      }
      written += step.recordIndices.count
      result.chain.append(
        .init(
          target: step.target, end: UInt16(clamping: writer.count),
          recordCount: UInt16(clamping: written)))
    }
    for (index, record) in records.enumerated()
    where record.section == .answer && !chain.used.contains(index) {
      try write(record, of: response, with: &writer, into: &result)
      written += 1
    }
    result.answerCount = UInt16(clamping: written)
    result.answerEnd = UInt16(clamping: writer.count)
    result.authorityCount = try writeSection(
      .authority, records, of: response, with: &writer, into: &result,
      droppable: !result.isNegative)
    result.authorityEnd = UInt16(clamping: writer.count)
    result.additionalCount = try writeSection(
      .additional, records, of: response, with: &writer, into: &result, droppable: true)
    result.octets = writer.octets
  }

  /// Writes one section; one that may be left out is, if it does not fit.
  private func writeSection(
    _ section: ResponseScan.Section, _ records: [ResponseScan.Record], of response: Span<UInt8>,
    with writer: inout CompressingWriter, into result: inout RewrittenAnswer, droppable: Bool
  ) throws(WireError) -> UInt16 {
    let start = writer.count
    let before = (offsets: result.ttlOffsets.count, minimum: result.minimumTTL)
    var count: UInt16 = 0
    for record in records where record.section == section {
      try write(record, of: response, with: &writer, into: &result)
      count += 1
    }
    guard droppable, writer.count > limit(for: result.question), count > 0 else { return count }
    writer.rewind(to: start)
    result.ttlOffsets.removeSubrange(before.offsets...)
    result.minimumTTL = before.minimum
    return 0
  }

  private func write(
    _ record: ResponseScan.Record, of response: Span<UInt8>,
    with writer: inout CompressingWriter, into result: inout RewrittenAnswer
  ) throws(WireError) {
    writer.appendCompressed(record.owner)
    writer.append16(record.type.rawValue)
    writer.append16(record.rrClass.rawValue)
    let ttl = Self.effectiveTTL(record.ttl)
    // Clamped only for an answer above 65,535 octets, which is refused in the end.
    result.ttlOffsets.append(UInt16(clamping: writer.count))
    result.minimumTTL = min(result.minimumTTL ?? ttl, ttl)
    writer.append32(ttl)
    let lengthOffset = writer.count
    writer.append16(0)
    var reader = WireReader(
      response.extracting(0..<record.rdata.upperBound), at: record.rdata.lowerBound)
    try RDataLayout.copy(record.type, from: &reader, to: &writer, compress: true)
    let length = writer.count - lengthOffset - 2
    guard let length = UInt16(exactly: length) else {
      throw WireError(.badValue, at: record.rdata.lowerBound)
    }
    writer.patch16(length, at: lengthOffset)
  }
}
