import AbuseControl
import Addressing
import AnswerCache
import DNSServer
import DNSWire

/// Limits on queries, responses and recursion (docs/abuse-control.md).
extension QueryPipeline {
  // MARK: - Queries

  /// Turns away a query over its client's rate; nil for all others.
  func limitQuery(_ packet: Span<UInt8>, _ reply: inout WireWriter) -> HandlerOutcome? {
    guard view.limitsQueries, let effect = view.excess(of: client, shared.abuse, at: now) else {
      return nil
    }
    switch effect {
    case .drop:
      counters.limits.count(.queryDropped)
      return .drop
    case .refuse:
      counters.limits.count(.queryRefused)
      return refuse(.refused, .prohibited, packet, &reply)
    }
  }

  // MARK: - Responses

  /// Holds back a response over its rate; only UDP can carry forged addresses.
  @inline(__always)
  func limited(
    _ outcome: HandlerOutcome, _ packet: Span<UInt8>, _ reply: inout WireWriter
  ) -> HandlerOutcome {
    guard view.limitsResponses, outcome == .reply, client.transport.isUDP, !client.isVerified
    else { return outcome }
    return limitResponse(packet, &reply)
  }

  @inline(never)
  private func limitResponse(
    _ packet: Span<UInt8>, _ reply: inout WireWriter
  ) -> HandlerOutcome {
    let (category, subject) = reply.withWritten { classify($0) }
    let verdict = shared.abuse.judge(
      category, subject: subject, view.parts.responses, to: client.remote.address, at: now)
    guard verdict != .within else { return .reply }
    guard !view.parts.responses.isTrial else {
      counters.limits.count(.responseTrial)
      return .reply
    }
    guard verdict == .slipped else {
      counters.limits.count(.responseDropped)
      return .drop
    }
    counters.limits.count(.responseSlipped)
    // An error says no more with TC=1 than without; it is let through, as BIND does.
    guard category != .error else { return .reply }
    return truncate(begin(packet, &reply), &reply)
  }

  /// An empty answer that asks the client to come back over TCP.
  func truncate(_ limit: Int, _ reply: inout WireWriter) -> HandlerOutcome {
    var traits = ReplyTraits()
    traits.isTruncated = true
    traits.recursionAvailable = view.offersRecursion(to: client)
    return finish(traits, limit, &reply)
  }

  /// What the response is, and a hash of what it shares its limit with.
  private func classify(_ message: Span<UInt8>) -> (ResponseLimits.Category, UInt64) {
    guard request.questionEnd > 0, message.count >= Limits.headerOctets else { return (.error, 0) }
    let flags = HeaderFlags(rawValue: message.word(at: 2))
    let rcode = message.word(at: 2) & 0xF
    if rcode == ResponseCode.nameError.rawValue { return (.nxdomain, deniedZone(message)) }
    guard rcode == ResponseCode.noError.rawValue else { return (.error, 0) }
    if message.word(at: 6) > 0 || flags.contains(.truncated) {
      let name = SipHash.hash(
        request.qname.canonicalBytes, from: subjectOffset, key: shared.abuse.nameKey)
      return (.answer, name.low ^ UInt64(request.qtype.rawValue))
    }
    return (.nodata, deniedZone(message))
  }

  /// Hash of the zone whose SOA record stands in the authority section; without one, of the name.
  private func deniedZone(_ message: Span<UInt8>) -> UInt64 {
    let key = shared.abuse.nameKey
    var reader = WireReader(message, at: request.questionEnd)
    let (answers, authorities) = (Int(message.word(at: 6)), Int(message.word(at: 8)))
    for index in 0..<(answers + authorities) {
      let start = reader.offset
      guard let type = Self.skipRecord(&reader) else { break }
      guard index >= answers, type == .soa else { continue }
      guard (try? linkName.load(from: message, at: start, allowCompression: true)) != nil else {
        break
      }
      return SipHash.hash(linkName.canonicalBytes, key: key).low
    }
    return SipHash.hash(request.qname.canonicalBytes, from: subjectOffset, key: key).low
  }

  /// Moves past a record; its type, nil when the message ends.
  private static func skipRecord(_ reader: inout WireReader) -> RRType? {
    do throws(WireError) {
      try reader.skipName()
      let type = RRType(rawValue: try reader.readUInt16())
      try reader.skip(6)
      try reader.skip(Int(reader.readUInt16()))
      return type
    } catch {
      return nil
    }
  }

  // MARK: - Recursion

  func admitToRecursion(
    _ name: borrowing NameBuffer, _ key: AnswerKey
  ) -> Result<RecursionAdmission, RecursionRefusal> {
    let rules = state.recursionRules
    switch shared.abuse.admit(
      name, nameHash: key.nameHash, from: client.remote.address, rules, at: now)
    {
    case .success(let ticket):
      return .success(RecursionAdmission(ticket: ticket, failures: rules.limits.failures))
    case .failure(let reason): return .failure(reason)
    }
  }

  func refuseRecursion(
    _ reason: RecursionRefusal, _ packet: Span<UInt8>, _ reply: inout WireWriter
  ) -> HandlerOutcome {
    let text: [UInt8]
    switch reason {
    case .client:
      counters.limits.count(.clientOutstanding)
      text = Self.clientText
    case .zone:
      counters.limits.count(.zoneOutstanding)
      text = Self.zoneText
    case .randomSubdomains:
      counters.limits.count(.randomSubdomain)
      text = Self.randomText
    }
    let limit = begin(packet, &reply)
    var traits = ReplyTraits()
    traits.rcode = .serverFailure
    traits.error = .other
    traits.recursionAvailable = true
    return finish(traits, limit, errorText: text, &reply)
  }

  private static let clientText = Array("too many of your queries are being resolved".utf8)
  private static let zoneText = Array("too many queries for this zone are being resolved".utf8)
  private static let randomText = Array("too many names of this zone fail to resolve".utf8)
}
