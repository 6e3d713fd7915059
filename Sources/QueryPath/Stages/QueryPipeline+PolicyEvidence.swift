import Addressing
import AnswerCache
import DNSServer
import DNSWire
import Recursion
import ResponsePolicy

/// What rules about the answer look at: the addresses in it, and the servers it came from.
extension QueryPipeline {
  /// Collects the addresses in the answer section that stands in `reply`: of A and AAAA records, and
  /// the hints of SVCB and HTTPS records (RFC 9460 §7.3), by which rules would be evaded.
  func collectAddresses(_ reply: inout WireWriter) {
    answerAddresses.removeAll(keepingCapacity: true)
    reply.withWritten { message in
      var reader = WireReader(message, at: request.questionEnd)
      for _ in 0..<info.answerCount {
        do throws(WireError) {
          try collectAddress(&reader)
        } catch {
          return
        }
      }
    }
  }

  private func collectAddress(_ reader: inout WireReader) throws(WireError) {
    try reader.skipName()
    let type = RRType(rawValue: try reader.readUInt16())
    try reader.skip(6)
    let length = Int(try reader.readUInt16())
    let start = reader.offset
    try reader.skip(length)
    switch type {
    case .a where length == 4: answerAddresses.append(Self.ipv4(reader.bytes, start))
    case .aaaa where length == 16: answerAddresses.append(Self.ipv6(reader.bytes, start))
    case .svcb, .https:
      var inner = WireReader(reader.bytes.extracting(0..<(start + length)), at: start)
      try inner.skip(2)
      try inner.skipName()
      try collectHints(&inner)
    default: break
    }
  }

  private func collectHints(_ reader: inout WireReader) throws(WireError) {
    while reader.remaining > 0 {
      let key = try reader.readUInt16()
      let length = Int(try reader.readUInt16())
      let start = reader.offset
      try reader.skip(length)
      // RFC 9460 §14.3.2: 4 is ipv4hint, 6 is ipv6hint.
      let size = key == 4 ? 4 : key == 6 ? 16 : 0
      guard size > 0 else { continue }
      var at = start
      while at + size <= start + length {
        answerAddresses.append(
          size == 4 ? Self.ipv4(reader.bytes, at) : Self.ipv6(reader.bytes, at))
        at += size
      }
    }
  }

  private static func ipv4(_ octets: Span<UInt8>, _ at: Int) -> IPAddress {
    var bits: UInt32 = 0
    for index in at..<(at + 4) { bits = bits << 8 | UInt32(octets[index]) }
    return IPAddress(ipv4: bits)
  }

  private static func ipv6(_ octets: Span<UInt8>, _ at: Int) -> IPAddress {
    var high: UInt64 = 0
    var low: UInt64 = 0
    for index in at..<(at + 8) { high = high << 8 | UInt64(octets[index]) }
    for index in (at + 8)..<(at + 16) { low = low << 8 | UInt64(octets[index]) }
    return IPAddress(high: high, low: low)
  }

  /// Looks the servers up of names in the answer that nothing is known of; nil when all is known,
  /// or nothing can be found out: no rule about servers matches then.
  func awaitServers(
    _ stage: PolicyStage, _ packet: Span<UInt8>, _ reply: inout WireWriter,
    _ sink: any ReplySink, _ pending: PendingQuery?
  ) -> HandlerOutcome? {
    guard let path = pending?.path ?? shared.recursion, pending?.hasServers != true
    else { return nil }
    let names = unknownServers(stage, &reply)
    guard !names.isEmpty else { return nil }
    let end = request.questionEnd
    let octets = reply.withWritten { message in (end..<message.count).map { message[$0] } }
    let entry = AnswerCache.Entry(octets: octets, ttlOffsets: [], info: info, timeToLive: 0)
    let key = shared.cache.key(
      request.qname.canonicalBytes, qtype: request.qtype, qclass: request.qclass,
      dnssecOK: request.edns?.dnssecOK ?? false,
      checkingDisabled: request.flags.contains(.checkingDisabled))
    let waiting = PendingQuery(
      packet: packet, client: client, sink: sink, at: now, key: key,
      traits: answerTraits(path.recursor), path: path, hasServers: true)
    let lookup = ServerLookup(
      names, facts: stage.facts, recursor: path.recursor, cache: shared.cache,
      wantsAddresses: stage.policy.needsServerAddresses
    ) {
      waiting.finish(with: entry, at: UTCClock.microseconds())
    }
    return lookup.start() ? .pending : nil
  }

  private func unknownServers(
    _ stage: PolicyStage, _ reply: inout WireWriter
  ) -> [(name: Name, hash: SipHash.Value)] {
    let seconds = now / 1_000_000
    var names: [(name: Name, hash: SipHash.Value)] = []
    let hash = stage.facts.hash(request.qname)
    if stage.facts.facts(hash, at: seconds) == nil { names.append((Name(request.qname), hash)) }
    for index in 0..<info.chainCount {
      let target = request.questionEnd + Int(info.chain[index].target)
      let isRead = reply.withWritten { message in
        (try? linkName.load(from: message, at: target, allowCompression: true)) != nil
      }
      guard isRead else { continue }
      let hash = stage.facts.hash(linkName)
      if stage.facts.facts(hash, at: seconds) == nil { names.append((Name(linkName), hash)) }
    }
    return names
  }
}
